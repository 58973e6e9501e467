import { create, update } from '$lib/core/changes';
import type { EmailContent, MessagePlace, Render } from '$lib/core/definitions';
import type { ProviderDefinition, SendResult } from '$lib/core/providers';
import type { Instant } from '$lib/core/instants';
import { failed, ok, type Result } from '$lib/core/result';
import type { Account, EmailRequest, Sender, Template } from '$lib/core/rows/messages';
import { KEPT_TESTS, TEST_PREFIX, TEST_TAG, testId, type TestMessage } from '$lib/core/test-messages';
import { words } from '$lib/core/words';
import { parseEmail } from '$lib/records/contacts';
import type { WorkerApi } from '../api';
import type { Desk } from '../desk';
import { fieldsWithSecrets } from '../secrets';
import { inventedPlace } from './invented';

/** An email as it is typed, before it is saved. */
type Typed = Pick<Template, 'subject' | 'html'>;

/**
 * An email that its writer tries: it leaves at once, by the sender's account, and no row of the outbox, no journey, no contact and no
 * count knows of it. Without an account the Sandbox's mailbox shows it.
 */
export function testSending(desk: Desk, render: Render): WorkerApi['templates']['sendTest'] {
  const { parts } = desk;
  return async ({ subject, html, contactId, senderId, to }) => {
    const address = parseEmail(to);
    if (!address.ok) return address;
    const now = parts.now();
    const prepared = await parts.storage.read(async (reader) => {
      const place = await inventedPlace(reader, contactId, now);
      const sender = senderId === null ? inventedSender(now) : place.view.senders.get(senderId);
      if (!sender) return failed(words('words.sender.gone'));
      const rendered = renderTyped(render, { subject, html }, sender, place);
      if (!rendered.ok) return rendered;
      const request = requestOf(rendered.value, sender, address.value.shown);
      if (sender.accountId === null) return ok({ request, account: null });
      const account = place.view.accounts.get(sender.accountId);
      return account ? ok({ request, account }) : failed(words('words.account.gone'));
    });
    if (!prepared.ok) return prepared;
    const { request, account } = prepared.value;
    if (!account) return ok({ mailboxId: await keepInMailbox(desk, { at: now, contactId, request }) });
    const provider = parts.providers.get(account.provider);
    if (provider?.channel !== 'email') return failed(words('words.account.unknown_provider'));
    if (!parts.isOnline()) return failed(words('words.test.offline'));
    return saidOf(await sendNow(desk, provider, account, request));
  };
}

/** Who writes where nobody does yet. */
export function inventedSender(now: Instant): Sender {
  return { id: 'nobody', name: '', email: 'contact@example.com', accountId: null, createdAt: now };
}

/** As readers of the email would get it. */
export function renderTyped(
  render: Render,
  { subject, html }: Typed,
  sender: Sender,
  place: MessagePlace
): Result<EmailContent> {
  const template: Template = {
    id: 'typed',
    name: '',
    channel: 'email',
    subject,
    preheader: '',
    source: { editor: 'html' },
    html,
    createdAt: place.now,
    updatedAt: place.now
  };
  // No page knows of it: whoever leaves by it writes to the sender.
  return render.email({ template, sender: { ...sender, accountId: null }, kind: 'marketing', ...place });
}

function requestOf({ subject, html, text, headers }: EmailContent, sender: Sender, to: string): EmailRequest {
  return {
    channel: 'email',
    kind: 'transactional',
    senderId: sender.id,
    from: { name: sender.name, email: sender.email },
    to: { email: to },
    subject: TEST_PREFIX + subject,
    templateId: 'typed',
    emailName: '',
    tag: TEST_TAG,
    html,
    text,
    headers
  };
}

async function sendNow(
  { parts }: Desk,
  provider: ProviderDefinition,
  account: Account,
  request: EmailRequest
): Promise<SendResult | 'locked'> {
  const fields = await fieldsWithSecrets(provider.fields, account.fields, parts.openSecret);
  const lacksKey = Object.entries(provider.fields).some(
    ([name, { control, required }]) => control.kind === 'secret' && required && fields[name] === null
  );
  if (lacksKey) return 'locked';
  return provider.send({ fields, request, key: testId(parts.newId()), fetch: parts.fetch, now: parts.now() });
}

function saidOf(result: SendResult | 'locked'): Result<{ mailboxId: null }> {
  if (result === 'locked') return failed(words('words.test.locked'));
  if (result.status === 'accepted') return ok({ mailboxId: null });
  return failed(result.status === 'unknown' ? words('words.test.unsure', { reason: result.reason }) : result.reason);
}

function keepInMailbox(desk: Desk, message: Omit<TestMessage, 'id'>): Promise<string> {
  return desk.edit(async (transaction, { newId }) => {
    const kept = await transaction.get('runtime', 'tests');
    const before = kept?.id === 'tests' ? kept.messages : [];
    const id = testId(newId());
    const messages = [{ ...message, id }, ...before].slice(0, KEPT_TESTS);
    const change = kept
      ? update('runtime', 'tests', { messages })
      : create('runtime', 'tests', { id: 'tests', messages });
    return { effect: { changes: [change], events: [] }, value: id };
  });
}
