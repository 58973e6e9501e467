import { defineTrigger } from '$lib/core/definitions';
import { contactInSegment } from '$lib/core/events/contacts';
import { choice, clock, reference, timeZone } from '$lib/core/fields';
import type { FilterTree } from '$lib/core/filter-tree';
import { words } from '$lib/core/words';
import { nameOf } from '../../names';
import { isOfThisCheck, lookBy } from '../../daily';

export default defineTrigger({
  id: 'contact.in_segment',
  group: 'contacts',
  icon: 'chart-pie',
  version: 1,
  fields: {
    segmentId: reference('segments', { required: true }),
    /** Each day while in it, or on the day on which it is found in it for the first time. */
    finds: choice(['each', 'joining'], 'each'),
    time: clock(),
    timeZone: timeZone()
  },
  event: contactInSegment,
  daily: ({ fields, view }) =>
    lookBy(view.segments.get(fields.segmentId ?? '')?.filters ?? NOBODY, { segmentId: fields.segmentId }, fields, view),
  already: ({ fields }) => isIn(fields.segmentId ?? ''),
  admits: isOfThisCheck,
  sentence: ({ fields, view }) => {
    const segment = nameOf(view.segments, fields.segmentId);
    return segment === null ? null : words('catalogue.contact.in_segment.sentence', { segment, time: fields.time });
  },
  examples: [
    { fields: { segmentId: 'g1' }, properties: { segmentId: 'g1', automationId: 'a1', nodeId: 't1' }, enters: true },
    { fields: { segmentId: 'g1' }, properties: { segmentId: 'g1', automationId: 'a2', nodeId: 't1' }, enters: false },
    { fields: { segmentId: 'g1' }, properties: { segmentId: 'g1', automationId: 'a1', nodeId: 't2' }, enters: false }
  ]
});

/** Of a segment that is gone: publishing is refused, but one may go later. */
const NOBODY: FilterTree = { op: 'not', of: { op: 'all', of: [] } };

function isIn(segmentId: string): FilterTree {
  return { subject: { of: 'segments' }, kind: 'choices', operator: 'anyOf', value: [segmentId] };
}
