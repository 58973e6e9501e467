import { expect, test } from 'vitest';
import { relive, type History } from './history';
import { PASTS } from './pasts';

const files = import.meta.glob<History>('./histories/*.json', { import: 'default', eager: true });
const histories = Object.entries(files).map(
  ([path, history]) => [/([^/]+)\.json$/.exec(path)?.[1] ?? '', history] as const
);

test.each(histories)(
  '%s: the engine of today makes of a recorded past what the engine of then did',
  async (_, history) => {
    expect(await relive(history)).toEqual(history.outcome);
  }
);

test('each past that is told has been recorded', () => {
  expect(histories.map(([name]) => name)).toEqual(expect.arrayContaining(Object.keys(PASTS)));
});

test('a history bites: another reason, or another instant, is another outcome', async () => {
  const [, history] = histories.find(([name]) => name === 'welcome')!;
  const later = history.happenings.map((one) => ({ ...one, at: one.at + 1 }));
  expect(await relive({ ...history, happenings: later })).not.toEqual(history.outcome);
});
