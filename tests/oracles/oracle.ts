import { expect, test, vi } from 'vitest';
import type { OutboundRequest } from '$lib/core/rows/messages';
import type { Fetch } from '$lib/core/fetch';
import { initialValues } from '$lib/core/fields';
import { providers } from '$lib/providers/registry';
import { callsOf, type AddressOf, type Call, type Reply } from './calls';
import { partsOf, type Parts } from './parts';

/** When everything is sent: signatures hold the time. */
export const NOW = Date.UTC(2027, 0, 5, 8);
/** When what is to leave later leaves: within what every provider takes. */
export const LEAVES = NOW + 26 * 3_600_000 + 1_000;
/** Under what the outbox sends it. */
export const KEY = 'j1:s1:1';

/** What the vendor's own SDK and our adapter both ask of a provider. */
interface Asked {
  readonly provider: string;
  /** The package that is asked. */
  readonly sdk: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly reply: Reply;
  /** Asks the same by the SDK. */
  readonly send: (addressOf: AddressOf) => Promise<unknown>;
  /** What the SDK asks before, and gets for an answer, by its path. */
  readonly before?: Readonly<Record<string, Reply>>;
  /**
   * Places where both may differ, and why: what stands at a place is the reason. A place that ends in `*` stands for all that begin
   * with it. One that does not differ any more has to go.
   */
  readonly differences?: Readonly<Record<string, string>>;
}

/** One message, sent by the vendor's own SDK and by our adapter. */
export interface Oracle extends Asked {
  /** What this message is there to show. */
  readonly title?: string;
  readonly request: OutboundRequest;
  /** Others that leave in the same call. */
  readonly others?: readonly OutboundRequest[];
  /** Handed over ahead, it leaves then. */
  readonly leavesAt?: number;
}

/** Compares the two calls place by place. */
export function agree(oracle: Oracle): void {
  const { provider, sdk, others, leavesAt } = oracle;
  const { title = others ? 'several at once' : leavesAt === undefined ? 'the same message' : 'to leave later' } =
    oracle;
  test(`${provider} and ${sdk}: ${title}`, async () => {
    await compare(oracle, only(await byAdapter(oracle)));
  });
}

/** The same of taking a message back that was to leave later: by the id under which it was taken, or by the key. */
export function agreeToTakeBack(oracle: Asked & { readonly messageId: string }): void {
  const { provider, sdk } = oracle;
  test(`${provider} and ${sdk}: taken back`, async () => {
    await compare(oracle, only(await cancelledByAdapter(oracle)));
  });
}

async function compare(asked: Asked, call: Call): Promise<void> {
  const { differences = {} } = asked;
  const found = differencesOf(await partsOf(only(await bySdk(asked))), await partsOf(call));
  const isNamed = (place: string): boolean => Object.keys(differences).some((name) => covers(name, place));
  const unnamed = found.filter(({ place }) => !isNamed(place));
  expect(unnamed, 'differences that have no name').toEqual([]);
  const stale = Object.keys(differences).filter((name) => !found.some(({ place }) => covers(name, place)));
  expect(stale, 'named differences that are none').toEqual([]);
}

/** The call that the SDK makes. */
async function bySdk({ send, reply, before = {} }: Asked): Promise<Call[]> {
  const calls = await at(NOW, () => callsOf(send, ({ path }) => before[path] ?? reply));
  return calls.filter(({ path }) => before[path] === undefined);
}

/** The call that our adapter makes, as the worker would have it make it. */
export async function byAdapter({
  provider: id,
  fields,
  request,
  others,
  reply,
  leavesAt
}: Omit<Oracle, 'send' | 'sdk'>): Promise<Call[]> {
  const provider = providerOf(id);
  const all = { ...initialValues(provider.fields), ...fields };
  return at(NOW, () =>
    callsOf(
      async () => {
        const given = { fields: all, key: KEY, fetch, now: NOW };
        const result =
          others === undefined
            ? await provider.send({ ...given, request, leavesAt })
            : await provider.batches?.send({ ...given, requests: [request, ...others] });
        for (const one of [result].flat()) expect(one).toMatchObject({ status: 'accepted' });
      },
      () => reply
    )
  );
}

async function cancelledByAdapter({
  provider: id,
  fields,
  messageId,
  reply
}: Asked & { readonly messageId: string }): Promise<Call[]> {
  const { ahead, fields: known } = providerOf(id);
  return at(NOW, () =>
    callsOf(
      async () => {
        const result = await ahead?.cancel({
          fields: { ...initialValues(known), ...fields },
          messageId,
          key: KEY,
          fetch
        });
        expect(result?.status).toBe('cancelled');
      },
      () => reply
    )
  );
}

const fetch: Fetch = (url, init) => globalThis.fetch(url, init as RequestInit);

function providerOf(id: string) {
  const provider = providers.get(id);
  if (!provider) throw new Error(`no provider ${id}`);
  return provider;
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
