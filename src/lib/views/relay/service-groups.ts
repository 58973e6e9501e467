import type { InboxKind } from '$lib/core/inbox';

/** Who may post to the inbox, by what it is for; in the order in which a creator is likely to look for it. */
export const SERVICE_GROUPS = {
  shops: ['paypal', 'shopify', 'stripe', 'woocommerce'],
  bookings: ['calcom', 'calendly'],
  emails: [
    'ses', 'brevo', 'mailersend', 'mailgun', 'mailjet', 'postmark', 'resend', 'scaleway', 'sendgrid', 'sparkpost'
  ],
  calls: ['aircall', 'ringover', 'twilio'],
  push: ['onesignal', 'wonderpush'],
  conversations: ['crisp', 'intercom'],
  site: ['tracker', 'generic']
} as const satisfies Readonly<Record<string, readonly InboxKind[]>>; // prettier-ignore
export type ServiceGroup = keyof typeof SERVICE_GROUPS;
type Vendor = Exclude<(typeof SERVICE_GROUPS)[ServiceGroup][number], 'tracker' | 'generic'>;

const placed = new Set<InboxKind>(Object.values(SERVICE_GROUPS).flat());

/** Whether it is a service of somebody else, in whose settings the address is to be entered. */
export function isVendor(kind: InboxKind): kind is Vendor {
  return kind !== 'tracker' && kind !== 'generic' && placed.has(kind);
}

/** Those of the groups that can be chosen here, and below them the rest. */
export function grouped<K extends { readonly kind: InboxKind }>(
  kinds: readonly K[]
): readonly { readonly group: ServiceGroup | null; readonly kinds: readonly K[] }[] {
  const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));
  const groups = Object.entries(SERVICE_GROUPS).map(([group, members]) => ({
    group: group as ServiceGroup,
    kinds: members.flatMap((kind) => byKind.get(kind) ?? [])
  }));
  const rest = { group: null, kinds: kinds.filter(({ kind }) => !placed.has(kind)) };
  return [...groups, rest].filter((one) => one.kinds.length > 0);
}
