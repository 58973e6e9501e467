import type { Mutant } from './mutants';

/** Faults of the engine, the worker and the storage, on one device. */
export const ENGINE_MUTANTS: readonly Mutant[] = [
  {
    name: 'facts from a source that are known already are taken again',
    file: 'worker/facts.ts',
    replace: ['!known.has(dedupeKey) && known.add(dedupeKey)', 'known.add(dedupeKey)']
  },
  {
    name: 'the journal is kept apart from the state: journeys are written, what happened to them is not',
    file: 'worker/touched.ts',
    replace: ['const after = journalled(enrolment, entries);', 'const after = journalled(enrolment, []);']
  },
  {
    name: 'the lease is not asked before the engine commits',
    file: 'worker/runner.ts',
    replace: ['await this.lease.check(transaction);', '']
  },
  {
    name: 'a tab that wakes from a long sleep lets its calls leave',
    file: 'worker/lease.ts',
    replace: ['return this.isHeld && Math.abs(this.parts.now() - this.beatAt) < FROZEN;', 'return this.isHeld;'],
    caughtBy: 'worker/two-tabs.test.ts'
  },
  {
    name: 'the heart is never written',
    file: 'worker/lease.ts',
    replace: ['set: { heartbeat: at }', 'set: {}']
  },
  {
    name: 'time limits fire before the sources are read',
    file: 'worker/runner.ts',
    replace: ['isHidden || isHeld)', 'isHidden)']
  },
  {
    name: 'events are compared by when they were learnt',
    file: 'catalogue/rules/wait-for-event.ts',
    replace: [
      'if (wait.limit !== null && event.occurredAt > wait.limit) return false;',
      'if (wait.limit !== null && event.receivedAt > wait.limit) return false;'
    ]
  },
  {
    name: 'a wait does not look at what has happened already',
    file: 'catalogue/rules/wait-for-event.ts',
    replace: ['if (found) return metBy(found, args.at);\n    const text', 'const text']
  },
  {
    name: 'a time limit does not look at what was learnt since',
    file: 'catalogue/rules/wait-for-event.ts',
    replace: ['if (found) return metBy(found, args.at);\n    if (wait.limit !== null', 'if (wait.limit !== null']
  },
  {
    name: 'a call leaves without being marked',
    file: 'worker/marking.ts',
    replace: ['if (leaving.length > 0) {', 'if (leaving.length < 0) {']
  },
  {
    name: 'what was on its way when the tab died is forgotten',
    file: 'worker/dispatcher.ts',
    replace: [
      "rows.filter((row): row is OutboxRow => row?.status === 'queued')",
      '([] as OutboxRow[]).concat(rows.flatMap(() => []))'
    ]
  },
  {
    name: 'what was on its way is repeated as if its key had just been made',
    file: 'worker/dispatcher.ts',
    replace: ['...inDoubt({ ...row, ...tried }, now) }', 'doubtSince: now }']
  },
  {
    name: 'a lost answer is repeated after the key is forgotten',
    file: 'worker/marking.ts',
    replace: ['row.doubtSince !== undefined && !mayRepeat', 'row.doubtSince === -1 && !mayRepeat']
  },
  {
    name: 'the key of a message does not know its visit',
    file: 'engine/steps.ts',
    replace: ['`${enrolmentId}/${stepId}/${visit}`', '`${enrolmentId}/${stepId}/${visit > 0 ? 1 : 0}`']
  },
  {
    name: 'the visit is not counted',
    file: 'engine/journey.ts',
    replace: ['(this.enrolment.visits[step.id] ?? 0) + 1', '(this.enrolment.visits[step.id] ?? 1)']
  },
  {
    name: 'Retry-After is not heard',
    file: 'worker/answers.ts',
    replace: ['result.after ?? backOff', 'backOff']
  },
  {
    name: 'consent is asked on entry, not when the message leaves',
    file: 'engine/sending.ts',
    replace: ["if (refused) return { may: 'skip', reason: refused };", '']
  },
  {
    name: 'the paused account goes on sending',
    file: 'worker/allowance.ts',
    replace: ['(paused.until === null || paused.until > this.now)', 'paused.until === -1']
  },
  {
    name: 'the limit of an account is not kept',
    file: 'worker/allowance.ts',
    replace: ['if (calls < limit.calls) return null;', 'if (calls < limit.calls * 3) return null;']
  },
  {
    name: 'another account sends what may have arrived by the first one',
    file: 'worker/allowance.ts',
    replace: ['|| isInDoubt(row))', ')'],
    caughtBy: 'worker/allowance.test.ts'
  },
  {
    name: 'statistics count twice',
    file: 'worker/counting.ts',
    replace: ['{ count: before.count + statistic.count }', '{ count: before.count + 2 * statistic.count }']
  },
  {
    name: 'a contact who is in comes in again',
    file: 'engine/enrolments.ts',
    replace: ["if (reentry.mode !== 'after_leaving' || latest.endedAt === undefined) return null;", '']
  },
  {
    name: 'who has left does not come in again',
    file: 'engine/enrolments.ts',
    replace: [
      "if (reentry.mode !== 'after_leaving' || latest.endedAt === undefined) return null;",
      'if (latest !== undefined) return null;'
    ]
  },
  {
    name: 'an event that another tab has kept stays unmatched',
    file: 'worker/turn.ts',
    replace: [
      "update('events', id, { unmatched: contactId === null ? 2 : undefined })",
      "update('events', id, { contactId })"
    ]
  },
  {
    name: 'an event in a tab without the lease is not kept for the runner',
    file: 'worker/desk.ts',
    replace: ['{ ...event, unmatched: 1 as const }', 'event']
  },
  {
    name: 'an edit in the tab that runs the engine matches nothing',
    file: 'worker/desk.ts',
    replace: [
      'await turn(transaction, { changes, events }, { ...this.parts, ...given });',
      'await turn(transaction, { changes: [...changes, ...(await keptEvents(transaction, events))] }, { ...this.parts, ...given });'
    ]
  },
  {
    name: 'moves are counted on though time passes',
    file: 'engine/journey.ts',
    replace: ['this.enrolment.since = at;\n    this.enrolment.moves = 0;', 'this.enrolment.since = at;']
  },
  {
    name: 'a rollback keeps one table',
    file: 'storage/memory.ts',
    replace: [
      'for (const table of this.#tables.values()) table.rollBack();',
      "for (const [name, table] of this.#tables) if (name === 'contacts') table.commit(); else table.rollBack();"
    ]
  },
  {
    name: 'a rollback keeps what was written last',
    file: 'storage/memory-table.ts',
    replace: [
      'for (const { text, before } of this.#undo.reverse()) this.#place(text, before);',
      'for (const { text, before } of this.#undo.slice(0, -1).reverse()) this.#place(text, before);'
    ]
  },
  {
    name: 'a row that is changed twice in one transaction keeps the first change',
    file: 'storage/open-transaction.ts',
    replace: [
      'for (const row of puts) unwritten.set(textOf(table, row), row);',
      'for (const row of puts) if (!unwritten.has(textOf(table, row))) unwritten.set(textOf(table, row), row);'
    ]
  },
  {
    name: 'the view of the small tables is never read anew',
    file: 'storage/open-transaction.ts',
    replace: ['if (this.#kept?.revision !== revision) {', 'if (this.#kept === null) {'],
    caughtBy: 'storage/dexie/database.test.ts'
  },
  {
    name: 'erasing a contact leaves its messages',
    file: 'records/contacts/erase.ts',
    replace: [
      '...CONTACT_TABLES.flatMap((table) =>',
      "...CONTACT_TABLES.filter((table) => table !== 'outbox').flatMap((table) =>"
    ]
  },
  {
    name: 'a journey that was ended by hand still sends',
    file: 'worker/journeys.ts',
    replace: [
      'rows.filter((row) => isQueued(row, away))',
      'rows.filter((row) => !isQueued(row, away) && isQueued(row, away))'
    ]
  },
  {
    name: 'a recall is forgotten',
    file: 'worker/ahead.ts',
    replace: ["if (row.status === 'scheduled') return [recalled(row, now)];", '']
  },
  {
    name: 'a recall is not told to the provider',
    file: 'worker/recalling.ts',
    replace: [
      'await ahead.cancel({ fields, messageId: row.messageId, key: row.id, fetch })',
      "await Promise.resolve({ status: 'cancelled' as const })"
    ],
    caughtBy: 'worker/ahead.test.ts'
  },
  {
    name: 'the end of the delay sends again',
    file: 'engine/ahead.ts',
    replace: ["    case 'scheduled':\n    case 'sending':", "    case 'sending':"],
    caughtBy: 'worker/ahead.test.ts'
  },
  {
    name: 'undo overwrites what was changed since',
    file: 'worker/removals.ts',
    replace: [
      'isSame(getPath(row, path), change.set?.[path])',
      'getPath(row, path) !== undefined || isSame(0, change.set?.[path])'
    ],
    caughtBy: 'worker/removals.test.ts'
  },
  {
    name: 'a message that became due is not looked for again',
    file: 'worker/dispatcher.ts',
    replace: ['return row?.dueAt ?? Infinity;', 'return row === undefined ? Infinity : Infinity;'],
    caughtBy: 'worker/failure.test.ts'
  },
  {
    name: 'a failed claim of the lease is never made again',
    file: 'worker/lease.ts',
    replace: ['if (!this.isStopped) this.parts.timers.after(SECOND, () => this.wait());', ''],
    caughtBy: 'worker/two-tabs.test.ts'
  },
  {
    name: 'a batch that was on its way is repeated message by message',
    file: 'worker/dispatcher.ts',
    replace: ['batchKey: keyOf.get(row.id),', '']
  },
  {
    name: 'a batch whose answer was lost is repeated message by message',
    file: 'worker/answers.ts',
    replace: ['? row.batchKey : undefined', '? undefined : undefined']
  },
  {
    name: 'a batch is repeated without those of it that have to wait',
    file: 'worker/batching.ts',
    replace: ['if (batchKey !== undefined && own !== undefined)', 'if (batchKey === undefined && own !== undefined)'],
    caughtBy: 'worker/batching.test.ts'
  },
  {
    name: 'a batch is repeated with those alone that are due',
    file: 'worker/batching.ts',
    replace: ['if (keys.size === 0) return [...rows];', 'if (keys.size >= 0) return [...rows];'],
    caughtBy: 'worker/batching.test.ts'
  },
  {
    name: 'a batch is sent in the order in which it became due',
    file: 'worker/batching.ts',
    replace: ['const [first, ...others] = inOrder(part);', 'const [first, ...others] = part;'],
    caughtBy: 'worker/batching.test.ts'
  },
  {
    name: 'a batch that was refused for one of it is refused for all',
    file: 'worker/dispatcher.ts',
    replace: ['return isForOne && call.requests.length > 1', 'return isForOne && call.requests.length > 1_000'],
    caughtBy: 'worker/batching.test.ts'
  }
];
