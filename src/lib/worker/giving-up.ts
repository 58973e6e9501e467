import { update, type Change } from '$lib/core/changes';
import type { Instant } from '$lib/core/instants';
import type { OutboxRow } from '$lib/core/rows/messages';
import type { WorkspaceView } from '$lib/core/tables';
import { words } from '$lib/core/words';
import { withoutContent } from './content';
import { lookedUpFrom } from './on-their-way';
import type { Parts } from './parts';
import { routeOf } from './routes';

/** Whether the provider may have taken the row at an earlier try: then nobody may say that it was not sent. */
export function isInDoubt({ doubtSince }: Pick<OutboxRow, 'doubtSince'>): boolean {
  return doubtSince !== undefined;
}

/** The row is not tried again, and it is not known whether an earlier try has arrived: the provider is asked, or the user says. */
export function becomesUncertain(
  row: OutboxRow,
  view: WorkspaceView,
  { providers }: Pick<Parts, 'providers'>,
  now: Instant
): Change {
  const reason = words('words.outbox.cut_off');
  const { dueAt } = lookedUpFrom(routeOf(row, view, providers)?.provider, now);
  return update('outbox', row.id, { status: 'uncertain', reason, dueAt });
}

/** A queued row whose journey has gone on without it. */
export function givenUp(row: OutboxRow, view: WorkspaceView, parts: Pick<Parts, 'providers'>, now: Instant): Change {
  if (isInDoubt(row)) return becomesUncertain(row, view, parts, now);
  return update('outbox', row.id, { status: 'cancelled', ...withoutContent(row) });
}
