import {
  emailBounced,
  emailComplained,
  emailDelivered,
  emailLinkClicked,
  emailOpened,
  emailUnsubscribed
} from '$lib/core/events/emails';
import type { InboxKind } from '$lib/core/inbox';
import { SECOND, type Instant } from '$lib/core/instants';
import type { IncomingFact } from '$lib/core/sources';
import { TEST_TAG } from '$lib/core/test-messages';

/** What became of an email: an event's type, with what is its own. */
export interface Fate {
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export const delivered: Fate = { type: emailDelivered.type, properties: {} };
export const complained: Fate = { type: emailComplained.type, properties: {} };
export const unsubscribed: Fate = { type: emailUnsubscribed.type, properties: { listId: '' } };

/** `machineOpen`: the vendor says that no person looked, such as Apple's proxy. */
export function opened(machineOpen = false): Fate {
  return { type: emailOpened.type, properties: { machineOpen } };
}

/** Of a link that is no web address (`mailto:`), the address is left out. */
export function clicked(url: string | null): Fate {
  const isWeb = url !== null && /^https?:\/\/[^\s/$.?#]\S*$/i.test(url) && url.length <= 2_000;
  return { type: emailLinkClicked.type, properties: { url: isWeb ? url : '' } };
}

/** `hard`: for good. `reason`: in the words of the reader's server, or the vendor's. */
export function bounced(hard: boolean, reason: string | null): Fate {
  return { type: emailBounced.type, properties: { hard, reason: reason ?? '' } };
}

/** All that `emailFacts` may yield; Scaleway for one tells less. */
export const EMAIL_FATES: readonly string[] = [
  emailBounced.type,
  emailComplained.type,
  emailDelivered.type,
  emailLinkClicked.type,
  emailOpened.type,
  emailUnsubscribed.type
];

/**
 * `messageId`: as the adapter stores it. `at` in epoch ms. `isKeyedByMessage`: where the vendor's report names no readers, each message
 * of which is one reader's.
 */
export interface ToldEmail {
  readonly messageId: string;
  readonly email: string | null;
  readonly isKeyedByMessage?: boolean;
  readonly tags?: readonly string[];
  readonly at: Instant;
}

/**
 * The fact that this became of an email. Told again, by another post or by the vendor's report, it has the same key: it counts once a
 * second, message and reader. What a writer does with a test is no fact about a contact, though the address may be one's.
 */
export function emailFacts(
  kind: InboxKind,
  { type, properties }: Fate,
  { messageId, email, isKeyedByMessage = false, tags = [], at }: ToldEmail
): IncomingFact[] {
  if (tags.includes(TEST_TAG)) return [];
  const { url = '', machineOpen = false } = properties as { url?: string; machineOpen?: boolean };
  const second = Math.floor(at / SECOND);
  const detail = machineOpen ? 'machine' : url;
  const reader = isKeyedByMessage ? '' : (email?.toLowerCase() ?? '');
  return [
    {
      type,
      occurredAt: at,
      properties: { messageId, tag: tags[0] ?? '', ...properties },
      dedupeKey: `${kind}:${type}:${messageId}:${reader}:${second}:${detail}`,
      person: { messageId, ...(email === null ? {} : { email }) }
    }
  ];
}
