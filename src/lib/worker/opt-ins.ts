import { create, remove, update, type Change } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import type { Given, Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import type { Confirmation, Form } from '$lib/core/rows/forms';
import type { OptIn } from '$lib/core/rows/opt-ins';
import type { OutboxRow } from '$lib/core/rows/messages';
import type { HandedIn } from '$lib/core/sources';
import type { WorkspaceView } from '$lib/core/tables';
import { words } from '$lib/core/words';
import { NEVER } from '$lib/engine/sending';
import { confirmationEmail } from '$lib/messages/confirmation';
import { pageLookOf } from '$lib/messages/page-look';
import {
  askingId,
  confirmed,
  isAsked,
  optInOf,
  refused,
  shownAnswers,
  type Answers,
  type Submitted,
  type TypedAnswers
} from '$lib/records/forms';
import type { Reader } from '$lib/storage/port';
import { withoutContent } from './content';
import type { Parts } from './parts';

/** What counts once its address is confirmed. */
export interface Unconfirmed {
  readonly form: Form;
  readonly typed: TypedAnswers;
  /** What was typed, in order. */
  readonly answers: Answers;
  /** As it was typed. */
  readonly email: string;
  /** Who has the address already. */
  readonly knownId: Id | undefined;
  /** The post that brought it, and when it is taken in; none of a form that is filled in on this device. */
  readonly post?: { readonly id: string; readonly dedupeKey: string; readonly takenInAt: Instant };
}

const NOTHING: Effect = { changes: [], events: [] };

/** Keeps it until it is confirmed, and writes the email that asks for that, unless one has just been written: then nothing is kept. */
export async function askedToConfirm(
  reader: Reader,
  { form, typed, answers, email, knownId, post }: Unconfirmed,
  { now, newId }: Given,
  { confirmationTexts }: Pick<Parts, 'confirmationTexts'>
): Promise<Effect> {
  const address = email.toLowerCase();
  const waiting = await reader.query('optIns', { index: 'address', equals: address });
  const before = waiting.filter(({ formId }) => formId === form.id);
  if (post && before.some(({ dedupeKey }) => dedupeKey === post.dedupeKey)) return NOTHING;
  if (before.some(({ refusedAt }) => refusedAt !== undefined)) return NOTHING;
  const last = before.sort((one, other) => other.askedAt - one.askedAt)[0];
  const lastEmail = last && (await reader.get('outbox', askingId(last, last.asked)));
  const at = post?.takenInAt ?? now;
  if (!isAsked(last, lastEmail?.status === 'queued', at)) return NOTHING;
  const submission = { typed, address, handedInAt: now, dedupeKey: post?.dedupeKey };
  const optIn = optInOf(form, submission, post?.id ?? newId(), at);
  const row = asking(
    form,
    optIn,
    { email, answers, contactId: knownId ?? optIn.id },
    await reader.view(),
    confirmationTexts
  );
  return { changes: [create('optIns', optIn.id, optIn), create('outbox', row.id, row)], events: [] };
}

/** What is done on the page to confirm an address, or on the form to which it leads. */
export type ConfirmDeed = Extract<HandedIn, { page: 'confirm' | 'refuse' | 'own' }>;

/**
 * The opt-in that this post is about; null where there is nothing to be done any more: it was confirmed or refused before, its person
 * was erased, or it has lapsed. Who has refused somebody else's answers may still give their own.
 */
export async function meantOptIn(reader: Reader, { optInId, page, post }: ConfirmDeed): Promise<OptIn | null> {
  const optIn = await reader.get('optIns', optInId);
  if (!optIn || post.receivedAt > optIn.dueAt) return null;
  return optIn.refusedAt === undefined || page === 'own' ? optIn : null;
}

/**
 * What the form does is done, and the emails that asked for a confirmation are the contact's. One that has not left does not leave any
 * more, and what else was asked about of this form is void: whoever reads the address has confirmed what they meant.
 */
export async function effectOfConfirmation(
  reader: Reader,
  submitted: Submitted,
  optIn: OptIn,
  at: number
): Promise<Effect> {
  const { contactId, changes, events } = confirmed(submitted, optIn, at);
  const all = await reader.query('optIns', { index: 'address', equals: optIn.address });
  const asked = all.filter(({ formId }) => formId === optIn.formId);
  const rows = await askingRows(reader, asked);
  const theirs = rows.map((row): Change => {
    const stays = row.status === 'queued' ? { status: 'cancelled', ...withoutContent(row) } : {};
    return update('outbox', row.id, { contactId: contactId ?? row.contactId, ...stays });
  });
  return { changes: [...changes, ...asked.map(({ id }) => remove('optIns', id)), ...theirs], events };
}

/** Its answers go, and so does the email that has not left yet. */
export async function effectOfRefusal(reader: Reader, optIn: OptIn, at: Instant): Promise<Effect> {
  const queued = (await askingRows(reader, [optIn])).filter(({ status }) => status === 'queued');
  const gone = queued.map((row) => update('outbox', row.id, { status: 'cancelled', ...withoutContent(row) }));
  return { changes: [update('optIns', optIn.id, refused(at)), ...gone], events: [] };
}

/** The emails that have asked for these confirmations, or are to. */
export async function askingRows(reader: Reader, optIns: readonly OptIn[]): Promise<OutboxRow[]> {
  const ids = optIns.flatMap((optIn) => Array.from({ length: optIn.asked }, (_, at) => askingId(optIn, at + 1)));
  return (await reader.getMany('outbox', ids)).flatMap((row) => row ?? []);
}

/** Where the form itself asks for no confirmation: in our words, from whoever sends. */
const IN_OUR_WORDS: Confirmation = { senderId: '', subject: '', text: '', button: '' };

function asking(
  form: Form,
  optIn: OptIn,
  { email, answers, contactId }: { email: string; answers: Answers; contactId: Id },
  view: WorkspaceView,
  textsOf: Parts['confirmationTexts']
): OutboxRow {
  const language = view.settings.get('workspace')?.language ?? 'fr';
  const { id, name, confirmation = IN_OUR_WORDS } = form;
  const texts = textsOf(language, form.type);
  const shown = shownAnswers(form, answers, view.attributes, language, texts);
  const { subject, html, text } = confirmationEmail(confirmation, texts, pageLookOf(view), language, shown);
  const senders = [...view.senders.values()];
  const sender =
    view.senders.get(confirmation.senderId) ?? senders.find(({ accountId }) => accountId !== null) ?? senders[0];
  return {
    id: askingId(optIn, optIn.asked),
    ...(sender
      ? { status: 'queued', dueAt: optIn.askedAt }
      : { status: 'failed', dueAt: NEVER, reason: words('words.sender.gone') }),
    createdAt: optIn.askedAt,
    contactId,
    automationId: id,
    enrolmentId: optIn.id,
    stepId: 'confirm',
    visit: optIn.asked,
    accountId: sender?.accountId ?? null,
    request: {
      channel: 'email',
      kind: 'transactional',
      senderId: sender?.id ?? confirmation.senderId,
      from: { name: sender?.name ?? '', email: sender?.email ?? '' },
      to: { email },
      subject,
      templateId: id,
      emailName: name,
      html,
      text
    },
    attempts: 0,
    byHand: true,
    optInId: optIn.id
  };
}
