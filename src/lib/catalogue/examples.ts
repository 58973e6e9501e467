import type { Condition } from '$lib/core/filter-tree';

/** A condition on a property of the event, as the filters of a trigger hold it: for examples. */
export function eventCondition(
  property: string,
  kind: Condition['kind'],
  operator: Condition['operator'],
  value: Condition['value']
): Condition {
  return { subject: { of: 'event', property }, kind, operator, value };
}
