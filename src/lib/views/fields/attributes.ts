import type { AssignedValue, AttributeValue } from '$lib/core/fields';
import type { Attribute } from '$lib/core/rows/contacts';
import type { WorkspaceView } from '$lib/core/tables';
import { compareWords, words } from '$lib/i18n';
import type { Assignable } from '$lib/records/assignable';

export function attributeOptions(view: Pick<WorkspaceView, 'attributes'>): { value: string; label: string }[] {
  return [...view.attributes.values()]
    .map(({ id, name }) => ({ value: id, label: name }))
    .sort((left, right) => compareWords(left.label, right.label));
}

/** Properties as they come, then attributes by their name. */
export function assignableOptions(targets: ReadonlyMap<string, Assignable>): { value: string; label: string }[] {
  const all = [...targets.values()];
  const named = (name: Assignable['name']): string => (typeof name === 'string' ? name : words(name));
  const option = ({ id, name }: Assignable) => ({ value: id, label: named(name) });
  return [
    ...all.filter(({ name }) => typeof name !== 'string').map(option),
    ...all
      .filter(({ name }) => typeof name === 'string')
      .map(option)
      .sort((left, right) => compareWords(left.label, right.label))
  ];
}

/** How what is of a kind can be given a value. */
export function waysOf({ kind, required = false }: Pick<Assignable, 'kind' | 'required'>): AssignedValue['from'][] {
  return [
    'fixed',
    ...(kind === 'number' ? (['add', 'subtract'] as const) : []),
    ...(kind === 'choices' ? (['addChoices', 'removeChoices'] as const) : []),
    ...(kind === 'date' ? (['now'] as const) : []),
    'event',
    'attribute',
    ...(required ? [] : (['clear'] as const))
  ];
}

const EMPTY: Readonly<Record<Attribute['kind'], AttributeValue>> = {
  text: '',
  number: 0,
  date: '',
  yesNo: true,
  choice: '',
  choices: []
};

/** What a way starts with. */
export function initialAssignment({ kind }: Pick<Attribute, 'kind'>, from: AssignedValue['from']): AssignedValue {
  switch (from) {
    case 'fixed':
      return { from, value: EMPTY[kind] };
    case 'event':
      return { from, property: '' };
    case 'attribute':
      return { from, attributeId: '' };
    case 'add':
    case 'subtract':
      return { from, amount: 1 };
    case 'addChoices':
    case 'removeChoices':
      return { from, values: [] };
    case 'now':
    case 'clear':
      return { from };
  }
}
