import { momentInstant } from '$lib/core/calendar';
import type { Outgoing, StepArgs } from '$lib/core/definitions';
import { failurePolicy, moment, reference, text, type Fields } from '$lib/core/fields';
import type { WalletRequest } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import type { Render } from '$lib/core/definitions';

/** What all steps on passes ask for. `accountId` null: the Sandbox. */
export const account = { accountId: reference('accounts', { channel: 'wallet' }) };
export const campaign = { campaignId: text({ required: true, max: 200 }) };
export const notification = { text: text({ required: true, long: true, liquid: true, max: 500 }) };
export const timing = { when: moment(), onFailure: failurePolicy() };

type Args = Pick<StepArgs<Fields>, 'contact' | 'event' | 'related' | 'view' | 'at' | 'now'> & {
  readonly render: Render;
};

/** A call about all passes of the contact; skipped, in words, where there is none. */
export function walletRequest(
  operation: WalletRequest['operation'],
  fields: {
    readonly accountId: string | null;
    readonly when: Parameters<typeof momentInstant>[0] | null;
    readonly campaignId?: string;
    readonly text?: string;
  },
  { contact, event, related, view, at, now, render }: Args
): Outgoing {
  const passes = (related.identities ?? []).filter(({ kind }) => kind === 'pass').map(({ value }) => value);
  if (passes.length === 0) return { skip: words('words.step.no_pass') };
  const said = fields.text === undefined ? null : render.text({ contact, event, view, now, liquid: fields.text });
  if (said?.ok === false) return { fail: said.reason };
  if (said?.value.trim() === '') return { fail: words('words.step.empty_message') };
  const timeZone = view.settings.get('workspace')?.timeZone ?? 'UTC';
  return {
    accountId: fields.accountId,
    ...(fields.when === null ? {} : { at: momentInstant(fields.when, at, timeZone) }),
    send: {
      channel: 'wallet',
      operation,
      passes,
      ...(fields.campaignId === undefined ? {} : { campaignId: fields.campaignId.trim() }),
      ...(said === null ? {} : { text: said.value.trim() })
    }
  };
}

/** For the examples: a contact with a pass, and one without. */
export const withPass = { identities: [{ kind: 'pass', value: 'sn-1', contactId: 'c1' }] } as const;
export const withoutPass = { identities: [{ kind: 'push', value: 'd1', contactId: 'c1' }] } as const;
