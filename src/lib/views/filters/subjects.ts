import type { Control, Fields } from '$lib/core/fields';
import type { ComparedKind, Condition, Subject } from '$lib/core/filter-tree';
import type { WorkspaceView } from '$lib/core/tables';
import { compareWords, m, words } from '$lib/i18n';

export interface Named {
  readonly value: string;
  readonly label: string;
}

/** Something that a condition can look at. */
export interface SubjectChoice extends Named {
  readonly subject: Subject;
  readonly kind: ComparedKind;
  readonly detail: string;
  /** What a choice is made from. */
  readonly options: readonly Named[];
}

/** What conditions may look at beside the contact: properties of an event, and whether others may be named freely. */
export interface EventSubjects {
  readonly properties: Fields;
  readonly isOpen: boolean;
}

const CONTACT_FIELDS = [
  ['email', 'text'],
  ['phone', 'text'],
  ['externalId', 'text'],
  ['createdAt', 'date'],
  ['blocklisted', 'yesNo']
] as const;

export function subjectKey(subject: Subject): string {
  switch (subject.of) {
    case 'contact':
      return `contact ${subject.field}`;
    case 'attribute':
      return `attribute ${subject.attributeId}`;
    case 'event':
      return `event ${subject.property}`;
    default:
      return JSON.stringify(subject);
  }
}

export function subjectChoices(
  view: Pick<WorkspaceView, 'attributes' | 'lists' | 'automations'>,
  event: EventSubjects | null
): SubjectChoice[] {
  const choice = (
    subject: Subject,
    kind: ComparedKind,
    label: string,
    detail: string,
    options: readonly Named[] = []
  ) => ({
    value: subjectKey(subject),
    subject,
    kind,
    label,
    detail,
    options
  });
  const lists = namesOf(view.lists);
  return [
    ...Object.entries(event?.properties ?? {}).flatMap(([name, { control }]) => {
      const kind = kindOf(control);
      const label = words({ key: `catalogue.properties.${name}` });
      if (kind === null || HIDDEN.has(name)) return [];
      return [
        choice({ of: 'event', property: name }, kind, label, m['filters.event'](), optionsOf(name, control, view))
      ];
    }),
    ...CONTACT_FIELDS.map(([field, kind]) =>
      choice({ of: 'contact', field }, kind, words({ key: `filters.contact.${field}` }), m['filters.details']())
    ),
    choice({ of: 'lists' }, 'choices', m['filters.lists'](), m['filters.details'](), lists),
    ...[...view.attributes.values()]
      .sort((left, right) => compareWords(left.name, right.name))
      .map((attribute) =>
        choice(
          { of: 'attribute', attributeId: attribute.id },
          attribute.kind,
          attribute.name,
          m['filters.attribute'](),
          (attribute.options ?? []).map(({ id, name }) => ({ value: id, label: name }))
        )
      )
  ];
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

/** Ids of messages say nothing to a person. */
const HIDDEN = new Set(['messageId']);

function kindOf(control: Control): ComparedKind | null {
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

function optionsOf(
  name: string,
  control: Control,
  view: Pick<WorkspaceView, 'lists' | 'automations' | 'attributes'>
): Named[] {
  if (control.kind === 'choice')
    return control.options.map((value) => ({ value, label: words({ key: `catalogue.options.${name}.${value}` }) }));
  if (control.kind !== 'reference') return [];
  const rows = view[control.table as 'lists'] as ReadonlyMap<string, { id: string; name: string }> | undefined;
  return rows ? namesOf(rows) : [];
}

function namesOf(rows: ReadonlyMap<string, { id: string; name: string }>): Named[] {
  return [...rows.values()]
    .map(({ id, name }) => ({ value: id, label: name }))
    .sort((left, right) => compareWords(left.label, right.label));
}
