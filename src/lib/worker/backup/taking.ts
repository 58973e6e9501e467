import type { Enrolment, Automation } from '$lib/core/rows/automations';
import type { Contact } from '$lib/core/rows/contacts';
import type { Form } from '$lib/core/rows/forms';
import type { OutboxRow } from '$lib/core/rows/messages';
import type { Instant } from '$lib/core/instants';
import type { Id } from '$lib/core/ids';
import type { Key, Tables } from '$lib/core/tables';
import { words } from '$lib/core/words';
import type { FileTable } from '$lib/core/workspace-file';
import { aheadId, withoutAhead } from '$lib/engine/ahead';
import { isDerivedKey, isSent } from '$lib/sync/synced';
import { isFurther, isOnItsWay } from '../syncing/rivals';

/** What is known here that the rows of a file depend on. */
export interface Beside {
  readonly now: Instant;
  readonly enrolment: (id: Id) => Enrolment | undefined;
  readonly isRunning: (automationId: Id) => boolean;
}

/** What follows from other rows, is of one device alone, or is made anew by the engine. */
const NOT_TAKEN: ReadonlySet<FileTable> = new Set<FileTable>(['checks']);

/** Whether a merge looks at this row of a file at all. */
export function isTaken(table: FileTable, key: Key): boolean {
  return isSent(table) && !NOT_TAKEN.has(table) && !isDerivedKey(table, key);
}

/**
 * The row as a merge makes it, from the file's and the one that is here; null where that stays as it is. Of what both know when it was
 * changed, the later one is taken; of all else, what is here stays. Nothing of the file begins to run here, or leaves.
 */
export function taken<T extends FileTable>(
  table: T,
  here: Tables[T] | undefined,
  theirs: Tables[T],
  beside: Beside
): Tables[T] | null {
  const special = SPECIAL[table];
  if (special !== undefined) return special(here, theirs, beside);
  return here === undefined || isNewer(here, theirs) ? theirs : null;
}

type Taking<T extends FileTable> = (here: Tables[T] | undefined, theirs: Tables[T], beside: Beside) => Tables[T] | null;

const SPECIAL: { readonly [T in FileTable]?: Taking<T> } = {
  contacts: takenContact,
  forms: takenForm,
  automations: takenAutomation,
  enrolments: takenEnrolment,
  journal: (here, theirs, { enrolment }) =>
    here === undefined && theirs.seq < (enrolment(theirs.enrolmentId)?.seq ?? Infinity) ? theirs : null,
  outbox: takenMessage
};

function isNewer(here: object, theirs: object): boolean {
  const before = (here as { updatedAt?: Instant }).updatedAt;
  const after = (theirs as { updatedAt?: Instant }).updatedAt;
  return before !== undefined && after !== undefined && after > before;
}

/** Who is on the way to being erased, or has become one with somebody, stays so. Whom the file has united is united anew, by what is here. */
function takenContact(here: Contact | undefined, theirs: Contact): Contact | null {
  if (here === undefined) return theirs;
  if (here.mergedInto !== undefined || here.hiddenAt !== undefined || !isNewer(here, theirs)) return null;
  const { mergedInto: _, ...rest } = theirs;
  return rest;
}

/** What everybody can fill in is so by the word of whoever is here. */
function takenForm(here: Form | undefined, theirs: Form): Form | null {
  if (here !== undefined && !isNewer(here, theirs)) return null;
  const { isPublic: _, ...rest } = theirs;
  return here?.isPublic === undefined ? rest : { ...rest, isPublic: here.isPublic };
}

/** What runs here runs on as it does, and nothing begins to: the file's work is its name and draft. */
function takenAutomation(here: Automation | undefined, theirs: Automation): Automation | null {
  if (here !== undefined) {
    const { name, draft, updatedAt } = theirs;
    return isNewer(here, theirs) ? { ...here, name, draft, updatedAt } : null;
  }
  const { switching: _, entering: __, problem: ___, ...rest } = theirs;
  return rest.status === 'active' ? { ...rest, status: 'paused' } : rest;
}

/** A journey that is under way here too goes on from wherever it is further; one that is not known here is history. */
function takenEnrolment(here: Enrolment | undefined, theirs: Enrolment, beside: Beside): Enrolment | null {
  if (here === undefined) return isOnItsWay(theirs) ? ended(theirs, beside.now) : theirs;
  if (!isOnItsWay(here)) return null;
  const isBeyond = isFurther(theirs, here) || (!isOnItsWay(theirs) && !isFurther(here, theirs));
  return isBeyond ? timed(theirs, beside.isRunning(theirs.automationId)) : null;
}

function ended(enrolment: Enrolment, now: Instant): Enrolment {
  const { dueAt: _, held: __, wait: ___, wakes: ____, ...rest } = withoutAhead(enrolment);
  return { ...rest, status: 'exited', stepId: null, endedAt: now, reason: words('words.backup.journey_ended') };
}

/** Its time runs while its automation does. */
function timed(enrolment: Enrolment, isRunning: boolean): Enrolment {
  const { dueAt, held, ...rest } = enrolment;
  const at = dueAt ?? held;
  if (at === undefined) return enrolment;
  return isRunning ? { ...rest, dueAt: at } : { ...rest, held: at };
}

const UNSENT: ReadonlySet<OutboxRow['status']> = new Set<OutboxRow['status']>([
  'queued',
  'sending',
  'scheduled',
  'uncertain',
  'recalling'
]);

/** Whether it could still leave, or is not known to have. */
export function isUnsent({ status }: OutboxRow): boolean {
  return UNSENT.has(status);
}

/** That a message was sent nobody can take back. What was not is, unless its journey goes on here, not sent any more. */
function takenMessage(here: OutboxRow | undefined, theirs: OutboxRow, beside: Beside): OutboxRow | null {
  if (here !== undefined) return theirs.status === 'sent' && here.status !== 'sent' ? theirs : null;
  const enrolment = beside.enrolment(theirs.enrolmentId);
  const isUnderWay = enrolment !== undefined && isOnItsWay(enrolment);
  if (isUnderWay && isAwaited(enrolment, theirs)) return theirs;
  // A journey that comes by here makes it itself.
  if (isUnderWay && theirs.visit > (enrolment.visits[theirs.stepId] ?? 0)) return null;
  return isUnsent(theirs) ? cancelled(theirs) : theirs;
}

function isAwaited(enrolment: Enrolment, { id }: OutboxRow): boolean {
  return (enrolment.wait?.for === 'outbox' && enrolment.wait.outboxId === id) || aheadId(enrolment) === id;
}

function cancelled(row: OutboxRow): OutboxRow {
  const { leavesAt: _, ...rest } = row;
  return { ...rest, status: 'cancelled', reason: words('words.backup.not_sent_from_here') };
}
