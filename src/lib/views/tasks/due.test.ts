import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '$lib/core/instants';
import { tomorrowMorning, whenDue } from './due';

const NOON = new Date(2027, 0, 5, 12).getTime();

describe('an open task', () => {
  it.each([
    ['overdue', NOON - 1],
    ['today', NOON + HOUR],
    ['today', new Date(2027, 0, 5, 23, 59).getTime()],
    ['later', new Date(2027, 0, 6).getTime()],
    ['later', NOON + 30 * DAY],
    ['undated', undefined]
  ])('is %s', (when, dueAt) => {
    expect(whenDue(dueAt === undefined ? {} : { dueAt }, NOON)).toBe(when);
  });

  it('starts with nine o’clock tomorrow', () => {
    expect(tomorrowMorning(NOON)).toBe(new Date(2027, 0, 6, 9).getTime());
  });
});
