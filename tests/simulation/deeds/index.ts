import * as automations from './automations';
import * as contacts from './contacts';
import type { Deed, Doing, World } from './deed';
import * as events from './events';
import * as outbox from './outbox';
import * as records from './records';
import * as removals from './removals';

/** How often of all. Events come first: without them nothing moves. */
const DEEDS: readonly (readonly [weight: number, deed: Deed])[] = [
  [30, events.triggering],
  [8, contacts.onAList],
  [3, contacts.offAList],
  [6, events.anyEvent],
  [6, events.awaited],
  [5, events.react],
  [4, events.importedEvents],
  [3, events.submitted],
  [2, contacts.newContact],
  [2, contacts.changedContact],
  [2, contacts.deletedContacts],
  [1, contacts.restored],
  [2, contacts.imported],
  [1, contacts.importResumed],
  [1, contacts.importTakenBack],
  [2, records.joined],
  [3, records.points],
  [2, records.voucher],
  [2, records.deal],
  [2, records.taskDone],
  [3, automations.republished],
  [3, automations.pausedOrResumed],
  [2, automations.heldWhileItHappens],
  [2, automations.exited],
  [1, removals.automationRemoved],
  [1, removals.listRemoved],
  [1, removals.companyReplaced],
  [1, removals.undone],
  [5, outbox.outboxWord],
  [2, outbox.resumedAccount],
  [2, events.addedByHand],
  [1, events.replayed]
];

export function someDeed(world: World): Doing | null {
  const total = DEEDS.reduce((sum, [weight]) => sum + weight, 0);
  let left = world.random.next() * total;
  const found = DEEDS.find(([weight]) => (left -= weight) < 0);
  return found ? found[1](world) : null;
}
