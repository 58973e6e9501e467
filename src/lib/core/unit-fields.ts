import type { UnitDefinition } from './definitions';
import { initialValues } from './fields';

type Node = { readonly version: number; readonly fields: Readonly<Record<string, unknown>> };
type Values = Readonly<Record<string, unknown>>;

const kept = new WeakMap<Node, Values>();

/** The settings of a step or trigger as today's definition has them: an older version's are upgraded, what is left out is initial. */
export function fieldsOf(node: Node, definition: UnitDefinition): Values {
  let fields = kept.get(node);
  if (fields === undefined) {
    const { version, upgrade } = definition;
    const present = node.version < version && upgrade ? upgrade(node.fields, node.version) : node.fields;
    kept.set(node, (fields = { ...initialValues(definition.fields), ...present }));
  }
  return fields;
}
