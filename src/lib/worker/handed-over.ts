import { update, type Change } from '$lib/core/changes';
import type { Instant } from '$lib/core/instants';
import type { OutboxRow } from '$lib/core/rows/messages';
import { NEVER } from '$lib/engine/sending';
import type { Reader, Transaction } from '$lib/storage/port';
import { isStillMeant, nextLook, recalled } from './ahead';
import { withoutContent } from './content';
import { isWaitingFor, type Move } from './marking';
import { givenBy, type Parts, type Transact } from './parts';
import { routeOf } from './routes';
import { turn } from './turn';

const BATCH = 250;

/**
 * Watches over messages that a provider has and lets leave later: as one is taken, and for a last time before it can be stopped no
 * more, it is looked at whether it is still meant. Once its time is there it has left, and its journey goes on.
 */
export class HandedOver {
  constructor(
    private readonly parts: Parts,
    private readonly transact: Transact
  ) {}

  async nextDue(reader: Reader, now: Instant): Promise<Instant> {
    const [row] = await reader.query('outbox', { ...due(now + 1, NEVER), limit: 1 });
    return row?.dueAt ?? Infinity;
  }

  async hasDue(reader: Reader, now: Instant): Promise<boolean> {
    return (await reader.count('outbox', due(0, now))) > 0;
  }

  /** Resolves when none is due. */
  async run(): Promise<void> {
    const { storage, now } = this.parts;
    while (await storage.read((reader) => this.hasDue(reader, now())))
      await this.transact((transaction) => this.look(transaction));
  }

  private async look(transaction: Transaction): Promise<void> {
    const given = givenBy(this.parts);
    const { now } = given;
    const view = await transaction.view();
    const rows = await transaction.query('outbox', { ...due(0, now), limit: BATCH });
    const enrolments = await transaction.getMany('enrolments', rows.map(({ enrolmentId }) => enrolmentId)); // prettier-ignore
    const contacts = await transaction.getMany('contacts', rows.map(({ contactId }) => contactId)); // prettier-ignore
    const changes: Change[] = [];
    const moves: Move[] = [];
    for (const [at, row] of rows.entries()) {
      const enrolment = enrolments[at];
      const { leavesAt = now } = row;
      const provider = routeOf(row, view, this.parts.providers)?.provider;
      if (now >= leavesAt) {
        const content = provider?.keepsContent ? {} : withoutContent(row);
        changes.push(update('outbox', row.id, { status: 'sent', sentAt: leavesAt, reason: undefined, ...content }));
        if (enrolment && isWaitingFor(enrolment, row))
          moves.push({ enrolment, cause: { by: 'outbox', result: sentAt(row, leavesAt) } });
      } else if (isStillMeant(row, enrolment, contacts[at], view))
        changes.push(update('outbox', row.id, { dueAt: nextLook(leavesAt, provider?.ahead, now) }));
      else changes.push(recalled(row, now));
    }
    await turn(transaction, { changes, moves }, { ...this.parts, ...given });
  }
}

function sentAt({ messageId }: OutboxRow, at: Instant) {
  return { status: 'sent', at, ...(messageId === undefined ? {} : { messageId }) } as const;
}

function due(from: Instant, to: Instant) {
  return { index: '[status+dueAt]', from: ['scheduled', from], to: ['scheduled', to] } as const;
}
