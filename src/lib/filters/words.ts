import { isDate } from '$lib/core/calendar';
import { EVENT_TYPES } from '$lib/core/events';
import type { Control } from '$lib/core/fields';
import type { Condition, Subject } from '$lib/core/filter-tree';
import { majorUnits, type Money } from '$lib/core/money';
import { referable, type ReferenceTable } from '$lib/core/references';
import type { WorkspaceView } from '$lib/core/tables';
import { words, type Parameter, type Words } from '$lib/core/words';
import { RECORD_PROPERTIES } from './record-properties';

/** A condition as one reads it: what is looked at, how, and with what. */
export function conditionWords(condition: Condition, view: WorkspaceView): Words {
  const { subject, kind, operator, value } = condition;
  const property = subjectWords(subject, view);
  const shown = value === undefined ? null : valueWords(value, condition, view);
  if (shown === null)
    return words('words.filter.one', { property, operator: words(`filters.operators.${kind}.${operator}`) });
  return words('words.filter.one_value', { property, operator: words(operatorKey(condition)), value: shown });
}

/** The value that a condition saw; null where there was none. */
export function seenWords(seen: unknown, condition: Condition, view: WorkspaceView): Parameter {
  const isNothing = seen === undefined || seen === null || seen === '' || (Array.isArray(seen) && seen.length === 0);
  return isNothing ? null : valueWords(seen, condition, view);
}

/** 'Is any of' one choice is 'is'. */
function operatorKey({ kind, operator, value }: Condition): string {
  const isOne = Array.isArray(value) && value.length === 1 && (kind === 'choice' || kind === 'choices');
  if (isOne && kind === 'choice') return `filters.operators.text.${operator === 'noneOf' ? 'isNot' : 'is'}`;
  return `filters.operators.${kind}.${operator}`;
}

function subjectWords(subject: Subject, view: WorkspaceView): Parameter {
  switch (subject.of) {
    case 'contact':
      if (subject.field === 'ownerId') return words('filters.owner');
      return subject.field === 'companyId' ? words('filters.company') : words(`filters.contact.${subject.field}`);
    case 'attribute':
      return view.attributes.get(subject.attributeId)?.name ?? subject.attributeId;
    case 'company':
      return subject.attributeId === null
        ? words('filters.companyName')
        : (view.companyAttributes.get(subject.attributeId)?.name ?? subject.attributeId);
    case 'balance':
      return nameIn(view, 'balances', subject.balanceId);
    case 'count':
      return subject.what === 'events'
        ? words('words.filter.times', { event: eventWords(subject.event ?? '') })
        : words(`filters.count.${subject.what}`);
    case 'last':
      return words('words.filter.last', {
        event: eventWords(subject.event),
        property: subject.property === null ? words('filters.itsDate') : propertyWords(subject.property)
      });
    case 'event':
      return propertyWords(subject.property);
    default:
      return words(`filters.${subject.of}`);
  }
}

function eventWords(type: string): Parameter {
  return EVENT_TYPES.has(type) ? words(`catalogue.${type}.name`) : type;
}

/** Controls of all properties that have a name of their own, `items.name` among them: several events may each have a `type`. */
const PROPERTIES = new Map<string, Control[]>();
for (const properties of [
  ...[...EVENT_TYPES.values()].map((type) => type.properties),
  ...Object.values(RECORD_PROPERTIES)
])
  for (const [name, { control }] of Object.entries(properties)) {
    know(name, control);
    if (control.kind === 'items')
      for (const [inner, field] of Object.entries(control.of)) know(`${name}.${inner}`, field.control);
  }

function know(name: string, control: Control): void {
  PROPERTIES.set(name, [...(PROPERTIES.get(name) ?? []), control]);
}

/** A property that a person has named freely is called as it is. */
function propertyWords(property: string): Parameter {
  return PROPERTIES.has(property) ? words(`catalogue.properties.${property.replace('.', '_')}`) : property;
}

const TABLES: Partial<Record<Subject['of'], ReferenceTable>> = {
  lists: 'lists',
  segments: 'segments',
  programs: 'programs',
  tiers: 'tiers'
};

function valueWords(value: unknown, condition: Condition, view: WorkspaceView): Parameter {
  if (Array.isArray(value)) {
    const [first, second, ...others] = value.map((one: unknown) => valueWords(one, condition, view));
    if (second === undefined) return first ?? '';
    return [second, ...others].reduce<Parameter>(
      (left, right) => words('words.filter.and', { left, right }),
      first ?? ''
    );
  }
  if (typeof value === 'object' && value !== null && 'minor' in value)
    return words('format.number', { value: majorUnits(value as Money) });
  if (typeof value === 'number')
    return condition.kind === 'date' && Math.abs(value) > 1e6
      ? words('format.date', { at: value })
      : words('format.number', { value });
  if (typeof value === 'boolean') return words(value ? 'fields.yes' : 'fields.no');
  return textWords(String(value), condition.subject, view);
}

function textWords(text: string, subject: Subject, view: WorkspaceView): Parameter {
  if (isDate(text)) return words('format.date', { at: Date.parse(`${text}T12:00:00Z`) });
  const table = subject.of === 'contact' && subject.field === 'ownerId' ? 'users' : TABLES[subject.of];
  if (table !== undefined) return nameIn(view, table, text);
  if (subject.of === 'attribute' || subject.of === 'company') {
    const attributes = subject.of === 'attribute' ? view.attributes : view.companyAttributes;
    return attributes.get(subject.attributeId ?? '')?.options?.find(({ id }) => id === text)?.name ?? text;
  }
  const property = subject.of === 'event' || subject.of === 'last' ? (subject.property ?? '') : '';
  for (const control of PROPERTIES.get(property) ?? []) {
    if (control.kind === 'choice' && control.options.includes(text))
      return words(`catalogue.options.${property}.${text}`);
    if (control.kind === 'reference' && referable(view, control.table).has(text))
      return nameIn(view, control.table, text);
  }
  return text;
}

function nameIn(view: WorkspaceView, table: ReferenceTable, id: string): string {
  return referable(view, table).get(id)?.name ?? id;
}
