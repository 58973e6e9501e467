import type { ProviderDefinition } from '$lib/core/providers';
import { ok } from '$lib/core/result';
import type { Instant } from '$lib/core/instants';
import { words } from '$lib/core/words';
import type { MemoryStorage } from '$lib/storage/memory';
import type { Parts } from '../parts';

/** A clock that stands still until it is set. */
export class VirtualClock {
  constructor(private at: Instant) {}

  get now(): Instant {
    return this.at;
  }

  /** Time does not run backwards. */
  set(at: Instant): void {
    this.at = Math.max(this.at, at);
  }
}

/**
 * What the engine runs on in a simulation: memory, a clock that is set, ids that are counted, providers that take every message and
 * send none, no sources, no secrets. There is no network to reach.
 */
export function virtualParts(
  real: Pick<Parts, 'catalogue' | 'providers' | 'render' | 'pageTexts' | 'confirmationTexts'>,
  storage: MemoryStorage,
  clock: VirtualClock
): Parts {
  let ids = 0;
  const { catalogue, providers, render, pageTexts, confirmationTexts } = real;
  return {
    storage,
    catalogue,
    render,
    pageTexts,
    confirmationTexts,
    providers: new Map([...providers].map(([id, provider]) => [id, accepting(provider)])),
    sources: new Map(),
    fetch: () => Promise.reject(new Error('a simulation has no network')),
    now: () => clock.now,
    // Whoever runs the simulation looks when something is due: no timer ever ends.
    timers: { after: () => () => undefined },
    newId: () => `simulated-${String(++ids).padStart(8, '0')}`,
    isOnline: () => true,
    openSecret: () => Promise.resolve(null)
  };
}

/** Takes every message at once, and keeps its content so that it can be shown. */
function accepting(provider: ProviderDefinition): ProviderDefinition {
  return {
    ...provider,
    fields: {},
    concurrency: Number.POSITIVE_INFINITY,
    keepsContent: true,
    send: ({ key }) => Promise.resolve({ status: 'accepted', messageId: `<${encodeURIComponent(key)}@simulated>` }),
    test: () => Promise.resolve(ok(words('words.provider.sandbox_works')))
  };
}
