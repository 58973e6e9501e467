import { describe, expect, test } from 'vitest';
import { frenchProblems, parityProblems, readMessages, textsOf, wronglyListedFiles } from '../../commands/messages.mjs';

const fr = readMessages('fr');
const en = readMessages('en');

describe('the messages', () => {
  test('say the same things in both languages', () => {
    expect(parityProblems({ fr, en })).toEqual([]);
  });

  test('are all compiled', () => {
    expect(wronglyListedFiles()).toEqual([]);
  });

  test('follow French typography', () => {
    const problems = Object.entries(fr).flatMap(([key, message]) =>
      textsOf(message).flatMap((text) => frenchProblems(text).map((problem) => `${key}: ${problem} in: ${text}`))
    );
    expect(problems).toEqual([]);
  });
});

describe('the check of the messages', () => {
  const plural = (texts: Record<string, string>) => [
    {
      declarations: ['input count', 'local countPlural = count: plural'],
      selectors: ['countPlural'],
      match: texts
    }
  ];

  test('finds a key that one language lacks', () => {
    expect(parityProblems({ fr: { a: 'un' }, en: { a: 'one', b: 'two' } })).toEqual(['b is missing in fr']);
  });

  test('finds placeholders that differ, in variants too', () => {
    expect(parityProblems({ fr: { a: '{nom}' }, en: { a: '{name}' } })).toHaveLength(1);
    expect(parityProblems({ fr: { a: '{count} envois' }, en: { a: plural({ 'countPlural=one': 'one' }) } })).toEqual(
      []
    );
    expect(
      parityProblems({ fr: { a: 'envois' }, en: { a: plural({ 'countPlural=one': '{count} of {total}' }) } })
    ).toEqual(['a has other placeholders: fr {}, en {count, total}']);
  });

  test('finds an empty text', () => {
    expect(parityProblems({ fr: { a: ' ' }, en: { a: 'one' } })).toEqual(['a is empty in fr']);
  });

  test.each(["l'envoi", 'le "test"', 'Vraiment ?', 'Nom:', 'Attention!', 'un ; deux', '« mot »', '«\u00a0mot »'])(
    'refuses %j',
    (text) => {
      expect(frenchProblems(text)).toHaveLength(1);
    }
  );

  test.each([
    'l’envoi',
    'Vraiment\u202f?',
    'Vraiment\u00a0?!',
    'Nom\u00a0:',
    'à 10:30',
    'https://exemple.fr/?a=1',
    '«\u00a0mot\u00a0»',
    '«\u202fVraiment\u202f?\u202f»',
    '{prenom}, (!)'
  ])('accepts %j', (text) => {
    expect(frenchProblems(text)).toEqual([]);
  });
});
