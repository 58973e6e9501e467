import { catalogue } from '$lib/catalogue/registry';
import type { Enrolment, Version } from '$lib/core/rows/automations';
import type { EventRow } from '$lib/core/rows/events';
import { HOUR, SECOND } from '$lib/core/instants';
import { fieldsOf } from '$lib/core/unit-fields';
import { admitsBy } from '$lib/engine/match';
import { Violation, type Commit, type Simulation } from '../simulation';
import { viewOf } from '../mirror';
import type { Invariant } from './invariant';

const LOST = 'no journey is lost';
const INVENTED = 'no journey comes from nothing, or twice';

/**
 * A plain model of entering, asked at each commit that matches an event: whoever meets a trigger of an active automation is in it
 * afterwards, as its re-entry rule says; and a journey that is new has such an event behind it.
 */
export const everyoneEnters: Invariant = (simulation) => ({
  committed: (commit) => {
    const matched = matchedIn(commit);
    const { mirror } = simulation;
    const changed = new Set(commit.touched.flatMap(({ table, id }) => (table === 'automations' ? [id] : [])));
    // Automations that set each other off were stopped in the middle: nobody says who would have entered.
    const isCutOff = commit.touched.some(
      ({ table, after }) => table === 'automations' && (after as { problem?: unknown } | undefined)?.problem
    );
    for (const event of isCutOff ? [] : matched)
      for (const automation of mirror.all('automations')) {
        if (automation.status !== 'active' || changed.has(automation.id)) continue;
        const version = mirror.get('versions', automation.activeVersionId ?? '');
        if (version && isAdmitted(simulation, commit, version, event)) mustBeIn(simulation, commit, version, event);
      }
    const ids = new Set(matched.map(({ id }) => id));
    for (const { table, id, before, after } of commit.touched)
      if (
        table === 'enrolments' &&
        before === undefined &&
        after !== undefined &&
        mirror.buried('enrolments', id) === undefined
      )
        mustHaveCause(simulation, after as Enrolment, ids);
  }
});

/** Events that are matched from this commit on. */
function matchedIn({ touched }: Commit): EventRow[] {
  return touched.flatMap(({ table, before, after }) => {
    const [was, is] = [before, after] as (EventRow | undefined)[];
    return table === 'events' &&
      is?.unmatched === undefined &&
      is !== undefined &&
      (was === undefined || was.unmatched === 1)
      ? [is]
      : [];
  });
}

function isAdmitted({ mirror }: Simulation, { touched, at }: Commit, version: Version, event: EventRow): boolean {
  const contact = mirror.get('contacts', event.contactId ?? '');
  if (!contact || contact.hiddenAt !== undefined) return false;
  const row = touched.find(({ table, id }) => table === 'contacts' && id === contact.id);
  // Hidden until this commit, or made by it together with the event.
  if ((row?.before as { hiddenAt?: number } | undefined)?.hiddenAt !== undefined) return false;
  if (event.type === 'automation.started') return event.properties.automationId === version.automationId;
  return version.graph.triggers.some((trigger) => {
    const definition = catalogue.triggers.get(trigger.unit);
    if (!definition) return false;
    const way = {
      definition,
      fields: fieldsOf(trigger, definition),
      nodeId: trigger.id,
      automationId: version.automationId
    };
    return admitsBy(way, event, contact, {}, viewOf(mirror), at);
  });
}

function mustBeIn(
  { mirror }: Simulation,
  { touched, at }: Commit,
  { automationId, settings }: Version,
  event: EventRow
): void {
  const { reentry } = settings;
  const value = reentry.mode === 'parallel' ? event.properties[reentry.keyProperty] : '';
  const key = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const prefix = `${automationId}/${event.contactId}/${encodeURIComponent(key)}/`;
  const journeys = mirror.all('enrolments').filter(({ id }) => id.startsWith(prefix));
  const latest = journeys.sort((one, other) => (one.id < other.id ? 1 : -1))[0];
  const what = `${event.contactId} should have entered ${automationId} by ${event.type} ${event.id}`;
  if (latest === undefined) throw new Violation(LOST, what);
  if (reentry.mode !== 'after_leaving') return;
  const row = touched.find(({ table, id }) => table === 'enrolments' && id === latest.id);
  const endedAt = row === undefined ? latest.endedAt : (row.before as Enrolment | undefined)?.endedAt;
  const pause = reentry.pause ? HOUR * reentry.pause.amount : 0;
  if (endedAt !== undefined && endedAt + pause + SECOND < at) throw new Violation(LOST, `${what} again`);
}

function mustHaveCause({ mirror }: Simulation, enrolment: Enrolment, matched: ReadonlySet<string>): void {
  const { id, contactId, versionId, event } = enrolment;
  if (!matched.has(event.id)) throw new Violation(INVENTED, `${id} has begun without its event ${event.id}`);
  const mode = mirror.get('versions', versionId)?.settings.reentry.mode;
  const prefix = id.slice(0, id.lastIndexOf('/') + 1);
  // Within one turn a journey may end and the next begin.
  const others = mirror.all('enrolments').filter((other) => other.id < id && other.id.startsWith(prefix));
  const other = mode === 'after_leaving' ? others.find(({ endedAt }) => endedAt === undefined) : others[0];
  if (other) throw new Violation(INVENTED, `${contactId} is in ${id} and in ${other.id}`);
}
