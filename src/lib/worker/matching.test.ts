import fc from 'fast-check';
import { expect, test } from 'vitest';
import { create, type Change } from '$lib/core/changes';
import { isCondition, type Condition, type FilterTree } from '$lib/core/filter-tree';
import { DAY } from '$lib/core/instants';
import type { Contact, Segment } from '$lib/core/rows/contacts';
import type { Deal } from '$lib/core/rows/crm';
import type { EventRow } from '$lib/core/rows/events';
import type { Membership } from '$lib/core/rows/loyalty';
import { MemoryStorage } from '$lib/storage/memory';
import { eventRow, settingsRow } from '$lib/storage/testing/rows';
import { keptEvents } from './keeping';
import { matchingContacts } from './matching';
import { contact, list, START } from './testing/world';

interface Workspace {
  readonly contacts: readonly Contact[];
  readonly events: readonly EventRow[];
  readonly deals: readonly Deal[];
  readonly memberships: readonly Membership[];
}

const CONTACTS = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6'];
const someone = fc.constantFrom(...CONTACTS);

const workspaces: fc.Arbitrary<Workspace> = fc.record({
  contacts: fc.tuple(
    ...CONTACTS.map((id) =>
      fc.record({ listIds: fc.subarray(['l1', 'l2']), company: fc.option(fc.constantFrom('k1', 'k2')), hidden: fc.boolean() }).map(
        ({ listIds, company, hidden }): Contact =>
          contact(id, {
            listIds,
            ...(company === null ? {} : { companyId: company }),
            ...(hidden && id === 'c6' ? { hiddenAt: START } : {})
          })
      )
    )
  ),
  events: fc.array(
    fc.record({ contactId: someone, type: fc.constantFrom('order.created', 'email.opened'), days: fc.integer({ min: 0, max: 60 }), total: fc.integer({ min: 0, max: 9 }) }),
    { maxLength: 12 }
  ).map((events) =>
    events.map(({ contactId, type, days, total }, at) =>
      // No two at one instant: which of these is the last would be anybody's guess.
      eventRow({ id: `e${at}`, contactId, type, occurredAt: START - days * DAY - at, receivedAt: START, properties: { total: { minor: total * 100, currency: 'EUR' } } })
    )
  ),
  deals: fc.array(fc.record({ contactIds: fc.uniqueArray(someone, { minLength: 1, maxLength: 2 }), stageId: fc.constantFrom('s1', 's2'), days: fc.integer({ min: 0, max: 60 }) }), { maxLength: 5 }).map((deals) =>
    deals.map(({ contactIds, stageId, days }, at) => ({
      id: `d${at}`, name: `d${at}`, pipelineId: 'p1', stageId, stagedAt: START, contactIds, attributes: {}, notes: [], createdAt: START - days * DAY, updatedAt: START
    }))
  ),
  memberships: fc.array(fc.record({ contactId: someone, points: fc.integer({ min: 0, max: 9 }), isRevoked: fc.boolean(), tierId: fc.option(fc.constant('t1')) }), { maxLength: 5 }).map((rows) =>
    [...new Map(rows.map((row) => [row.contactId, row])).values()].map(({ contactId, points, isRevoked, tierId }) => ({
      id: `p/${contactId}`, programId: 'p', contactId, joinedAt: START, tierId, balances: { b1: points }, ...(isRevoked ? { revokedAt: START } : {})
    }))
  )
}); // prettier-ignore

const numberTest = fc.record({ operator: fc.constantFrom('equals', 'below', 'atLeast', 'above', 'differs'), value: fc.integer({ min: 0, max: 4 }) }); // prettier-ignore
const overStage: Condition = {
  subject: { of: 'event', property: 'stageId' },
  kind: 'choice',
  operator: 'anyOf',
  value: ['s1']
};
const overTotal: Condition = {
  subject: { of: 'event', property: 'total' },
  kind: 'number',
  operator: 'atLeast',
  value: 5
};

const conditions: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ operator: fc.constantFrom('anyOf', 'allOf', 'noneOf'), value: fc.subarray(['l1', 'l2'], { minLength: 1 }) }).map((rest): Condition => ({ subject: { of: 'lists' }, kind: 'choices', ...rest })),
  fc.record({ operator: fc.constantFrom('anyOf', 'noneOf') }).map(({ operator }): Condition => ({ subject: { of: 'segments' }, kind: 'choices', operator, value: ['g1'] })),
  fc.record({ operator: fc.constantFrom('anyOf', 'noneOf') }).map(({ operator }): Condition => ({ subject: { of: 'contact', field: 'companyId' }, kind: 'choice', operator, value: ['k1'] })),
  fc.record({ test: numberTest, type: fc.constantFrom('order.created', 'email.opened'), days: fc.option(fc.integer({ min: 1, max: 60 })), filtered: fc.boolean() }).map(({ test, type, days, filtered }): Condition => ({ subject: { of: 'count', what: 'events', event: type, days, where: filtered ? overTotal : null }, kind: 'number', ...test })),
  fc.record({ test: numberTest, filtered: fc.boolean() }).map(({ test, filtered }): Condition => ({ subject: { of: 'count', what: 'deals', where: filtered ? overStage : null }, kind: 'number', ...test })),
  fc.record({ test: numberTest }).map(({ test }): Condition => ({ subject: { of: 'balance', balanceId: 'b1' }, kind: 'number', ...test })),
  fc.record({ test: numberTest }).map(({ test }): Condition => ({ subject: { of: 'last', event: 'order.created', property: 'total' }, kind: 'number', ...test })),
  fc.record({ operator: fc.constantFrom('isKnown', 'isUnknown') }).map(({ operator }): Condition => ({ subject: { of: 'last', event: 'email.opened', property: null }, kind: 'date', operator })),
  fc.record({ operator: fc.constantFrom('anyOf', 'noneOf') }).map(({ operator }): Condition => ({ subject: { of: 'tiers' }, kind: 'choices', operator, value: ['t1'] }))
); // prettier-ignore

const { tree: trees } = fc.letrec<{ tree: FilterTree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    conditions,
    fc.record({ op: fc.constantFrom('all' as const, 'any' as const), of: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ op: fc.constant('not' as const), of: tie('tree') })
  )
}));

const inSegment: FilterTree = { subject: { of: 'lists' }, kind: 'choices', operator: 'anyOf', value: ['l2'] };
const segment: Segment = { id: 'g1', name: 'g1', filters: inSegment, createdAt: START, updatedAt: START };

/** The plain meaning of a tree: rows looked through one by one, nothing compiled, loaded or planned. */
function naive(tree: FilterTree, one: Contact, workspace: Workspace): boolean {
  if (!isCondition(tree)) {
    if (tree.op === 'not') return !naive(tree.of, one, workspace);
    return tree.op === 'all'
      ? tree.of.every((part) => naive(part, one, workspace))
      : tree.of.length === 0 || tree.of.some((part) => naive(part, one, workspace));
  }
  const { subject, operator, value } = tree;
  const number = (given: number | undefined): boolean => {
    const operand = Number(value);
    if (given === undefined) return operator === 'differs';
    if (operator === 'equals') return given === operand;
    if (operator === 'differs') return given !== operand;
    if (operator === 'below') return given < operand;
    return operator === 'atLeast' ? given >= operand : given > operand;
  };
  const choices = (given: readonly string[]): boolean => {
    const wanted = value as string[];
    if (operator === 'allOf') return wanted.every((id) => given.includes(id));
    return wanted.some((id) => given.includes(id)) === (operator === 'anyOf');
  };
  const member = workspace.memberships.find(
    ({ contactId, revokedAt }) => contactId === one.id && revokedAt === undefined
  );
  const done = (type: string) => workspace.events.filter((event) => event.contactId === one.id && event.type === type);
  const totalOf = (event: EventRow) => (event.properties.total as { minor: number }).minor / 100;
  switch (subject.of) {
    case 'lists':
      return choices(one.listIds);
    case 'segments':
      return choices(one.listIds.includes('l2') ? ['g1'] : []);
    case 'contact':
      return choices(one.companyId === undefined ? [] : [one.companyId]);
    case 'tiers':
      return choices(member?.tierId ? [member.tierId] : []);
    case 'balance':
      return number(member?.balances.b1);
    case 'last': {
      const last = done(subject.event).sort((left, right) => right.occurredAt - left.occurredAt)[0];
      return subject.property === null
        ? (last !== undefined) === (operator === 'isKnown')
        : number(last && totalOf(last));
    }
    case 'count': {
      if (subject.what === 'deals') {
        const deals = workspace.deals.filter(({ contactIds }) => contactIds.includes(one.id));
        return number(deals.filter(({ stageId }) => !subject.where || stageId === 's1').length);
      }
      const { days } = subject;
      const counted = done(subject.event ?? '').filter(
        (event) =>
          (days === null || days === undefined || event.occurredAt >= START - days * DAY) &&
          (!subject.where || totalOf(event) >= 5)
      );
      return number(counted.length);
    }
    default:
      throw new Error(subject.of);
  }
}

test('whatever way the contacts are found, they are those whom the tree plainly means', async () => {
  await fc.assert(
    fc.asyncProperty(workspaces, trees, async (workspace, tree) => {
      const storage = new MemoryStorage();
      const { contacts, events, deals, memberships } = workspace;
      const rows: Change[] = [
        create('settings', 'workspace', settingsRow()),
        create('segments', 'g1', segment),
        ...['l1', 'l2'].map((id) => create('lists', id, list(id))),
        ...contacts.map((row) => create('contacts', row.id, row)),
        ...deals.map((row) => create('deals', row.id, row)),
        ...memberships.map((row) => create('memberships', row.id, row))
      ];
      await storage.transact(async (transaction) => {
        await transaction.apply([...rows, ...(await keptEvents(transaction, events))]);
      });
      const found: string[] = [];
      for await (const { ids } of matchingContacts(storage, tree, START)) found.push(...ids);
      const meant = contacts
        .filter((one) => one.hiddenAt === undefined && naive(tree, one, workspace))
        .map(({ id }) => id);
      expect(found.sort()).toEqual(meant);
    }),
    { numRuns: 600 }
  );
});
