import { conditionsOf, type Condition, type FilterTree, type Subject } from '$lib/core/filter-tree';
import { joinNeeds, NO_NEEDS, type Needs } from '$lib/core/related';
import type { FilterTime } from './compile';
import { countedSince, innerTree, isCountedByRollup, segmentIdsOf, withoutSegment } from './subjects';

/** What has to be loaded of a contact before the tree can be asked. Segments are looked into. */
export function needsOf(tree: FilterTree | null, time: FilterTime): Needs {
  if (tree === null) return NO_NEEDS;
  return joinNeeds(...conditionsOf(tree).map((condition) => conditionNeeds(condition, time)));
}

function conditionNeeds({ subject, value }: Condition, time: FilterTime): Needs {
  switch (subject.of) {
    case 'company':
      return { parts: ['company'] };
    case 'programs':
    case 'tiers':
    case 'balance':
      return { parts: ['memberships'] };
    case 'last':
      return { parts: ['rollups'], lastOf: subject.property === null ? [] : [subject.event] };
    case 'count':
      return joinNeeds(countNeeds(subject, time), needsOf(innerTree(subject), time));
    case 'segments':
      return segmentNeeds(value, time);
    default:
      return NO_NEEDS;
  }
}

function countNeeds(subject: Extract<Subject, { of: 'count' }>, { now }: FilterTime): Needs {
  if (subject.what !== 'events') return { parts: [subject.what] };
  if (isCountedByRollup(subject)) return { parts: ['rollups'] };
  return { parts: ['rollups'], since: countedSince(subject, now) };
}

function segmentNeeds(value: Condition['value'], time: FilterTime): Needs {
  return joinNeeds(
    ...segmentIdsOf(value, time).map((id) => needsOf(time.segments?.get(id)?.filters ?? null, withoutSegment(time, id)))
  );
}
