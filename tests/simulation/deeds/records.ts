import { DAY, HOUR } from '$lib/core/instants';
import { someContact, type Doing, type World } from './deed';

export function joined({ simulation, random }: World): Doing | null {
  const contactId = someContact(simulation, random);
  return contactId === null ? null : { label: 'joins', work: (edits) => edits.loyalty.join('p1', contactId) };
}

export function points({ simulation, random }: World): Doing | null {
  const members = simulation.mirror.all('memberships');
  if (members.length === 0) return null;
  const membershipId = random.pick(members).id;
  if (random.chance(0.15))
    return { label: 'revokes a membership', work: (edits) => edits.loyalty.revoke(membershipId, 'user') };
  const movement = {
    membershipId,
    type: random.pick(['earned', 'redeemed'] as const),
    balanceId: 'b1',
    points: random.pick([10, 60, 150]),
    reason: ''
  };
  return { label: `${movement.type} points`, work: (edits) => edits.loyalty.move(movement) };
}

export function voucher({ simulation, random }: World): Doing | null {
  const open = simulation.mirror.all('vouchers').filter(({ dueAt }) => dueAt !== undefined);
  if (open.length > 0 && random.chance(0.5)) {
    const { id, code } = random.pick(open);
    return random.chance(0.5)
      ? { label: 'redeems a voucher', work: (edits) => edits.loyalty.redeemVoucher(code) }
      : { label: 'revokes a voucher', work: (edits) => edits.loyalty.revokeVoucher(id) };
  }
  const contactId = someContact(simulation, random);
  if (contactId === null) return null;
  const draft = {
    programId: 'p1',
    contactId,
    code: '',
    label: 'Cadeau',
    worth: null,
    expiresAt: simulation.now + random.pick([HOUR, 2 * DAY])
  };
  return { label: 'a voucher', work: (edits) => edits.loyalty.createVoucher(draft) };
}

export function deal({ simulation, random }: World): Doing | null {
  const deals = simulation.mirror.all('deals');
  if (deals.length > 0 && random.chance(0.5)) {
    const { id } = random.pick(deals);
    return { label: 'moves a deal', work: (edits) => edits.deals.move(id, random.pick(['new', 'won', 'signed'])) };
  }
  const contactId = someContact(simulation, random);
  if (contactId === null) return null;
  const draft = {
    ...{ name: 'Affaire', stageId: 'new', amount: { minor: 120_000, currency: 'EUR' }, ownerId: null, companyId: null },
    ...{ contactIds: [contactId], expectedCloseOn: null, attributes: {} }
  };
  return { label: 'a deal', work: (edits) => edits.deals.save(draft) };
}

export function taskDone({ simulation, random }: World): Doing | null {
  const open = simulation.mirror.all('tasks').filter(({ completedAt }) => completedAt === undefined);
  if (open.length === 0) return null;
  const { id } = random.pick(open);
  return { label: 'completes a task', work: (edits) => edits.tasks.complete(id) };
}
