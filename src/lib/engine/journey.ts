import { addDuration } from '$lib/core/calendar';
import { applyChange, create, type Change } from '$lib/core/changes';
import type {
  Effect,
  RuleArgs,
  RuleDefinition,
  RuleOutcome,
  Settled,
  StepArgs,
  StepDefinition,
  WakeCause
} from '$lib/core/definitions';
import { initialValues, type FailurePolicy, type Fields } from '$lib/core/fields';
import type { StepNode } from '$lib/core/graph';
import type { Instant } from '$lib/core/instants';
import type { Enrolment, JournalEntry, Version } from '$lib/core/rows/automations';
import type { Contact } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';
import type { OutboxRow } from '$lib/core/rows/messages';
import { isLoaded, type Needs, type Related } from '$lib/core/related';
import { fieldsOf } from '$lib/core/unit-fields';
import { instantWords, words, type Words } from '$lib/core/words';
import { aheadId, leavingTime, messageMet, withoutAhead, type Sending } from './ahead';
import { admitsBy } from './match';
import { relatedAfter } from './related';
import { atEnd, moving, waiting } from './states';
import { outboxId, stepOf } from './steps';
import type { Advanced, Cause, Needy, Surroundings } from './causes';
import type { Destination } from './switching';

/** It is where it will be for now: waiting, or at its end. */
export const STAYS = 'stays';

/** What a step comes to: the next step (null: the end of the path), a need, or a stop. */
type Onward = { readonly to: string | null } | Needy | typeof STAYS;

/** An enrolment that makes this many moves, or as many as it has steps, without time passing is in a loop. */
const MOVES_WITHOUT_TIME = 100;

/** One advance under way: the enrolment and the contact as they become, and the effects so far. */
export class Journey {
  private readonly changes: Change[];
  private readonly events: EventRow[] = [];
  private readonly entries: JournalEntry[] = [];
  private enrolment: Enrolment;
  private contact: Contact;
  private related: Related;
  /** It begins just now: no other device has brought it further. */
  private readonly isNew: boolean;

  constructor(
    enrolment: Enrolment,
    private readonly version: Version,
    private readonly surroundings: Surroundings,
    changes: readonly Change[] = []
  ) {
    this.changes = [...changes];
    this.contact = surroundings.contact;
    this.related = surroundings.related;
    this.enrolment = { ...enrolment };
    this.isNew = Object.keys(enrolment.visits).length === 0;
  }

  result(): Advanced {
    const { enrolment, contact, related, changes, events, entries } = this;
    return { enrolment, contact, related, changes, events, entries };
  }

  run(cause: Exclude<Cause, { by: 'version' }>): Needy | typeof STAYS {
    if (cause.by === 'entry') {
      this.note('entered', { eventId: this.enrolment.event.id });
      return this.goTo(this.version.graph.entry);
    }
    const step = stepOf(this.version.graph, this.enrolment.stepId);
    const definition = step && this.surroundings.catalogue.steps.get(step.unit);
    if (!step || !definition) return this.end('failed', words('words.engine.step_gone'));
    if (cause.by === 'outbox') return this.follow(this.settle(step, definition, cause.result));
    if (cause.by === 'recall') return this.follow(this.makeAgain(step));
    if (cause.by === 'person') return this.follow(this.obey(step, cause.does));
    return this.follow(this.wake(step, definition, cause));
  }

  /** From another version: at its step, whose wait is made anew where its settings have changed, or at the next one that is left. */
  arriveIn(from: Version, destination: Exclude<Destination, { goes: 'out' }>): Needy | typeof STAYS {
    const { wait, stepId } = this.enrolment;
    this.note('switched', { words: words('words.engine.switched', { from: from.number, to: this.version.number }) });
    if (destination.goes === 'on') return this.follow(this.onFrom(destination.to));
    const step = stepOf(this.version.graph, stepId);
    const definition = step && this.surroundings.catalogue.steps.get(step.unit);
    if (!step || !definition || !wait) return this.end('failed', words('words.engine.step_gone'));
    if (destination.remade && definition.kind === 'rule') return this.follow(this.enterRule(step, definition));
    this.holdOn(wait);
    return STAYS;
  }

  private follow(onward: Onward): Needy | typeof STAYS {
    if (onward === STAYS || 'needs' in onward) return onward;
    this.enrolment = moving(this.enrolment);
    return this.goTo(onward.to);
  }

  /** A step that is reached from outside the graph counts from now. */
  private onFrom(to: string): Onward {
    const { now } = this.surroundings;
    if (now > this.enrolment.since) this.passTime(now);
    return { to };
  }

  /** What is tried again is another visit: made from what is there now, and under a key of its own. */
  private obey(step: StepNode, does: Extract<Cause, { by: 'person' }>['does']): Onward {
    const waits = this.enrolment.wait?.for;
    if (does === 'send_again') {
      if (waits === 'outbox') this.note('woke', { words: words('words.step.sent_again_by_you') });
      return STAYS;
    }
    if (waits !== 'person') return STAYS;
    if (does === 'skip') {
      this.onFrom(step.id);
      return this.leave(step, { branch: 'sent', words: words('words.step.skipped_by_you') });
    }
    this.note('woke', { words: words('words.step.retried_by_you') });
    return this.onFrom(step.id);
  }

  /** What it waited for was taken back: another visit, as if it came here only now. */
  private makeAgain(step: StepNode): Onward {
    if (this.enrolment.wait?.for !== 'outbox') return STAYS;
    this.enrolment = withoutAhead(this.enrolment);
    this.note('woke', { words: words('words.step.recalled') });
    return this.onFrom(step.id);
  }

  /** Enters steps one after another until one waits, needs something, or the path ends. */
  private goTo(first: string | null): Needy | typeof STAYS {
    for (let target = first; target !== null;) {
      const step = stepOf(this.version.graph, target);
      const definition = step && this.surroundings.catalogue.steps.get(step.unit);
      if (!step || !definition) return this.end('failed', words('words.engine.step_gone'));
      if (++this.enrolment.moves > Math.max(MOVES_WITHOUT_TIME, this.version.graph.steps.length)) {
        return this.end('failed', words('words.engine.loop', { moves: MOVES_WITHOUT_TIME }));
      }
      this.arrive(step);
      const onward = this.enter(step, definition);
      if (onward === STAYS || 'needs' in onward) return onward;
      target = onward.to;
    }
    return this.end('completed');
  }

  private arrive(step: StepNode): void {
    if (this.enrolment.ahead && this.enrolment.ahead.stepId !== step.id) this.enrolment = withoutAhead(this.enrolment);
    const visit = (this.enrolment.visits[step.id] ?? 0) + 1;
    const visits = { ...this.enrolment.visits, [step.id]: visit };
    this.enrolment = { ...moving(this.enrolment), stepId: step.id, visits };
  }

  private enter(step: StepNode, definition: StepDefinition): Onward {
    const needs = this.missing(step, definition);
    if (needs) return { needs };
    if (definition.kind === 'rule') return this.enterRule(step, definition);
    const args = this.argsOf(step, definition);
    if ('leadsTo' in definition) {
      this.note('moved', { branch: 'to' });
      return { to: definition.leadsTo(args.fields) };
    }
    if ('apply' in definition) {
      const applied = definition.apply(args);
      if (!applied.ok) return this.end('failed', applied.reason);
      this.take(applied.value);
      return this.leave(step, { branch: 'next', ...(applied.value.words ? { words: applied.value.words } : {}) });
    }
    const met = this.meetMade(step, definition);
    if (met) return met;
    const late = this.tooLate(step);
    if (late) return late;
    const outgoing = definition.request({ ...args, render: this.surroundings.render });
    if ('skip' in outgoing) return this.leave(step, { branch: 'sent', words: outgoing.skip });
    if ('fail' in outgoing) return this.afterFailure(step, outgoing.fail);
    return this.queue(step, outgoing);
  }

  /**
   * Of this visit there is a message: it was handed over while the journey waited, or made on another device that had brought the journey
   * further. Null where there is none, or where it is to be made anew.
   */
  private meetMade(step: StepNode, definition: StepDefinition): Onward | null {
    const ahead = aheadId(this.enrolment);
    const id = ahead ?? outboxId(this.enrolment.id, step.id, this.enrolment.visits[step.id] ?? 1);
    const row = this.made(id, ahead !== null);
    if (row && 'needs' in row) return row;
    if (!row && ahead === null) return null;
    const met = messageMet(row, ahead !== null);
    if (met === 'waits') {
      this.hold({ for: 'outbox', outboxId: id });
      return STAYS;
    }
    if (typeof met === 'object') return this.settle(step, definition, met);
    this.enrolment = withoutAhead(this.enrolment);
    if (met === 'called_off') return this.afterFailure(step, words('words.outbox.recalled_by_you'));
    this.arrive(step);
    return this.meetMade(step, definition);
  }

  /** The row of a message, by its id; null where there is none. One that begins has none but what it has handed over. */
  private made(id: string, isAhead: boolean): OutboxRow | Needy | null {
    if (this.isNew && !isAhead) return null;
    if (!this.related.outbox?.has(id)) return { needs: { outbox: [id] } };
    return this.related.outbox.get(id) ?? null;
  }

  /**
   * Where the automation wants it, the message that follows a delay is handed over as the delay begins, to leave at its end. What it is
   * made from is what is there now.
   */
  private handOver(step: StepNode, wait: NonNullable<Enrolment['wait']>): Needy | null {
    const next = stepOf(this.version.graph, step.next.next ?? null);
    const definition = next && this.surroundings.catalogue.steps.get(next.unit);
    if (this.version.settings.ahead !== true || wait.for !== 'time' || this.enrolment.ahead) return null;
    if (!next || !definition || !('request' in definition)) return null;
    const needs = this.missing(next, definition);
    if (needs) return { needs };
    const visit = (this.enrolment.visits[next.id] ?? 0) + 1;
    const args = { ...this.argsOf(next, definition), visit, at: wait.until, now: wait.until };
    const outgoing = definition.request({ ...args, render: this.surroundings.render });
    if (!('send' in outgoing)) return null;
    const { contact, version, surroundings } = this;
    const leavesAt = leavingTime(outgoing, wait.until, contact, version, surroundings.view);
    const limits = surroundings.ahead?.(outgoing);
    const ahead = leavesAt - surroundings.now;
    if (!limits || ahead < limits.least || ahead > limits.horizon) return null;
    const made = this.made(outboxId(this.enrolment.id, next.id, visit), false);
    if (made && 'needs' in made) return made;
    // Where it is handed over already, by another device, it is left as it is.
    if (made && made.leavesAt === undefined) return null;
    if (!made) this.create(next.id, visit, outgoing, { dueAt: surroundings.now, leavesAt });
    this.enrolment = { ...this.enrolment, ahead: { stepId: next.id, visit } };
    this.entries.push({
      at: surroundings.now,
      kind: 'queued',
      stepId: next.id,
      ...(visit > 1 ? { visit } : {}),
      words: words('words.step.handed_over', { at: instantWords(leavesAt) })
    });
    return null;
  }

  /** As the automation says what becomes of calls that are long past their time; null where this one is made. */
  private tooLate(step: StepNode): Onward | null {
    const { late } = this.version.settings;
    const { now, contact, view } = this.surroundings;
    const { since } = this.enrolment;
    const timeZone = contact.timeZone ?? view.settings.get('workspace')?.timeZone ?? 'UTC';
    if (!late || now <= addDuration(since, late.after, timeZone)) return null;
    const reason = words('words.step.too_late', { since: instantWords(since) });
    return late.does === 'skip' ? this.leave(step, { branch: 'sent', words: reason }) : this.askPerson(reason);
  }

  private enterRule(step: StepNode, rule: RuleDefinition): Onward {
    const needs = this.missing(step, rule);
    if (needs) return { needs };
    const outcome = rule.enter(this.ruleArgs(step, rule));
    if (!('wait' in outcome)) return this.leaveBy(step, outcome);
    return this.handOver(step, outcome.wait) ?? this.wait(outcome.wait, outcome.words);
  }

  private wake(step: StepNode, definition: StepDefinition, cause: WakeCause): Onward {
    if (definition.kind !== 'rule' || !definition.wake) return STAYS;
    const needs = this.missing(step, definition);
    if (needs) return { needs };
    const outcome = definition.wake({ ...this.ruleArgs(step, definition), cause });
    if ('wait' in outcome) {
      if (cause.by === 'event') this.holdOn(outcome.wait);
      else this.hold(outcome.wait);
      return STAYS;
    }
    if ('branch' in outcome) this.note('woke');
    return this.leaveBy(step, outcome);
  }

  /** A wait that is over already is passed by the scheduler, in its turn: what is due before it comes first. */
  private wait(wait: NonNullable<Enrolment['wait']>, text?: Words): typeof STAYS {
    this.hold(wait);
    this.note('waits', text ? { words: text } : {});
    return STAYS;
  }

  private leaveBy(step: StepNode, outcome: Exclude<RuleOutcome, { wait: unknown }>): Onward {
    return 'needs' in outcome ? outcome : this.leave(step, outcome);
  }

  /** Leaves a step by a branch: towards the step that it leads to, or the end. */
  private leave(step: StepNode, outcome: { branch: string; at?: Instant; words?: Words; eventId?: string }): Onward {
    const { branch, at, words: text, eventId } = outcome;
    if (at !== undefined && at > this.enrolment.since) this.passTime(at);
    this.note('moved', { branch, ...(text ? { words: text } : {}), ...(eventId === undefined ? {} : { eventId }) });
    return { to: step.next[branch] ?? null };
  }

  /** The outside has answered: the journey goes on from now. */
  private settle(step: StepNode, definition: StepDefinition, result: Settled): Onward {
    if (!('request' in definition)) return STAYS;
    const needs = this.missing(step, definition);
    if (needs) return { needs };
    this.enrolment = withoutAhead(this.enrolment);
    const at = (result.status === 'sent' ? result.at : undefined) ?? this.surroundings.now;
    if (result.status === 'sent' && result.messageId !== undefined) {
      this.enrolment.sends = [...this.enrolment.sends, { stepId: step.id, messageId: result.messageId, at }];
    }
    if (result.status === 'sent' && result.answer !== undefined) {
      this.enrolment.answers = { ...this.enrolment.answers, [step.id]: result.answer };
    }
    if (at > this.enrolment.since) this.passTime(at);
    if (definition.settle) this.take(definition.settle({ ...this.argsOf(step, definition), result }));
    if (result.status === 'failed') return this.afterFailure(step, result.reason);
    return this.leave(step, {
      branch: 'sent',
      words: result.status === 'skipped' ? result.reason : words('words.step.sent')
    });
  }

  /** As the step's field `onFailure` says. */
  private afterFailure(step: StepNode, reason: Words): Onward {
    const policy = (step.fields.onFailure ?? 'wait') as FailurePolicy;
    if (policy === 'exit') return this.end('exited', reason);
    if (policy === 'wait') return this.askPerson(reason);
    return this.leave(step, { branch: policy === 'branch' ? 'failed' : 'sent', words: reason });
  }

  private askPerson(reason: Words): typeof STAYS {
    this.hold({ for: 'person', reason });
    this.note('waits', { words: words('words.step.waits_for_you', { reason }) });
    return STAYS;
  }

  private queue(step: StepNode, outgoing: Sending): typeof STAYS {
    const { now } = this.surroundings;
    const visit = this.enrolment.visits[step.id] ?? 1;
    const id = this.create(step.id, visit, outgoing, { dueAt: Math.max(now, outgoing.at ?? now) });
    this.hold({ for: 'outbox', outboxId: id });
    this.note('queued');
    return STAYS;
  }

  /** The row of the outbox of a step's visit; returns its id. */
  private create(
    stepId: string,
    visit: number,
    { send, accountId }: Sending,
    times: Pick<OutboxRow, 'dueAt' | 'leavesAt'>
  ): string {
    const id = outboxId(this.enrolment.id, stepId, visit);
    const { contactId, automationId, id: enrolmentId } = this.enrolment;
    const row: OutboxRow = {
      id,
      status: 'queued',
      ...times,
      createdAt: this.surroundings.now,
      contactId,
      automationId,
      enrolmentId,
      stepId,
      visit,
      accountId,
      request: send,
      attempts: 0
    };
    this.changes.push(create('outbox', id, row));
    return id;
  }

  private take(effect: Effect): void {
    for (const change of effect.changes) {
      this.changes.push(change);
      if (change.table === 'contacts' && change.id === this.contact.id) {
        this.contact = applyChange(this.contact, change) ?? this.contact;
      } else this.related = relatedAfter(this.related, change);
    }
    this.events.push(...effect.events);
  }

  private hold(wait: NonNullable<Enrolment['wait']>): void {
    this.enrolment = waiting(this.enrolment, this.version, wait);
  }

  /** As before: whoever was to look back at what has happened still does. */
  private holdOn(wait: NonNullable<Enrolment['wait']>): void {
    const { dueAt } = this.enrolment;
    this.hold(wait);
    if (wait.for === 'event' && dueAt !== undefined) this.enrolment.dueAt = Math.min(dueAt, wait.limit ?? dueAt);
  }

  private passTime(at: Instant): void {
    this.enrolment.since = at;
    this.enrolment.moves = 0;
  }

  private end(status: 'completed' | 'exited' | 'failed', reason?: Words): typeof STAYS {
    this.note(status, reason ? { words: reason } : {});
    this.enrolment = atEnd(this.enrolment, status, this.surroundings.now, reason);
    return STAYS;
  }

  private note(kind: JournalEntry['kind'], more: Partial<JournalEntry> = {}): void {
    const { stepId, visits } = this.enrolment;
    const visit = stepId === null ? undefined : visits[stepId];
    this.entries.push({
      at: this.surroundings.now,
      kind,
      stepId,
      ...(visit !== undefined && visit > 1 ? { visit } : {}),
      ...more
    });
  }

  /** What this step looks at and is not loaded yet. */
  private missing(step: StepNode, definition: StepDefinition): Needs | null {
    if (!('needs' in definition) || !definition.needs) return null;
    const { view, now } = this.surroundings;
    const { automationId } = this.enrolment;
    const needs = definition.needs({ fields: fieldsOf(step, definition), view, now, automationId, stepId: step.id });
    return isLoaded(this.related, needs) ? null : needs;
  }

  private ruleArgs(step: StepNode, rule: RuleDefinition): RuleArgs<Fields> {
    const { catalogue, view, now } = this.surroundings;
    const { automationId } = this.enrolment;
    const admits: RuleArgs<Fields>['admits'] = (unit, fields, event) => {
      const definition = catalogue.triggers.get(unit);
      if (!definition) return false;
      const way = {
        definition,
        fields: { ...initialValues(definition.fields), ...fields },
        nodeId: step.id,
        automationId
      };
      return admitsBy(way, event, this.contact, this.related, view, now);
    };
    return { ...this.argsOf(step, rule), admits };
  }

  private argsOf(step: StepNode, definition: StepDefinition): StepArgs<Fields> {
    const { view, now, newId } = this.surroundings;
    const { enrolment, contact } = this;
    return {
      fields: fieldsOf(step, definition),
      contact,
      event: enrolment.event,
      enrolment,
      stepId: step.id,
      visit: enrolment.visits[step.id] ?? 1,
      related: this.related,
      view,
      at: enrolment.since,
      now,
      newId
    };
  }
}
