import type { Mutant } from './mutants';

/** Faults of how devices come to agree: of the merge, of what they tell each other, and of whose the right to run the journeys is. */
export const MERGE_MUTANTS: readonly Mutant[] = [
  {
    name: 'what was written before a deletion outlives it',
    file: 'sync/row-state.ts',
    replace: ['({ stamp }) => gone === null || stamp > gone', '() => true'],
    caughtBy: 'sync/folding.test.ts'
  },
  {
    name: 'the first writing holds, not the last',
    file: 'sync/row-state.ts',
    replace: ['(sent.length > 0 ? sent : writings).slice(-1)', '(sent.length > 0 ? sent : writings).slice(0, 1)'],
    caughtBy: 'sync/row-state.test.ts'
  },
  {
    name: 'that a message was sent is taken back by what was written later',
    file: 'sync/row-state.ts',
    replace: ['(sent.length > 0 ? sent : writings).slice(-1)', 'writings.slice(-1)'],
    caughtBy: 'worker/syncing/applying.test.ts'
  },
  {
    name: 'of two contents under one stamp, each device keeps the one that came last',
    file: 'sync/row-state.ts',
    replace: ['before ? joined(before, writing) : writing', 'writing'],
    caughtBy: 'sync/row-state.test.ts'
  },
  {
    name: 'who has seen what they replace is asked all the same',
    file: 'sync/row-state.ts',
    replace: ['over !== null && over >= stamp', 'over !== null && over > stamp'],
    caughtBy: 'sync/row-state.test.ts'
  },
  {
    name: 'what is restored keeps nothing of what it was',
    file: 'sync/row-state.ts',
    replace: ['if ((isThere || leaf === null) && isSameLeaf', 'if (isSameLeaf'],
    caughtBy: 'sync/row-state.test.ts'
  },
  {
    name: 'a part that was taken away stays in the row',
    file: 'sync/row-state.ts',
    replace: [', ...Object.keys(known.leaves)])', '])'],
    caughtBy: 'sync/row-state.test.ts'
  },
  {
    name: 'a clock that was set back stamps as if it had not been',
    file: 'sync/clock.ts',
    replace: ['if (greatest === null || now > before)', 'if (greatest === null || now !== before)'],
    caughtBy: 'sync/clock.test.ts'
  },
  {
    name: 'what is given anew comes in any order',
    file: 'sync/clock.ts',
    replace: ['stampAt(greatest, now, givenBy(deviceOf(stamp)))', 'stampAt(null, now, givenBy(deviceOf(stamp)))'],
    caughtBy: 'sync/clock.test.ts'
  },
  {
    name: 'what two have made of one form at once is one’s alone',
    file: 'sync/rebasing.ts',
    replace: ['if (isSameLeaf(before, mine)) continue;', ''],
    caughtBy: 'sync/rebasing.test.ts'
  },
  {
    name: 'what others have told is told to them again',
    file: 'sync/capture.ts',
    replace: ['if (APPLIED.has(change)) {', 'if (APPLIED.has({ ...change })) {'],
    caughtBy: 'worker/syncing/applying.test.ts'
  },
  {
    name: 'what came of a row in the same transaction counts as its own writing',
    file: 'sync/capture.ts',
    replace: ['for (const change of applied) known = applyChange(known, change as ChangeOf<TableName>);', ''],
    caughtBy: 'sync/folding.test.ts'
  },
  {
    name: 'two transactions have one stamp',
    file: 'sync/folding.ts',
    replace: ['(last = stampAt(last, row.at, device))', '(last = stampAt(greatest, row.at, device))'],
    caughtBy: 'sync/folding.test.ts'
  },
  {
    name: 'what is made anew under an old key is as old as what was there before',
    file: 'sync/folding.ts',
    replace: ["if (deed.did === 'made') made = stamp;", "if (deed.did === 'made') made ??= stamp;"],
    caughtBy: 'sync/folding.test.ts'
  },
  {
    name: 'what comes of a row makes a device forget to tell its own part of it',
    file: 'sync/receiving.ts',
    replace: ['const mark = unsent === undefined ? {} : { sent, unsent };', 'const mark = {};'],
    caughtBy: 'worker/syncing/pass.test.ts'
  },
  {
    name: 'what is written while a batch is on its way counts as told',
    file: 'sync/sending.ts',
    replace: ['JSON.stringify({ ...kept, sent: null }) === JSON.stringify({ ...read, sent: null })', 'true'],
    caughtBy: 'worker/syncing/pass.test.ts'
  },
  {
    name: 'a device tells of a row only what it was when it was first told',
    file: 'sync/entries.ts',
    replace: ['(sent === null || stamp > sent)', 'sent === null'],
    caughtBy: 'worker/syncing/pass.test.ts'
  },
  {
    name: 'who joins overwrites what the others have',
    file: 'sync/standing.ts',
    replace: ["return '0'.repeat(13) + device;", "return '1' + '0'.repeat(12) + device;"],
    caughtBy: 'worker/syncing/pass.test.ts'
  },
  {
    name: 'what was there before the first device synced is not told',
    file: 'sync/baseline.ts',
    replace: ['(kept === undefined || kept.made === BASE)', '(kept?.made === BASE)'],
    caughtBy: 'worker/syncing/pass.test.ts'
  },
  {
    name: 'an older lease is believed',
    file: 'sync/device-lease.ts',
    replace: ["if (parsed.output.fence < this.greatest) return failed(words('words.sync.older'));", ''],
    caughtBy: 'sync/device-lease.test.ts'
  },
  {
    name: 'who cannot ask any more goes on without an end',
    file: 'sync/lease-document.ts',
    replace: ['return now >= since && now < since + silence;', 'return now >= since;'],
    caughtBy: 'sync/device-lease.test.ts'
  },
  {
    name: 'who has just come takes the lease of one who lives, by a clock that is ahead',
    file: 'sync/lease-document.ts',
    replace: ['&& watch.seen >= lease.silence / 2', ''],
    caughtBy: 'sync/device-lease.test.ts'
  },
  {
    name: 'a sleep counts as having watched',
    file: 'sync/lease-document.ts',
    replace: ['Math.min(Math.max(0, now - before.at), LONGEST_GAP)', 'Math.max(0, now - before.at)'],
    caughtBy: 'sync/device-lease.test.ts'
  },
  {
    name: 'a lease that is taken has the number that it had',
    file: 'sync/lease-document.ts',
    replace: ['Math.max(lease?.fence ?? 0, least) + 1', 'Math.max(lease?.fence ?? 0, least, 1)'],
    caughtBy: 'sync/device-lease.test.ts'
  },
  {
    name: 'what is told knowing of another batch is taken in before that one',
    file: 'worker/syncing/taking-in.ts',
    replace: [
      "return (one.greatest ?? '') < (other.greatest ?? '');",
      "return (one.greatest ?? '') > (other.greatest ?? '');"
    ],
    caughtBy: 'worker/syncing/pass.test.ts'
  },
  {
    name: 'a clock that is hours ahead is believed',
    file: 'worker/syncing/taking-in.ts',
    replace: ["isAhead(greatestIn(entry) ?? '0', now())", "isAhead(greatestIn(entry) ?? '0', Infinity)"],
    caughtBy: 'worker/syncing/pass.test.ts'
  },
  {
    name: 'one fact that two devices have read is there twice',
    file: 'worker/syncing/applying.ts',
    replace: ['if (id > row.id) leftOut.add(id);', 'if (id > row.id) leftOut.delete(id);'],
    caughtBy: 'worker/syncing/applying.test.ts'
  },
  {
    name: 'what was written here is stamped after what comes',
    file: 'worker/syncing/applying.ts',
    replace: [
      'let greatest = latest(await foldAll(transaction, standing), batch.greatest);',
      'let greatest = latest(standing.greatest, batch.greatest);'
    ],
    caughtBy: 'worker/syncing/applying.test.ts'
  },
  {
    name: 'of two that are one, each device keeps the one that it knew',
    file: 'worker/syncing/identities.ts',
    replace: ['rival !== undefined && isOlder(rival, mine) ? rival : mine', 'rival ?? mine'],
    caughtBy: 'worker/syncing/applying.test.ts'
  },
  {
    name: 'what two devices have taken from one lot expires all the same',
    file: 'worker/syncing/settling.ts',
    replace: ['changes.push(...withinBalance(ledger, balanceId, sum));', ''],
    caughtBy: 'worker/syncing/applying.test.ts'
  },
  {
    name: 'what comes of one who has become another stays with that one',
    file: 'worker/syncing/settling.ts',
    replace: ['const moved = await followMerged(transaction, received);', 'const moved: Id[] = [];'],
    among: 'devices'
  },
  {
    name: 'events find a journey no more that has gone to another contact',
    file: 'worker/syncing/uniting.ts',
    replace: [
      'return who === WAITS_FOR_PERSON ? wake : wakeKey(contactId, what);',
      'return who === what ? wake : wake;'
    ],
    caughtBy: 'worker/syncing/applying.test.ts'
  },
  {
    name: 'what comes of somebody who was erased is kept',
    file: 'worker/syncing/settling.ts',
    replace: ['await eraseBuried(transaction, received, now);', ''],
    caughtBy: 'worker/syncing/applying.test.ts'
  },
  {
    name: 'events that come are not counted',
    file: 'worker/syncing/settling.ts',
    replace: ['await countEvents(transaction, received, new Set([...united, ...moved]));', ''],
    caughtBy: 'worker/syncing/applying.test.ts'
  },
  {
    name: 'a balance is what one device had summed up',
    file: 'worker/syncing/settling.ts',
    replace: ['await sumLedgers(transaction, received);', ''],
    caughtBy: 'worker/syncing/applying.test.ts'
  },
  {
    name: 'a lot that two devices find due expires twice',
    file: 'records/loyalty/ledger.ts',
    replace: [', given, `${lot.id}/expired`);', ', given);'],
    caughtBy: 'worker/syncing/applying.test.ts'
  },
  {
    name: 'of two that have become one, both journeys go on',
    file: 'worker/syncing/rivals.ts',
    replace: ["return status === 'active' || status === 'waiting';", "return status === 'active';"],
    caughtBy: 'worker/syncing/rivals.test.ts'
  },
  {
    name: 'the message of a journey that has ended leaves all the same',
    file: 'worker/syncing/rivals.ts',
    replace: ["enrolmentId === id && status === 'queued'", "enrolmentId === id && status === 'cancelled'"],
    caughtBy: 'worker/syncing/rivals.test.ts'
  },
  {
    name: 'a batch whose answer was lost is taken for another device’s',
    file: 'worker/syncing/own-batches.ts',
    replace: ['batch.value.attempt === attempt', 'batch.value.attempt !== attempt'],
    caughtBy: 'worker/syncing/pass.test.ts'
  },
  {
    name: 'a device that was set back writes on under its old name',
    file: 'worker/syncing/own-batches.ts',
    replace: ['if (last < next) return ok(undefined);', 'if (last < next || last >= next) return ok(undefined);'],
    among: 'devices'
  },
  {
    name: 'what lies there under an older key is left there',
    file: 'worker/syncing/pulling.ts',
    replace: ['if (!isOlder(name, seal.generation)) continue;', 'if (!isOlder(name, 0)) continue;'],
    caughtBy: 'worker/syncing/pass.test.ts'
  },
  {
    name: 'after a new key only what is new is told',
    file: 'worker/syncing/pass.ts',
    replace: ['set: { sent: undefined, unsent: 1 }', 'set: {}'],
    caughtBy: 'worker/syncing/pass.test.ts'
  },
  {
    name: 'who has not heard from the remote sends on',
    file: 'worker/syncing/shared-right.ts',
    replace: ["this.way !== 'here' || (ago >= 0 && ago < SENDS)", "this.way !== 'here' || ago >= 0"],
    caughtBy: 'worker/syncing/shared-right.test.ts'
  },
  {
    name: 'who takes the right over begins at once',
    file: 'worker/syncing/shared-right.ts',
    replace: ['if (this.parts.now() < this.startsAt) return;', ''],
    caughtBy: 'worker/syncing/shared-right.test.ts'
  },
  {
    name: 'who takes the right over does not take in first what others have done',
    file: 'worker/syncing/shared-right.ts',
    replace: ['sharing.isAlone() || (await sharing.catchUp()).ok', 'true'],
    caughtBy: 'worker/syncing/shared-right.test.ts'
  },
  {
    name: 'a side that was chosen is not told to the others',
    file: 'worker/syncing/conflicts.ts',
    replace: ['{ sent: knownOf(kept) ?? undefined, unsent: 1 }', '{}'],
    caughtBy: 'worker/syncing/conflicts.test.ts'
  }
];
