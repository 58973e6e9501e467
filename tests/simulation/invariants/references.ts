import { isRolledUp } from '$lib/core/rollups';
import { CONTACT_TABLES, TABLE_NAMES } from '$lib/core/tables';
import { rowText } from '../mirror';
import { Violation, type Simulation } from '../simulation';
import type { Invariant } from './invariant';

const ORPHANS = 'whatever a row refers to is there';
const ERASED = 'nothing is left of whom was erased';
const ROLLUPS = 'roll-ups count the events';

export const nothingIsOrphaned: Invariant = (simulation) => ({
  atEnd: () => {
    contactsAreThere(simulation);
    engineRowsAreThere(simulation);
    recordsAreThere(simulation);
    erasedAreGone(simulation);
    rollupsCount(simulation);
  }
});

function orphan(table: string, id: string, what: string): never {
  throw new Violation(ORPHANS, `${table} ${id} refers to ${what}`);
}

function contactsAreThere({ mirror }: Simulation): void {
  for (const table of CONTACT_TABLES)
    for (const row of mirror.all(table)) {
      const { contactId } = row;
      if (contactId != null && mirror.get('contacts', contactId) === undefined)
        orphan(table, rowText(table, row), contactId);
    }
}

function engineRowsAreThere({ mirror }: Simulation): void {
  for (const { id, automationId, versionId } of mirror.all('enrolments')) {
    if (!mirror.get('automations', automationId)) orphan('enrolments', id, automationId);
    if (!mirror.get('versions', versionId)) orphan('enrolments', id, versionId);
  }
  for (const { id, automationId } of mirror.all('versions'))
    if (!mirror.get('automations', automationId)) orphan('versions', id, automationId);
  for (const { id, versionId } of mirror.all('statistics'))
    if (!mirror.get('versions', versionId)) orphan('statistics', id, versionId);
  for (const { enrolmentId, seq } of mirror.all('journal'))
    if (!mirror.get('enrolments', enrolmentId)) orphan('journal', `${enrolmentId} ${seq}`, enrolmentId);
  for (const { id, enrolmentId, automationId } of mirror.all('outbox'))
    // What was sent is kept when its automation is removed.
    if (mirror.get('automations', automationId) && !mirror.get('enrolments', enrolmentId))
      orphan('outbox', id, enrolmentId);
  for (const { id, outboxId } of mirror.all('reactions'))
    if (!mirror.get('outbox', outboxId)) orphan('reactions', id, outboxId);
  for (const { id, automationId } of mirror.all('checks'))
    if (!mirror.get('automations', automationId)) orphan('checks', id, automationId);
}

function recordsAreThere({ mirror }: Simulation): void {
  for (const { id, contactIds } of mirror.all('deals'))
    for (const contactId of contactIds) if (!mirror.get('contacts', contactId)) orphan('deals', id, contactId);
  for (const { id, dealId } of mirror.all('tasks'))
    if (dealId !== undefined && !mirror.get('deals', dealId)) orphan('tasks', id, dealId);
  for (const { id, membershipId } of mirror.all('ledger'))
    if (!mirror.get('memberships', membershipId)) orphan('ledger', id, membershipId);
  for (const { id, listIds } of mirror.all('contacts'))
    for (const listId of listIds) if (!mirror.get('lists', listId)) orphan('contacts', id, listId);
}

/** Neither the id nor the address, in no table and at no depth. */
function erasedAreGone({ mirror }: Simulation): void {
  const erased = mirror.all('tombstones').map(({ id }) => id);
  if (erased.length === 0) return;
  // Somebody else may have the same address by now, in other letters.
  const present = new Set(mirror.all('contacts').map(({ email }) => email?.toLowerCase()));
  const traces = erased.flatMap((id) => {
    const email = mirror.buried('contacts', id)?.email;
    return email === undefined || present.has(email.toLowerCase()) ? [id] : [id, email];
  });
  for (const table of TABLE_NAMES) {
    if (table === 'tombstones') continue;
    for (const row of mirror.all(table)) {
      const text = JSON.stringify(row);
      const trace = traces.find((one) => text.includes(one));
      if (trace !== undefined)
        throw new Violation(ERASED, `${table} ${rowText(table, row)} still holds ${trace}: ${text}`);
    }
  }
}

function rollupsCount({ mirror }: Simulation): void {
  const counted = new Map<string, number>();
  for (const { contactId, type } of mirror.all('events'))
    if (contactId !== null && isRolledUp(type))
      counted.set(`${contactId} ${type}`, (counted.get(`${contactId} ${type}`) ?? 0) + 1);
  for (const { contactId, type, count } of mirror.all('rollups'))
    if (counted.get(`${contactId} ${type}`) !== count)
      throw new Violation(
        ROLLUPS,
        `${contactId} ${type} is ${count}, and there are ${counted.get(`${contactId} ${type}`)}`
      );
}
