import { describe, expect, test } from 'vitest';
import { asciiTag, mailbox } from './email-parts';

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
