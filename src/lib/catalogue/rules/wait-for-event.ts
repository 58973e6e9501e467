import { addDuration } from '$lib/core/calendar';
import { defineRule, type RuleArgs, type StepArgs } from '$lib/core/definitions';
import { EVENT_TYPES } from '$lib/core/events';
import { choice, eventType, limit, triggerFields } from '$lib/core/fields';
import type { FilterTree } from '$lib/core/filter-tree';
import type { Instant } from '$lib/core/instants';
import type { Enrolment } from '$lib/core/rows/automations';
import type { EventRow } from '$lib/core/rows/events';
import { durationWords, instantWords, words } from '$lib/core/words';
import { needsOf } from '$lib/filters/needs';
import { filterTime } from '$lib/filters/time';

const waitFields = {
  event: eventType('email.opened', { triggersOnly: true }),
  settings: triggerFields('event'),
  limit: limit({ amount: 3, unit: 'days' }),
  /** `auto`: that very message of the journey for events of messages, since this step for the rest. */
  window: choice(['auto', 'last_send', 'step', 'entry'], 'auto')
};
type EventWait = Extract<NonNullable<Enrolment['wait']>, { for: 'event' }>;

export default defineRule({
  id: 'rule.wait_for_event',
  group: 'rules',
  icon: 'hourglass',
  version: 2,
  fields: waitFields,
  /** Version 1 had filters on the event alone; since then it has all that a trigger of this event has. */
  upgrade: ({ filters, ...fields }) => ({ ...fields, settings: { filters: filters ?? null } }),
  sentence: ({ fields }) => {
    const event = words(`catalogue.${fields.event}.name`);
    return fields.limit === null
      ? words('catalogue.rule.wait_for_event.sentence_no_limit', { event })
      : words('catalogue.rule.wait_for_event.sentence', { event, limit: durationWords(fields.limit) });
  },
  check: ({ fields }) =>
    EVENT_TYPES.has(fields.event) ? [] : [{ field: 'event', words: words('words.problem.event_unknown') }],
  branches: ({ limit }) => (limit === null ? ['yes'] : ['yes', 'no']),
  passesTime: false,
  needs: ({ fields, view, now }) =>
    needsOf((fields.settings.filters ?? null) as FilterTree | null, filterTime(view, now)),
  enter: (args) => {
    const wait = waitOf(args);
    const happened = happenedSince(args, sinceOf(args, wait));
    if (happened === null) return { needs: { since: sinceOf(args, wait) } };
    const found = happened.find((event) => answers(wait, event, args));
    if (found) return metBy(found, args.at);
    const text =
      wait.limit === null
        ? words('words.step.waits_for_event')
        : words('words.step.waits_for_event_until', { until: instantWords(wait.limit) });
    return { wait, words: text };
  },
  wake: (args) => {
    const wait = args.enrolment.wait?.for === 'event' ? args.enrolment.wait : waitOf(args);
    if (args.cause.by === 'event')
      return answers(wait, args.cause.event, args) ? metBy(args.cause.event, args.at) : { wait };
    // Whatever was learnt since comes first: an event before the limit wins, however late it is known.
    const happened = happenedSince(args, sinceOf(args, wait));
    if (happened === null) return { needs: { since: sinceOf(args, wait) } };
    const found = happened.find((event) => answers(wait, event, args));
    if (found) return metBy(found, args.at);
    if (wait.limit !== null && wait.limit <= args.now) {
      const { unread } = args.cause;
      const text =
        unread === undefined
          ? words('words.step.limit_passed')
          : words('words.step.limit_passed_unread', { source: unread });
      return { branch: 'no', at: wait.limit, words: text };
    }
    return { wait };
  },
  examples: [{ fields: { event: 'email.opened' }, branch: null }]
});

function metBy(event: EventRow, at: Instant) {
  return {
    branch: 'yes',
    at: Math.max(event.occurredAt, at),
    words: words('words.step.event_came', { at: instantWords(event.occurredAt) }),
    eventId: event.id
  };
}

function waitOf({ fields, enrolment, at, contact, view }: StepArgs<typeof waitFields>): EventWait {
  const timeZone = contact.timeZone ?? view.settings.get('workspace')?.timeZone ?? 'UTC';
  const ofMessage = EVENT_TYPES.get(fields.event)?.messageProperty !== undefined;
  const scope = fields.window === 'auto' ? (ofMessage ? 'last_send' : 'step') : fields.window;
  const lastSend = enrolment.sends.at(-1);
  const from =
    scope === 'last_send' && lastSend ? lastSend.at : beganAt(enrolment, scope === 'step' ? at : enrolment.enteredAt);
  return {
    for: 'event',
    event: fields.event,
    from,
    limit: fields.limit === null ? null : addDuration(at, fields.limit, timeZone),
    messageIds: scope === 'last_send' && ofMessage && lastSend ? [lastSend.messageId] : null
  };
}

/** What let the contact in may be learnt late, together with what came after it: a journey that has only begun counts from then. */
function beganAt({ enteredAt, event }: StepArgs<typeof waitFields>['enrolment'], at: Instant): Instant {
  return at === enteredAt ? Math.min(at, event.occurredAt) : at;
}

/** Clocks of providers differ from ours: what is matched by message is looked for from the journey's beginning. */
function sinceOf({ enrolment }: StepArgs<typeof waitFields>, wait: EventWait): Instant {
  return wait.messageIds === null ? wait.from : enrolment.enteredAt - CLOCK_DIFFERENCE;
}

const CLOCK_DIFFERENCE = 600_000;

/** The contact's events since an instant, oldest first; null where they are not loaded so far back. */
function happenedSince({ related: { events } }: StepArgs<typeof waitFields>, since: Instant): EventRow[] | null {
  return events === undefined || events.since > since
    ? null
    : events.rows.filter(({ occurredAt }) => occurredAt >= since);
}

/** Whether an event is the awaited one: compared by its own time, or by the message that it speaks of. */
function answers(wait: EventWait, event: EventRow, args: RuleArgs<typeof waitFields>): boolean {
  const { fields, enrolment, admits } = args;
  if (event.type !== wait.event || event.id === enrolment.event.id) return false;
  const property = EVENT_TYPES.get(event.type)?.messageProperty;
  if (wait.messageIds !== null) {
    if (property === undefined || !wait.messageIds.includes(String(event.properties[property]))) return false;
  } else if (event.occurredAt < wait.from) return false;
  if (wait.limit !== null && event.occurredAt > wait.limit) return false;
  return admits(fields.event, fields.settings, event);
}
