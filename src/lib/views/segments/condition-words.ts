import type { Condition } from '$lib/core/filter-tree';
import { isDate } from '$lib/core/calendar';
import type { WorkspaceView } from '$lib/core/tables';
import type { Explanation } from '$lib/filters/explain';
import { date, m, number, words } from '$lib/i18n';
import { lastOptions, subjectChoices, subjectOf, type Named } from '../filters/subjects';

/** A condition as one reads it: what is looked at, how, and with what. */
export function conditionWords(condition: Condition, view: WorkspaceView): string {
  const { subject, kind, operator, value } = condition;
  const operand = value === undefined ? '' : shown(value, optionsOf(condition, view));
  const parts = [
    subjectOf(condition, subjectChoices(view, null)).label,
    ...('event' in subject && subject.event !== undefined ? [words({ key: `catalogue.${subject.event}.name` })] : []),
    words({ key: `filters.operators.${kind}.${operator}` }),
    operand
  ];
  return parts.filter(Boolean).join(' ');
}

/** The value that the condition saw. */
export function seenWords(
  { condition, value }: Extract<Explanation, { condition: unknown }>,
  view: WorkspaceView
): string {
  const isNothing =
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
  return isNothing ? m['segments.nothing']() : shown(value, optionsOf(condition, view), condition.kind === 'date');
}

function optionsOf(condition: Condition, view: WorkspaceView): readonly Named[] {
  return condition.subject.of === 'last'
    ? lastOptions(condition.subject, view)
    : subjectOf(condition, subjectChoices(view, null)).options;
}

function shown(value: unknown, options: readonly Named[], isInstant = false): string {
  if (Array.isArray(value)) return value.map((one: unknown) => shown(one, options, isInstant)).join(', ');
  if (typeof value === 'number') return isInstant ? date(value) : number(value);
  if (typeof value === 'boolean') return value ? m['fields.yes']() : m['fields.no']();
  const text = String(value);
  return (
    options.find((option) => option.value === text)?.label ??
    (isDate(text) ? date(Date.parse(text), { timeZone: 'UTC' }) : text)
  );
}
