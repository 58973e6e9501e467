import { HOUR, type Instant } from '$lib/core/instants';
import { formSubmitted } from '$lib/core/events/forms';
import type { Id } from '$lib/core/ids';
import type { Contact } from '$lib/core/rows/contacts';
import type { Form } from '$lib/core/rows/forms';
import { OPT_IN_LASTS, type OptIn } from '$lib/core/rows/opt-ins';
import type { Answers, TypedAnswers } from './answers';
import { agreesAnew, type Submitted } from './submit';

/** An address is asked again, but no more often than that: others may type it in. */
const ASKED_AGAIN = HOUR;

/**
 * Whether this form, filled in like this, counts only once its address is confirmed: where its maker wants it so, and where somebody who
 * is `known` would lose what was theirs though anybody may have typed it (`isTheirs`: nobody else has).
 */
export function needsConfirmation(form: Form, answers: Answers, known: Contact | null, isTheirs: boolean): boolean {
  if (answers.email === undefined) return false;
  if (form.type === 'sign_up' && form.confirmation !== undefined) return true;
  return !isTheirs && ((form.type === 'profile_update' && known !== null) || agreesAnew(form, answers, known));
}

/** What is known of a submission that has to be confirmed. */
export interface Submission {
  readonly typed: TypedAnswers;
  /** In lower case. */
  readonly address: string;
  readonly handedInAt: Instant;
  readonly dedupeKey?: string | undefined;
}

/**
 * Whether an address is asked to confirm what was handed in now. `last`: what it was asked before about the same form; `isWaiting`: that
 * email has not left yet. Where it is not, nothing is kept of this: what was asked about is what a click confirms, whoever may have
 * typed in something else meanwhile.
 */
export function isAsked(last: Pick<OptIn, 'askedAt'> | undefined, isWaiting: boolean, now: Instant): boolean {
  return last === undefined || (!isWaiting && now - last.askedAt >= ASKED_AGAIN);
}

/** What one email asks about, written now: maybe days after it was handed in. */
export function optInOf(
  { id: formId }: Pick<Form, 'id'>,
  { typed: { values, consent }, address, handedInAt, dedupeKey }: Submission,
  id: Id,
  now: Instant
): OptIn {
  const said = { values: { ...values }, consent, handedInAt, ...(dedupeKey === undefined ? {} : { dedupeKey }) };
  return { id, formId, address, ...said, asked: 1, askedAt: now, dueAt: now + OPT_IN_LASTS };
}

/** What is left once its reader has said that it was not them: nothing of what was typed, and that they are not to be asked again. */
export function refused(at: Instant): Partial<OptIn> {
  return { values: {}, consent: false, refusedAt: at, dueAt: at + OPT_IN_LASTS };
}

/** What the form does now that its address is confirmed: it was agreed to when it was handed in, and counts from now on. */
export function confirmed(submitted: Submitted, { handedInAt }: Pick<OptIn, 'handedInAt'>, at: Instant): Submitted {
  const events = submitted.events.map((event) => {
    if (event.type !== formSubmitted.type) return event;
    const { consentAt } = event.properties;
    return {
      ...event,
      properties: { ...event.properties, confirmedAt: at, consentAt: consentAt === null ? null : handedInAt }
    };
  });
  return { ...submitted, events };
}

/** Of the emails that ask for a confirmation, each is a row of the outbox: the key under which it is sent once. */
export function askingId({ id }: Pick<OptIn, 'id'>, time: number): Id {
  return `${id}/confirm/${time}`;
}
