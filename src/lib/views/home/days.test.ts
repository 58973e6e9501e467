import { expect, test } from 'vitest';
import { lastDays, openRate } from './days';

const now = Date.UTC(2026, 9, 26, 9);

test('days are those of the time zone, even where one has 25 hours', () => {
  const sent = [
    { at: Date.UTC(2026, 9, 24, 22, 30), messageId: 'a' },
    { at: Date.UTC(2026, 9, 25, 22, 30), messageId: 'b' },
    { at: Date.UTC(2026, 9, 25, 23, 30), messageId: 'c' },
    { at: Date.UTC(2026, 8, 1), messageId: 'old' }
  ];
  expect(lastDays(sent, new Set(['b']), { count: 3, now, timeZone: 'Europe/Paris' })).toEqual([
    { date: '2026-10-24', sent: 0, opened: 0 },
    { date: '2026-10-25', sent: 2, opened: 1 },
    { date: '2026-10-26', sent: 1, opened: 0 }
  ]);
});

test('nothing sent has no rate', () => {
  expect(openRate([], new Set())).toBeNull();
  expect(
    openRate(
      [
        { at: now, messageId: 'a' },
        { at: now, messageId: undefined }
      ],
      new Set(['a'])
    )
  ).toBe(0.5);
});
