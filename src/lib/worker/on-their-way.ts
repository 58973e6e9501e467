import { remove, update, type Change } from '$lib/core/changes';
import type { ProviderDefinition } from '$lib/core/providers';
import type { Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import { namedBy, type OutboxRow } from '$lib/core/rows/messages';
import { NEVER, nextLookUp } from '$lib/engine/sending';
import type { Reader } from '$lib/storage/port';

/** Rows of the outbox that an intent names, and when they were marked. Nobody but the dispatcher changes such a row. */
export type OnTheirWay = ReadonlyMap<Id, Instant>;

export async function onTheirWay(reader: Reader): Promise<OnTheirWay> {
  const intents = await reader.query('intents', {});
  return new Map(intents.flatMap(({ at, outboxIds }) => outboxIds.map((id) => [id, at] as const)));
}

/** Whether the row still waits, and is in nobody's hands. */
export function isQueued({ id, status }: OutboxRow, away: OnTheirWay): boolean {
  return status === 'queued' && !away.has(id);
}

/** What a mark makes of its row once it is known that the call was made, or may have been. */
export function attemptAt({ attempts, firstAttemptAt }: OutboxRow, at: Instant) {
  return { attempts: attempts + 1, firstAttemptAt: firstAttemptAt ?? at, lastAttemptAt: at };
}

/** What the row remembers of an attempt that may have been accepted. */
export function inDoubt({ doubtSince, lastAttemptAt }: Pick<OutboxRow, 'doubtSince' | 'lastAttemptAt'>, now: Instant) {
  return { doubtSince: doubtSince ?? lastAttemptAt ?? now };
}

/** When the provider is first asked whether it has an uncertain row: never, where it cannot be. */
export function lookedUpFrom(provider: ProviderDefinition | undefined, now: Instant): Pick<OutboxRow, 'dueAt'> {
  return { dueAt: provider?.lookUp ? nextLookUp(0, now) : NEVER };
}

/** Takes rows out of their intents; one without any is gone. */
export async function arrived(
  reader: Reader,
  calls: readonly { readonly intentId: Id; readonly row: Pick<OutboxRow, 'id'> }[]
): Promise<Change[]> {
  const answered = new Map<Id, Set<Id>>();
  for (const { intentId, row } of calls) {
    const ids = answered.get(intentId);
    if (ids) ids.add(row.id);
    else answered.set(intentId, new Set([row.id]));
  }
  const intents = await reader.getMany('intents', [...answered.keys()]);
  return intents.flatMap((intent): Change[] => {
    if (!intent) return [];
    const { id } = intent;
    const left = namedBy(intent, (outboxId) => answered.get(id)?.has(outboxId) !== true);
    return [left.outboxIds.length === 0 ? remove('intents', id) : update('intents', id, left)];
  });
}
