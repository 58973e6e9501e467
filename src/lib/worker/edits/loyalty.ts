import { create, remove, update } from '$lib/core/changes';
import type { Given, Id } from '$lib/core/ids';
import { failed, ok, type Result } from '$lib/core/result';
import type { Voucher } from '$lib/core/rows/loyalty';
import { words } from '$lib/core/words';
import { together } from '$lib/records/contacts';
import {
  adjustPoints,
  codeOf,
  createVoucher,
  earnPoints,
  join,
  programRefusal,
  redeemPoints,
  redeemVoucher,
  refit,
  revoke,
  revokeVoucher,
  tidyCode,
  type LoyaltyGiven
} from '$lib/records/loyalty';
import type { Transaction } from '$lib/storage/port';
import type { WorkerApi } from '../api';
import { NO_EFFECT, type Desk, type Edited } from '../desk';
import type { Removals, Step } from '../removals';
import { namedRefusal } from './names';

/** Rows in one transaction. */
const BATCH = 500;

export function programEdits(desk: Desk, removals: Removals): WorkerApi['programs'] {
  return {
    save: async ({ id, ...draft }) => {
      const saved = await desk.tryEdit(async (transaction, { now, newId }) => {
        const { programs } = await transaction.view();
        const refused = namedRefusal([...programs.values()], draft.name, id);
        if (refused) return failed(refused);
        const value = id ?? newId();
        const before = programs.get(value);
        const fields = { ...draft, name: draft.name.trim() };
        const others = [...programs.values()].filter((other) => other.id !== value);
        const wrong = programRefusal({ ...fields, id: value, createdAt: before?.createdAt ?? now }, others);
        if (wrong) return failed(wrong);
        const change = before
          ? update('programs', value, fields)
          : create('programs', value, { ...fields, id: value, createdAt: now });
        return ok({ effect: { changes: [change], events: [] }, value });
      });
      if (saved.ok && id !== undefined) await refitAll(desk, id);
      return saved;
    },
    remove: (id) =>
      removals.remove(async (step) => {
        // The programme first: from then on nothing comes to it.
        const removed = await step(async (transaction) => {
          if (!(await transaction.get('programs', id))) return failed(words('words.loyalty.program_gone'));
          return ok({ effect: { changes: [remove('programs', id)], events: [] }, value: undefined });
        });
        if (!removed.ok) return removed;
        for (;;) {
          const left = await emptied(step, id);
          if (!left.ok || left.value === 0) return left;
        }
      })
  };
}

export function loyaltyEdits(desk: Desk): WorkerApi['loyalty'] {
  return {
    join: (programId, contactId) =>
      desk.tryEdit(async (transaction, given) => {
        const view = await transaction.view();
        const program = view.programs.get(programId);
        if (!program) return failed(words('words.loyalty.program_gone'));
        if (!(await transaction.get('contacts', contactId))) return failed(words('words.contact.gone'));
        const before = await transaction.get('memberships', `${programId}/${contactId}`);
        const joined = join(program, contactId, before, await zoned(transaction, given));
        return joined.ok ? ok({ effect: joined.value, value: joined.value.membership.id }) : joined;
      }),
    revoke: (id, by) =>
      desk.tryEdit(async (transaction, given): Promise<Result<Edited<undefined>>> => {
        const membership = await transaction.get('memberships', id);
        if (!membership) return failed(words('words.loyalty.not_a_member'));
        const revoked = revoke(membership, by, await zoned(transaction, given));
        return revoked.ok ? ok({ effect: revoked.value, value: undefined }) : revoked;
      }),
    move: ({ membershipId, type, balanceId, points, reason }) =>
      desk.tryEdit(async (transaction, given): Promise<Result<Edited<undefined>>> => {
        const { programs } = await transaction.view();
        const membership = await transaction.get('memberships', membershipId);
        const program = programs.get(membership?.programId ?? '');
        if (!membership || !program) return failed(words('words.loyalty.not_a_member'));
        const rows = await transaction.query('ledger', { index: 'contactId', equals: membership.contactId });
        const lots = rows.filter((row) => row.membershipId === membershipId && (row.left ?? 0) > 0);
        const move = { earned: earnPoints, redeemed: redeemPoints, adjusted: adjustPoints }[type];
        const text = reason.trim();
        const movement = { balanceId, points, ...(text === '' ? {} : { reason: text.slice(0, 200) }) };
        const moved = move({ program, membership, lots }, movement, await zoned(transaction, given));
        return moved.ok ? ok({ effect: moved.value, value: undefined }) : moved;
      }),
    createVoucher: (draft) =>
      desk.tryEdit(async (transaction, given) => {
        const { programs } = await transaction.view();
        if (!programs.has(draft.programId)) return failed(words('words.loyalty.program_gone'));
        if (!(await transaction.get('contacts', draft.contactId))) return failed(words('words.contact.gone'));
        const typed = tidyCode(draft.code);
        const code = typed === '' ? await freeCode(transaction, given) : typed;
        const taken = await withCode(transaction, code);
        const made = createVoucher({ ...draft, code }, taken !== undefined, given);
        return made.ok ? ok({ effect: made.value, value: made.value.voucher }) : made;
      }),
    redeemVoucher: (code) =>
      onVoucher(
        desk,
        async (transaction) => withCode(transaction, tidyCode(code)),
        (voucher, given) => redeemVoucher(voucher, given)
      ),
    revokeVoucher: (id) =>
      onVoucher(
        desk,
        (transaction) => transaction.get('vouchers', id),
        (voucher, given) => revokeVoucher(voucher, given)
      )
  };
}

function onVoucher(
  desk: Desk,
  find: (transaction: Transaction) => Promise<Voucher | undefined>,
  work: (voucher: Voucher, given: Given) => ReturnType<typeof redeemVoucher>
): Promise<Result<Voucher>> {
  return desk.tryEdit(async (transaction, given): Promise<Result<Edited<Voucher>>> => {
    const voucher = await find(transaction);
    if (!voucher) return failed(words('words.voucher.gone'));
    const done = work(voucher, given);
    return done.ok ? ok({ effect: done.value, value: voucher }) : done;
  });
}

/** One voucher has one code, in whichever programme. */
async function withCode(transaction: Transaction, code: string): Promise<Voucher | undefined> {
  const [voucher] = await transaction.query('vouchers', { index: 'code', equals: code, limit: 1 });
  return voucher;
}

async function freeCode(transaction: Transaction, { newId }: Given): Promise<string> {
  let code = codeOf(newId());
  while (await withCode(transaction, code)) code = codeOf(newId());
  return code;
}

async function zoned(transaction: Transaction, given: Given): Promise<LoyaltyGiven> {
  const { settings } = await transaction.view();
  return { ...given, timeZone: settings.get('workspace')?.timeZone ?? 'UTC' };
}

/** Thresholds may have moved, balances may be new: every member gets what follows from that. */
async function refitAll(desk: Desk, programId: Id): Promise<void> {
  for (let after: Id | null = `${programId}/`; after !== null;) {
    const from: Id = after;
    after = await desk.edit(async (transaction, given): Promise<Edited<Id | null>> => {
      const program = (await transaction.view()).programs.get(programId);
      // Ids of memberships begin with the programme's.
      const members = await transaction.query('memberships', { from, to: `${programId}/\uffff`, limit: BATCH });
      if (!program) return { effect: NO_EFFECT, value: null };
      const all = await zoned(transaction, given);
      const last = members.at(-1);
      return {
        effect: together(...members.map((membership) => refit(program, membership, all))),
        value: last !== undefined && members.length === BATCH ? `${last.id}\u0000` : null
      };
    });
  }
}

/** Takes away what belongs to a programme that is gone, some rows in each transaction. */
function emptied(step: Step, programId: Id): Promise<Result<number>> {
  return step(async (transaction) => {
    const query = { index: 'programId', equals: programId, limit: BATCH };
    const members = await transaction.query('memberships', query);
    const vouchers = await transaction.query('vouchers', query);
    const lines = await transaction.query('ledger', {
      index: 'contactId',
      anyOf: members.map(({ contactId }) => contactId)
    });
    const changes = [
      ...members.map(({ id }) => remove('memberships', id)),
      ...vouchers.map(({ id }) => remove('vouchers', id)),
      ...lines.filter((line) => line.programId === programId).map(({ id }) => remove('ledger', id))
    ];
    return ok({ effect: { changes, events: [] }, value: changes.length });
  });
}
