import { describe, expect, it } from 'vitest';
import { attributeKey } from './attribute-key';
import { guessKind } from './guess-kind';
import { toOptions } from './options';

describe('the key of an attribute', () => {
  it('is its name in capitals, without accents', () => {
    expect(attributeKey('Date de naissance', new Set())).toBe('DATE_DE_NAISSANCE');
    expect(attributeKey('Œuvre préférée (2026)', new Set())).toBe('OEUVRE_PREFEREE_2026');
    expect(attributeKey('3e prénom', new Set())).toBe('E_PRENOM');
    expect(attributeKey('日本', new Set())).toBe('ATTRIBUTE');
  });

  it('is parted from those there are by a number', () => {
    expect(attributeKey('Ville', new Set(['VILLE', 'VILLE_2']))).toBe('VILLE_3');
  });
});

describe('the kind of a column', () => {
  it.each([
    [['12/03/1990', '1988-01-02', ''], 'date'],
    [['12', '1 234,5'], 'number'],
    [['oui', 'non'], 'yesNo'],
    [['0', '1'], 'number'],
    [['01000', '75011'], 'text'],
    [['Paris', '12'], 'text'],
    [['', ''], 'text']
  ] as const)('%j is %s', (values, kind) => {
    expect(guessKind(values)).toBe(kind);
  });
});

describe('options typed as lines', () => {
  const before = [
    { id: 'or', name: 'Or' },
    { id: 'argent', name: 'Argent' }
  ];

  it('keep the ids of those that were there, and of one that is renamed in its place', () => {
    expect(toOptions('Argent\nOr\nBronze', before)).toEqual([
      { id: 'argent', name: 'Argent' },
      { id: 'or', name: 'Or' },
      { id: 'bronze', name: 'Bronze' }
    ]);
    expect(toOptions('Or fin\nArgent', before)).toEqual([
      { id: 'or', name: 'Or fin' },
      { id: 'argent', name: 'Argent' }
    ]);
  });

  it('are there once, without empty lines', () => {
    expect(toOptions('\n A \na\n\n', [])).toHaveLength(1);
  });
});
