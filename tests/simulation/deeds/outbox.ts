import type { Doing, World } from './deed';

/** The user's word on messages that failed, or of which nobody knows. */
export function outboxWord({ simulation, random }: World): Doing | null {
  const rows = simulation.mirror
    .all('outbox')
    .filter(({ status }) => status === 'failed' || status === 'uncertain' || status === 'queued');
  if (rows.length === 0) return null;
  const { id } = random.pick(rows);
  const word = random.pick(['retry', 'cancel', 'confirmSent'] as const);
  return { label: `${word} ${id}`, work: (edits) => edits.outbox[word]([id]) };
}

export function resumedAccount({ simulation, random }: World): Doing | null {
  const paused = simulation.mirror.all('accounts').filter((account) => account.paused !== undefined);
  if (paused.length === 0) return null;
  const { id } = random.pick(paused);
  return { label: `resumes the account ${id}`, work: (edits) => edits.accounts.resume(id) };
}
