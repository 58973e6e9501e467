import { addDuration } from '$lib/core/calendar';
import type { CalendarDuration } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import { DAY, type Instant } from '$lib/core/instants';
import type { Contact } from '$lib/core/rows/contacts';
import type { ScriptLine } from '$lib/core/simulation';
import type { Agenda } from './agenda';
import { chance } from './chance';

/** Deeds that are planned beyond this are a script that got out of hand. */
const MOST_DEEDS = 200_000;

/** Something in a journey that lines of the script count from. */
export interface Milestone {
  readonly what: 'entry' | 'step';
  readonly stepId: Id | null;
  readonly contactId: Id;
  readonly journeyId: Id;
  readonly visit: number;
  readonly at: Instant;
  readonly message?: Id;
}

/** What contacts would do: plans deeds as journeys reach what the lines count from. Each lot is a function of the seed. */
export class Script {
  constructor(
    private readonly lines: readonly ScriptLine[],
    private readonly agenda: Agenda,
    private readonly given: { readonly seed: number; readonly timeZone: string; readonly end: Instant }
  ) {}

  /** What does not hang on journeys. */
  begin(contacts: readonly Pick<Contact, 'id'>[], start: Instant): void {
    for (const line of this.lines) {
      if (line.when.from === 'start')
        for (const { id } of contacts) this.plan(line, id, '', this.later(start, line.when.after), undefined);
      else if (line.when.from === 'every')
        for (let day = line.when.days, round = 1; start + day * DAY <= this.given.end; day += line.when.days, round++) {
          if (line.when.days < 1) break;
          const at = addDuration(start, { amount: day, unit: 'days' }, this.given.timeZone);
          for (const { id } of contacts) this.plan(line, id, String(round), at, undefined);
        }
    }
  }

  reached(milestone: Milestone): void {
    for (const line of this.lines) {
      const { when } = line;
      if (when.from !== milestone.what) continue;
      if (when.from === 'step' && when.stepId !== milestone.stepId) continue;
      const occasion = `${milestone.journeyId}/${milestone.stepId ?? ''}/${milestone.visit}`;
      this.plan(line, milestone.contactId, occasion, this.later(milestone.at, when.after), milestone.message);
    }
  }

  /** Unless the lot says that this one does nothing on this occasion. */
  private plan(line: ScriptLine, contactId: Id, occasion: string, from: Instant, message: Id | undefined): void {
    const { seed, end } = this.given;
    const lot = (what: string): number => chance(seed, line.id, what, contactId, occasion);
    if (line.who.of === 'contact' ? line.who.contactId !== contactId : lot('who') * 100 >= line.who.percent) return;
    const span = this.later(from, line.when.spread) - from;
    const at = Math.round(from + span * lot('when'));
    if (at > end || this.agenda.size >= MOST_DEEDS) return;
    const { type, properties } = line.does;
    this.agenda.plan({
      contactId,
      at,
      type,
      properties,
      lineId: line.id,
      ...(message === undefined ? {} : { message })
    });
  }

  private later(at: Instant, duration: CalendarDuration | null): Instant {
    return duration === null ? at : addDuration(at, duration, this.given.timeZone);
  }
}
