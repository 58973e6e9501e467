import { create, update, type Change } from '$lib/core/changes';
import type { Enrolment, JournalEntry } from '$lib/core/rows/automations';
import { aheadId } from '$lib/engine/ahead';
import { journalled } from '$lib/engine/journal';
import { tally, type Tally } from '$lib/engine/tally';
import { wakeKey } from '$lib/core/wakes';

/** The enrolments that one turn has looked at or moved, with what the journal says of that, until they are written at its end. */
export class Touched {
  /** As they were stored; null: new. */
  readonly #before = new Map<string, Enrolment | null>();
  readonly #enrolments = new Map<string, Enrolment>();
  readonly #byWakeKey = new Map<string, Set<string>>();
  readonly #latestByPrefix = new Map<string, Enrolment>();
  readonly #former = new Map<string, Set<string>>();
  readonly #entries = new Map<string, JournalEntry[]>();

  get(id: string): Enrolment | undefined {
    return this.#enrolments.get(id);
  }

  /** Those that an event of this type may wake, end or restart. */
  awaiting(contactId: string, eventType: string): Enrolment[] {
    const ids = this.#byWakeKey.get(wakeKey(contactId, eventType)) ?? [];
    return [...ids].flatMap((id) => this.#enrolments.get(id) ?? []);
  }

  /** Automations that one contact has entered more often than `times` within this turn. */
  enteredOften(times: number): string[] {
    const entries = new Map<string, number>();
    for (const [id, before] of this.#before)
      if (before === null) entries.set(prefixOf(id), (entries.get(prefixOf(id)) ?? 0) + 1);
    const often = [...entries].filter(([, count]) => count > times).map(([prefix]) => prefix.split('/')[0] ?? '');
    return [...new Set(often)];
  }

  /**
   * The journeys of a contact through an automation that decide whether it may enter again, by what the ids of its own begin with: the
   * last of these, and those that it had begun under another id.
   */
  been(prefix: string): Enrolment[] {
    const own = this.#latestByPrefix.get(prefix);
    const former = [...(this.#former.get(prefix) ?? [])].flatMap((id) => this.#enrolments.get(id) ?? []);
    return own ? [...former, own] : former;
  }

  /** Whether its own are known. */
  knows(prefix: string): boolean {
    return this.#latestByPrefix.has(prefix);
  }

  /** A journey that counts among those whose ids begin so. */
  meetFormer(prefix: string, stored: Enrolment): void {
    this.meet(stored);
    const ids = this.#former.get(prefix);
    if (ids) ids.add(stored.id);
    else this.#former.set(prefix, new Set([stored.id]));
  }

  /** An enrolment as it is stored, unless this turn has moved it already. */
  meet(stored: Enrolment): void {
    if (this.#before.has(stored.id)) return;
    this.#before.set(stored.id, stored);
    this.remember(stored);
  }

  /** A new one: from now on its contact is in, even before its first step is taken. */
  begin(enrolment: Enrolment): void {
    this.#before.set(enrolment.id, null);
    this.remember(enrolment);
  }

  remember(enrolment: Enrolment): void {
    this.#enrolments.set(enrolment.id, enrolment);
    for (const key of enrolment.wakes ?? []) {
      const ids = this.#byWakeKey.get(key);
      if (ids) ids.add(enrolment.id);
      else this.#byWakeKey.set(key, new Set([enrolment.id]));
    }
    const prefix = prefixOf(enrolment.id);
    const latest = this.#latestByPrefix.get(prefix);
    if (!latest || latest.id <= enrolment.id) this.#latestByPrefix.set(prefix, enrolment);
  }

  note(enrolmentId: string, entries: readonly JournalEntry[]): void {
    const known = this.#entries.get(enrolmentId);
    if (known) known.push(...entries);
    else this.#entries.set(enrolmentId, [...entries]);
  }

  /** Messages that were handed over by journeys which have moved on without them, or along with them. */
  letGo(): string[] {
    return [...this.#enrolments].flatMap(([id, after]) => {
      const before = this.#before.get(id);
      const ahead = before ? aheadId(before) : null;
      return ahead !== null && ahead !== aheadId(after) ? [ahead] : [];
    });
  }

  /** Enrolments in their last state of this turn, each with its journal, and the counts that follow from it. */
  written(): { readonly changes: readonly Change[]; readonly counts: Tally } {
    const changes: Change[] = [];
    const counts: Tally = new Map();
    for (const [id, entries] of this.#entries) {
      const enrolment = this.#enrolments.get(id);
      if (!enrolment || entries.length === 0) continue;
      tally({ ...enrolment, entries }, counts);
      const after = journalled(enrolment, entries);
      changes.push(...after.blocks);
      this.#enrolments.set(id, after.enrolment);
    }
    for (const [id, enrolment] of this.#enrolments) {
      const before = this.#before.get(id);
      if (before === null) changes.push(create('enrolments', id, enrolment));
      else if (before && before !== enrolment) changes.push(update('enrolments', id, difference(before, enrolment)));
    }
    return { changes, counts };
  }
}

/** What the ids of all journeys of one contact through one automation begin with. */
function prefixOf(id: string): string {
  return id.slice(0, id.lastIndexOf('/') + 1);
}

/** The properties that differ, as the `set` of a change. */
function difference(before: Enrolment, after: Enrolment): Record<string, unknown> {
  const set: Record<string, unknown> = {};
  for (const key of Object.keys(after) as (keyof Enrolment)[]) if (after[key] !== before[key]) set[key] = after[key];
  for (const key of Object.keys(before) as (keyof Enrolment)[]) if (!(key in after)) set[key] = undefined;
  return set;
}
