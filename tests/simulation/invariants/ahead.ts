import type { Enrolment, JournalEntry } from '$lib/core/rows/automations';
import type { Contact } from '$lib/core/rows/contacts';
import type { OutboxRow } from '$lib/core/rows/messages';
import { aheadId } from '$lib/engine/ahead';
import { refusal } from '$lib/engine/sending';
import { addedTo } from '../journals';
import { Violation } from '../simulation';
import type { Invariant } from './invariant';

const MEANT = 'what is handed over and not meant any more is taken back, in the same transaction';
const ONCE = 'what may leave at a provider is not sent again';

/** A message of these may still reach its reader, or has. */
const MAY_LEAVE: ReadonlySet<string> = new Set(['scheduled', 'recalling', 'uncertain', 'sent']);

/**
 * Messages that wait at a provider: as soon as a contact refuses them or goes, a journey leaves its wait, or an automation stands still,
 * the row says that it is to be taken back. And whoever comes to the step of such a message does not send it a second time.
 */
export const aheadIsMeant: Invariant = ({ mirror }) => {
  const wentBack = new Set<string>();
  return {
    committed: (commit) => {
      const { touched, at } = commit;
      const concerned = new Set(
        touched.flatMap(({ table, id, after }) =>
          table === 'contacts' || table === 'automations' || table === 'enrolments'
            ? id
            : table === 'outbox' && after
              ? (after as OutboxRow).contactId
              : []
        )
      );
      for (const row of mirror.all('outbox')) {
        const { status, leavesAt = 0, dueAt, contactId, automationId, enrolmentId } = row;
        if (status !== 'scheduled' || leavesAt <= at || dueAt <= at) continue;
        if (![contactId, automationId, enrolmentId].some((id) => concerned.has(id))) continue;
        const why = unmeant(
          row,
          mirror.get('enrolments', enrolmentId),
          mirror.get('contacts', contactId),
          mirror.get('automations', automationId)?.status
        );
        if (why !== null) throw new Violation(MEANT, `${row.id} is handed over, and ${why}`);
      }
      for (const { enrolmentId, entries } of addedTo(commit, mirror))
        if (entries.some(isBack)) wentBack.add(enrolmentId);
      for (const { table, before, after } of touched) {
        if (table !== 'outbox' || before !== undefined || after === undefined) continue;
        const { id, enrolmentId, stepId, visit, leavesAt } = after as OutboxRow;
        const earlier = mirror.get('outbox', `${enrolmentId}/${stepId}/${visit - 1}`);
        if (leavesAt !== undefined || earlier?.leavesAt === undefined || wentBack.has(enrolmentId)) continue;
        const isSettled = addedTo(commit, mirror).length > 0 && earlier.status === 'sent';
        if (MAY_LEAVE.has(earlier.status) && !isSettled)
          throw new Violation(ONCE, `${id} is made, and ${earlier.id} is ${earlier.status}`);
      }
    }
  };
};

function isBack({ kind }: JournalEntry): boolean {
  return kind === 'restarted' || kind === 'switched';
}

function unmeant(
  row: OutboxRow,
  enrolment: Enrolment | undefined,
  contact: Contact | undefined,
  status: string | undefined
): string | null {
  if (!enrolment || aheadId(enrolment) !== row.id) return 'its journey has gone on without it';
  if (!contact || contact.hiddenAt !== undefined) return 'its contact is gone';
  if (refusal(row.request, contact) !== null) return 'its contact refuses it';
  return status === 'active' ? null : `its automation is ${status ?? 'gone'}`;
}
