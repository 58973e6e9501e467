import { expect, test, vi } from 'vitest';
import type { OutboundRequest } from '$lib/core/rows/messages';
import type { Fetch } from '$lib/core/fetch';
import { initialValues } from '$lib/core/fields';
import { providers } from '$lib/providers/registry';
import { callsOf, type AddressOf, type Call, type Reply } from './calls';
import { partsOf, type Parts } from './parts';

/** When everything is sent: signatures hold the time. */
export const NOW = Date.UTC(2027, 0, 5, 8);
/** Under what the outbox sends it. */
export const KEY = 'j1:s1:1';

/** One message, sent by the vendor's own SDK and by our adapter. */
export interface Oracle {
  readonly provider: string;
  /** The package that is asked. */
  readonly sdk: string;
  /** What this message is there to show. */
  readonly title?: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly request: OutboundRequest;
  readonly reply: Reply;
  /** Sends the same by the SDK. */
  readonly send: (addressOf: AddressOf) => Promise<unknown>;
  /** What the SDK asks before, and gets for an answer, by its path. */
  readonly before?: Readonly<Record<string, Reply>>;
  /**
   * Places where both may differ, and why: what stands at a place is the reason. A place that ends in `*` stands for all that begin
   * with it. One that does not differ any more has to go.
   */
  readonly differences?: Readonly<Record<string, string>>;
}

/** Compares the two calls place by place. */
export function agree(oracle: Oracle): void {
  const { provider, sdk, title = 'the same message', differences = {} } = oracle;
  test(`${provider} and ${sdk}: ${title}`, async () => {
    const theirs = await partsOf(only(await bySdk(oracle)));
    const ours = await partsOf(only(await byAdapter(oracle)));
    const found = differencesOf(theirs, ours);
    const isNamed = (place: string): boolean => Object.keys(differences).some((name) => covers(name, place));
    const unnamed = found.filter(({ place }) => !isNamed(place));
    expect(unnamed, 'differences that have no name').toEqual([]);
    const stale = Object.keys(differences).filter((name) => !found.some(({ place }) => covers(name, place)));
    expect(stale, 'named differences that are none').toEqual([]);
  });
}

/** The call that the SDK makes. */
async function bySdk({ send, reply, before = {} }: Oracle): Promise<Call[]> {
  const calls = await at(NOW, () => callsOf(send, ({ path }) => before[path] ?? reply));
  return calls.filter(({ path }) => before[path] === undefined);
}

/** The call that our adapter makes, as the worker would have it make it. */
export async function byAdapter({
  provider: id,
  fields,
  request,
  reply
}: Omit<Oracle, 'send' | 'sdk'>): Promise<Call[]> {
  const provider = providers.get(id);
  if (!provider) throw new Error(`no provider ${id}`);
  const fetch: Fetch = (url, init) => globalThis.fetch(url, init as RequestInit);
  const all = { ...initialValues(provider.fields), ...fields };
  return at(NOW, () =>
    callsOf(
      async () => {
        const result = await provider.send({ fields: all, request, key: KEY, fetch, now: NOW });
        expect(result.status).toBe('accepted');
      },
      () => reply
    )
  );
}

async function at<T>(now: number, run: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['Date'], now });
  try {
    return await run();
  } finally {
    vi.useRealTimers();
  }
}

function only(calls: readonly Call[]): Call {
  expect(calls).toHaveLength(1);
  return calls[0]!;
}

function differencesOf(theirs: Parts, ours: Parts): { place: string; theirs?: string; ours?: string }[] {
  const places = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])].sort();
  return places
    .filter((place) => theirs[place] !== ours[place])
    .map((place) => ({
      place,
      ...(theirs[place] === undefined ? {} : { theirs: theirs[place] }),
      ...(ours[place] === undefined ? {} : { ours: ours[place] })
    }));
}

function covers(name: string, place: string): boolean {
  return name.endsWith('*') ? place.startsWith(name.slice(0, -1)) : name === place;
}
