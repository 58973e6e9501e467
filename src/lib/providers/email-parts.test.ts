import { describe, expect, test } from 'vitest';
import { asciiTag, encodedMailbox, mailbox } from './email-parts';

describe('a mailbox', () => {
  test.each([
    [{ email: 'a@b.fr' }, 'a@b.fr'],
    [{ name: ' ', email: 'a@b.fr' }, 'a@b.fr'],
    [{ name: 'Léa d’Été', email: 'a@b.fr' }, 'Léa d’Été <a@b.fr>'],
    [{ name: 'Léa, de l’Atelier', email: 'a@b.fr' }, '"Léa, de l’Atelier" <a@b.fr>'],
    [{ name: 'Léa "Lulu" \\', email: 'a@b.fr' }, '"Léa \\"Lulu\\" \\\\" <a@b.fr>'],
    [{ name: 'Léa\r\nBcc: x@y.fr', email: 'a@b.fr' }, '"Léa Bcc: x@y.fr" <a@b.fr>'],
    [{ name: 'Fête 🎉', email: 'a@b.fr' }, '"Fête 🎉" <a@b.fr>']
  ])('of %j', (person, written) => {
    expect(mailbox(person)).toBe(written);
  });
});

test('a tag for those that take ASCII only', () => {
  expect(asciiTag('Été & soldes', 128)).toBe('Ete-soldes');
  expect(asciiTag('Été', 1)).toBe('E');
  expect([asciiTag('🎉', 128), asciiTag(undefined, 128)]).toEqual([undefined, undefined]);
});

describe('a mailbox in ASCII', () => {
  test('keeps a plain name as it is', () => {
    expect(encodedMailbox({ name: 'Camille', email: 'a@b.fr' })).toBe('Camille <a@b.fr>');
    expect(encodedMailbox({ email: 'a@b.fr' })).toBe('a@b.fr');
  });

  test('writes any other name as encoded words that are short and hold whole signs', () => {
    const name = 'Fête 🎉 '.repeat(12).trim();
    const written = encodedMailbox({ name, email: 'a@b.fr' });
    const words = written.replace(' <a@b.fr>', '').split(' ');
    expect(words.length).toBeGreaterThan(1);
    for (const word of words) expect(word).toMatch(/^=\?UTF-8\?B\?[\w+/]+=*\?=$/);
    expect(Math.max(...words.map((word) => word.length))).toBeLessThanOrEqual(75);
    const texts = words.map((word) => Buffer.from(word.slice(10, -2), 'base64').toString('utf8'));
    expect(texts.join('')).toBe(name);
    expect(texts.join('')).not.toContain('\ufffd');
  });
});
