import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { smsLength, withStop } from './sms';

describe('the length of an SMS', () => {
  test.each([
    ['', 'gsm', 0, 0, 160],
    ['Bonjour Léa', 'gsm', 11, 1, 149],
    ['a'.repeat(160), 'gsm', 160, 1, 0],
    ['a'.repeat(161), 'gsm', 161, 2, 145],
    ['10 €', 'gsm', 5, 1, 155],
    ['€'.repeat(80), 'gsm', 160, 1, 0],
    // An escaped letter is not cut: 76 of them fill 152 of 153 units.
    ['€'.repeat(81), 'gsm', 162, 2, 143],
    ['être', 'unicode', 4, 1, 66],
    ['ê'.repeat(70), 'unicode', 70, 1, 0],
    ['ê'.repeat(71), 'unicode', 71, 2, 63],
    ['🎂', 'unicode', 2, 1, 68]
  ] as const)('%j', (text, encoding, units, segments, left) => {
    expect(smsLength(text)).toEqual({ encoding, units, segments, left });
  });

  test('a longer text never takes fewer messages, unless it goes over to another alphabet', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 500 }), fc.string({ maxLength: 50 }), (text, more) => {
        const [short, long] = [smsLength(text), smsLength(text + more)];
        expect(long.segments).toBeGreaterThanOrEqual(short.segments);
        expect(long.units).toBeGreaterThanOrEqual(short.units);
      })
    );
  });
});

test('a promotional text says how to stop, once', () => {
  expect(withStop('Soldes ! ', 'STOP pour ne plus rien recevoir')).toBe('Soldes !\nSTOP pour ne plus rien recevoir');
  expect(withStop('Soldes. Stop au 36111', 'x')).toBe('Soldes. Stop au 36111');
  expect(withStop('Sans nonstopper', 'STOP')).toBe('Sans nonstopper\nSTOP');
});
