import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY } from '$lib/core/instants';
import { deviceOf, isAhead, LARGEST_DRIFT, latest, restamped, stampAt, timeOf, type Stamp } from './clock';

const NOW = Date.UTC(2027, 0, 15);
const device = fc.constantFrom('a', 'b7', 'zz');
const instant = fc.integer({ min: 0, max: NOW * 2 });

test('stamps are ordered as texts, by time first', () => {
  fc.assert(
    fc.property(instant, instant, device, device, (one, other, left, right) => {
      const [a, b] = [stampAt(null, one, left), stampAt(null, other, right)];
      expect([timeOf(a), deviceOf(a)]).toEqual([one, left]);
      if (one !== other) expect(a < b).toBe(one < other);
    })
  );
});

test('what is written with a stamp in sight has a greater one, whatever the clocks say', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(instant, device), { minLength: 2, maxLength: 50 }), (writes) => {
      let greatest: Stamp | null = null;
      for (const [now, by] of writes) {
        const stamp = stampAt(greatest, now, by);
        if (greatest !== null) expect(stamp > greatest).toBe(true);
        expect(timeOf(stamp)).toBeGreaterThanOrEqual(now);
        greatest = latest(stamp, greatest);
      }
    })
  );
});

test('more stamps in a millisecond than it can count go on in the next', () => {
  const full = NOW.toString(36).padStart(9, '0') + 'zzzz' + 'a';
  const next = stampAt(full, NOW, 'a');
  expect([timeOf(next), next > full]).toEqual([NOW + 1, true]);
});

test('a clock that is a year ahead is found out, and what it has not sent is stamped anew, in the same order', () => {
  const ahead = stampAt(null, NOW + 365 * DAY, 'a');
  expect([isAhead(ahead, NOW), isAhead(stampAt(null, NOW + LARGEST_DRIFT, 'a'), NOW)]).toEqual([true, false]);
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: NOW - DAY, max: NOW + 365 * DAY }), { maxLength: 40 }), (times) => {
      const unsent = times.map((time) => stampAt(null, time, 'a'));
      const anew = restamped(unsent, NOW);
      const inOrder = [...unsent].sort().map((stamp) => anew.get(stamp) as Stamp);
      expect(inOrder).toEqual([...new Set(inOrder)].sort());
      for (const [before, after] of anew) {
        expect(isAhead(after, NOW)).toBe(false);
        if (!isAhead(before, NOW)) expect(after).toBe(before);
      }
    })
  );
});
