import { create, remove, update } from '$lib/core/changes';
import { conditionsOf, filterTreeSchema, type FilterTree } from '$lib/core/filter-tree';
import type { Id } from '$lib/core/ids';
import { failed, ok, type Result } from '$lib/core/result';
import type { Segment } from '$lib/core/rows/contacts';
import { words } from '$lib/core/words';
import { filterProblems } from '$lib/engine/check';
import { explainFilter } from '$lib/filters/explain';
import { needsOf } from '$lib/filters/needs';
import { filterTime } from '$lib/filters/time';
import * as v from 'valibot';
import type { WorkerApi } from '../api';
import type { Desk } from '../desk';
import { matchingContacts } from '../matching';
import { loadRelated } from '../related';
import type { Removals } from '../removals';
import { namedRefusal } from './names';

export function segmentEdits(desk: Desk, removals: Removals): WorkerApi['segments'] {
  /** The last count of each asker: one that a newer one has overtaken is given up. */
  const counting = new Map<string, number>();

  return {
    save: ({ id, name, filters }) =>
      desk.tryEdit(async (transaction, { now, newId }) => {
        const view = await transaction.view();
        const { segments } = view;
        const refused = namedRefusal([...segments.values()], name, id);
        if (refused) return failed(refused);
        if (!v.is(filterTreeSchema, filters)) return failed(words('words.segment.no_filters'));
        const [problem] = filterProblems(filters, null, view);
        if (problem) return failed(problem);
        const value = id ?? newId();
        const fine = withoutCycle(segments, value, filters);
        if (!fine.ok) return fine;
        const fields = { name: name.trim(), filters, updatedAt: now };
        const change =
          id === undefined
            ? create('segments', value, { id: value, ...fields, createdAt: now })
            : update('segments', id, fields);
        return ok({ effect: { changes: [change], events: [] }, value });
      }),
    remove: (id) =>
      removals.remove((step) =>
        step(async (transaction) => {
          if (!(await transaction.get('segments', id))) return failed(words('words.segment.gone'));
          return ok({ effect: { changes: [remove('segments', id)], events: [] }, value: undefined });
        })
      ),
    count: async (filters, asker) => {
      const mine = (counting.get(asker) ?? 0) + 1;
      counting.set(asker, mine);
      const { storage } = desk.parts;
      let matching = 0;
      for await (const { ids } of matchingContacts(storage, filters, desk.parts.now())) {
        if (mine !== counting.get(asker)) return null;
        matching += ids.length;
      }
      return matching;
    },
    explain: (filters, contactId) =>
      desk.parts.storage.read(async (reader) => {
        const contact = await reader.get('contacts', contactId);
        if (!contact) return null;
        const time = filterTime(await reader.view(), desk.parts.now());
        const related = await loadRelated(reader, [contact], needsOf(filters, time));
        return explainFilter(filters, contact, null, time, related(contactId));
      })
  };
}

/** A segment that is made of itself, by whatever way round, has no members that could be told. */
function withoutCycle(segments: ReadonlyMap<Id, Segment>, id: Id, filters: FilterTree): Result<void> {
  const seen = new Set<Id>();
  const ahead = namedIn(filters);
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    if (next === id) return failed(words('words.segment.within_itself'));
    const segment = segments.get(next);
    if (!segment || seen.has(next)) continue;
    seen.add(next);
    ahead.push(...namedIn(segment.filters));
  }
  return ok(undefined);
}

/** Ids of the segments that conditions of a tree name. */
function namedIn(tree: FilterTree): Id[] {
  return conditionsOf(tree).flatMap(({ subject, value }) =>
    subject.of === 'segments' && Array.isArray(value) ? value.map(String) : []
  );
}
