import { EVENT_TYPES } from '$lib/core/events';
import type { Control, Fields } from '$lib/core/fields';
import { COUNTED, type ComparedKind, type Condition, type Counted, type Subject } from '$lib/core/filter-tree';
import { referable, type ReferenceTable } from '$lib/core/references';
import type { Attribute } from '$lib/core/rows/contacts';
import type { WorkspaceView } from '$lib/core/tables';
import { RECORD_PROPERTIES } from '$lib/filters/record-properties';
import { compareWords, m, words } from '$lib/i18n';

export interface Named {
  readonly value: string;
  readonly label: string;
  readonly detail?: string | undefined;
}

/** Something that a condition can look at. */
export interface SubjectChoice extends Named {
  readonly subject: Subject;
  readonly kind: ComparedKind;
  readonly detail: string;
  /** What a choice is made from. */
  readonly options: readonly Named[];
}

/** What conditions may look at beside the contact: properties of an event or a record, and whether others may be named freely. */
export interface EventSubjects {
  readonly properties: Fields;
  readonly isOpen: boolean;
  /** Nothing but these: of a record, not of a contact. */
  readonly alone?: boolean;
}

const CONTACT_FIELDS = [
  ['email', 'text'],
  ['phone', 'text'],
  ['externalId', 'text'],
  ['createdAt', 'date'],
  ['blocklisted', 'yesNo'],
  ['smsBlocklisted', 'yesNo']
] as const;

/** What a condition began with, whatever was set since: the event, the property, the days. */
export function subjectKey(subject: Subject): string {
  switch (subject.of) {
    case 'contact':
      return `contact ${subject.field}`;
    case 'attribute':
      return `attribute ${subject.attributeId}`;
    case 'event':
      return `event ${subject.property}`;
    case 'company':
      return `company ${subject.attributeId ?? ''}`;
    case 'balance':
      return `balance ${subject.balanceId}`;
    case 'count':
      return `count ${subject.what}`;
    default:
      return subject.of;
  }
}

function choiceOf(
  subject: Subject,
  kind: ComparedKind,
  label: string,
  detail: string,
  options: readonly Named[] = []
): SubjectChoice {
  return { value: subjectKey(subject), subject, kind, label, detail, options };
}

export function subjectChoices(view: WorkspaceView, event: EventSubjects | null): SubjectChoice[] {
  const ofEvent = event === null ? [] : propertyChoices(event.properties, view, m['filters.event']());
  if (event?.alone) return ofEvent.map((choice) => ({ ...choice, detail: '' }));
  return [...ofEvent, ...contactChoices(view), ...behaviourChoices(), ...recordChoices(view)];
}

function contactChoices(view: WorkspaceView): SubjectChoice[] {
  const details = m['filters.details']();
  return [
    ...CONTACT_FIELDS.map(([field, kind]) =>
      choiceOf({ of: 'contact', field }, kind, words({ key: `filters.contact.${field}` }), details)
    ),
    choiceOf({ of: 'lists' }, 'choices', m['filters.lists'](), details, namesOf(view, 'lists')),
    ...(view.segments.size === 0
      ? []
      : [choiceOf({ of: 'segments' }, 'choices', m['filters.segments'](), details, namesOf(view, 'segments'))]),
    ...(view.users.size === 0
      ? []
      : [
          choiceOf({ of: 'contact', field: 'ownerId' }, 'choice', m['filters.owner'](), details, namesOf(view, 'users'))
        ]),
    ...attributeChoices(view.attributes, (attributeId) => ({ of: 'attribute', attributeId }), m['filters.attribute']())
  ];
}

function attributeChoices(
  attributes: ReadonlyMap<string, Attribute>,
  subjectOfOne: (id: string) => Subject,
  detail: string
): SubjectChoice[] {
  return [...attributes.values()]
    .sort((left, right) => compareWords(left.name, right.name))
    .map(({ id, name, kind, options = [] }) =>
      choiceOf(
        subjectOfOne(id),
        kind,
        name,
        detail,
        options.map((option) => ({ value: option.id, label: option.name }))
      )
    );
}

function behaviourChoices(): SubjectChoice[] {
  const detail = m['filters.behaviour']();
  return [
    choiceOf({ of: 'count', what: 'events', event: 'email.opened' }, 'number', m['filters.eventCount'](), detail),
    choiceOf({ of: 'last', event: 'email.opened', property: null }, 'date', m['filters.lastEvent'](), detail)
  ];
}

/** What belongs to the contact, where the workspace has such things. */
function recordChoices(view: WorkspaceView): SubjectChoice[] {
  const company = m['filters.company']();
  const loyalty = m['filters.loyalty']();
  return [
    ...COUNTED.filter((what) => what !== 'events').map((what) =>
      choiceOf({ of: 'count', what }, 'number', words({ key: `filters.count.${what}` }), m['filters.records']())
    ),
    choiceOf({ of: 'company', attributeId: null }, 'text', m['filters.companyName'](), company),
    ...attributeChoices(view.companyAttributes, (attributeId) => ({ of: 'company', attributeId }), company),
    ...(view.programs.size === 0
      ? []
      : [
          choiceOf({ of: 'programs' }, 'choices', m['filters.programs'](), loyalty, namesOf(view, 'programs')),
          choiceOf({ of: 'tiers' }, 'choices', m['filters.tiers'](), loyalty, namesOf(view, 'tiers')),
          ...namesOf(view, 'balances').map(({ value, label, detail }) =>
            choiceOf({ of: 'balance', balanceId: value }, 'number', label, detail ?? loyalty)
          )
        ])
  ];
}

/** Each property, and each property of repeated items, as something to look at. */
export function propertyChoices(properties: Fields, view: WorkspaceView, detail: string): SubjectChoice[] {
  return Object.entries(properties).flatMap(([name, { control }]): SubjectChoice[] => {
    if (HIDDEN.has(name)) return [];
    if (control.kind === 'items')
      return Object.entries(control.of).flatMap(([inner, field]) => {
        const kind = kindOf(field.control);
        const label = words({ key: `catalogue.properties.${name}_${inner}` });
        return kind === null ? [] : [choiceOf({ of: 'event', property: `${name}.${inner}` }, kind, label, detail)];
      });
    const kind = kindOf(control);
    if (kind === null) return [];
    const label = words({ key: `catalogue.properties.${name}` });
    return [choiceOf({ of: 'event', property: name }, kind, label, detail, optionsOf(name, control, view))];
  });
}

/** What conditions on the rows that are counted may look at. */
export function countedSubjects(what: Counted, event: string | undefined): EventSubjects {
  return what === 'events'
    ? { properties: EVENT_TYPES.get(event ?? '')?.properties ?? {}, isOpen: event === 'custom.event', alone: true }
    : { properties: RECORD_PROPERTIES[what], isOpen: false, alone: true };
}

/** What a property of the last event may be, where it is a choice. */
export function lastOptions({ event, property }: Extract<Subject, { of: 'last' }>, view: WorkspaceView): Named[] {
  const control = EVENT_TYPES.get(event)?.properties[property ?? '']?.control;
  return control === undefined ? [] : optionsOf(property ?? '', control, view);
}

/** The choice that a condition was made from, also where it is no longer offered. */
export function subjectOf(condition: Condition, choices: readonly SubjectChoice[]): SubjectChoice {
  const key = subjectKey(condition.subject);
  const known = choices.find(({ value }) => value === key);
  if (known) return known;
  const { subject, kind } = condition;
  const label = subject.of === 'event' ? subject.property : subject.of === 'attribute' ? subject.attributeId : key;
  return { value: key, subject, kind, label, detail: '', options: [] };
}

/** Ids from outside say nothing to a person. */
const HIDDEN = new Set(['messageId', 'nodeId']);

export function kindOf(control: Control): ComparedKind | null {
  switch (control.kind) {
    case 'text':
    case 'url':
      return 'text';
    case 'number':
    case 'money':
      return 'number';
    case 'yesNo':
      return 'yesNo';
    case 'instant':
      return 'date';
    case 'choice':
      return 'choice';
    case 'reference':
      return control.many ? 'choices' : 'choice';
    default:
      return null;
  }
}

export function optionsOf(name: string, control: Control, view: WorkspaceView): Named[] {
  if (control.kind === 'choice')
    return control.options.map((value) => ({ value, label: words({ key: `catalogue.options.${name}.${value}` }) }));
  return control.kind === 'reference' ? namesOf(view, control.table) : [];
}

function namesOf(view: WorkspaceView, table: ReferenceTable): Named[] {
  return [...referable(view, table).values()]
    .map(({ id, name, within }) => ({ value: id, label: name, detail: within }))
    .sort(
      (left, right) => compareWords(left.detail ?? '', right.detail ?? '') || compareWords(left.label, right.label)
    );
}
