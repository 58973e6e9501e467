import type { AssignmentTarget } from '$lib/core/fields';
import type { Attribute } from '$lib/core/rows/contacts';
import type { WorkspaceView } from '$lib/core/tables';
import { words, type Words } from '$lib/core/words';

/** What an assignment may set: an attribute, or a property of the row that is treated as one. */
export interface Assignable extends Pick<Attribute, 'id' | 'kind' | 'options'> {
  readonly name: string | Words;
  /** It cannot be taken away. */
  readonly required?: boolean;
}

/**
 * All that an assignment may set, by id: properties first, then custom attributes. Form, check and step share it. Ids of properties
 * (`ownerId`) never are ids of attributes, which are in capitals.
 */
export function assignable(of: AssignmentTarget, view: WorkspaceView): ReadonlyMap<string, Assignable> {
  const all: Assignable[] = [...propertiesOf(of, view), ...attributesOf(of, view).values()];
  return new Map(all.map((one) => [one.id, one]));
}

function attributesOf(of: AssignmentTarget, view: WorkspaceView): ReadonlyMap<string, Attribute> {
  if (of === 'contact') return view.attributes;
  return of === 'company' ? view.companyAttributes : view.dealAttributes;
}

function propertiesOf(of: AssignmentTarget, view: WorkspaceView): Assignable[] {
  if (of === 'contact') return [];
  const property = (id: string, kind: Attribute['kind'], more: Partial<Assignable> = {}): Assignable => ({
    id,
    name: words(`words.property.${id}`),
    kind,
    ...more
  });
  const named = [
    property('name', 'text', { required: true }),
    property('ownerId', 'choice', { options: usersOf(view) })
  ];
  if (of === 'company') return named;
  return [
    ...named,
    property('stageId', 'choice', { options: stagesOf(view), required: true }),
    property('amount', 'number'),
    property('expectedCloseOn', 'date')
  ];
}

function usersOf(view: WorkspaceView) {
  return [...view.users.values()].map(({ id, name }) => ({ id, name }));
}

/** Of all pipelines, each under its pipeline's name: two may have a stage of the same one. */
function stagesOf(view: WorkspaceView) {
  return [...view.pipelines.values()].flatMap((pipeline) =>
    pipeline.stages.map(({ id, name }) => ({ id, name: `${pipeline.name} · ${name}` }))
  );
}
