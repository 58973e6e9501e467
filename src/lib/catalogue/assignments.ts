import type { FieldProblem } from '$lib/core/definitions';
import type { Assignment, AssignmentTarget, AttributeValue } from '$lib/core/fields';
import type { WorkspaceView } from '$lib/core/tables';
import { words, type Words } from '$lib/core/words';
import { assignable, type Assignable } from '$lib/records/assignable';
import { parseAttributeValue } from '$lib/records/contacts/values';

/** The sentence of a step that assigns; null while nothing is chosen. All such steps say it alike. */
export function assignmentSentence(
  of: AssignmentTarget,
  { attributeId, value }: Assignment,
  view: WorkspaceView
): Words | null {
  const target = assignable(of, view).get(attributeId);
  if (!target) return null;
  const attribute = target.name;
  const sentence = (way: string, params: Parameters<typeof words>[1] = {}): Words =>
    words(`catalogue.contact.update_attribute.sentence${way}`, { attribute, ...params });
  switch (value.from) {
    case 'fixed':
      return sentence('', { value: shown(target, value.value) });
    case 'add':
    case 'subtract':
      return sentence(`_${value.from}`, { amount: value.amount });
    case 'event':
      return sentence('_event', { property: value.property });
    case 'attribute':
      return sentence('_attribute', { other: view.attributes.get(value.attributeId)?.name ?? value.attributeId });
    case 'addChoices':
    case 'removeChoices':
      return sentence(`_${value.from}`, { value: shown(target, value.values) });
    default:
      return sentence(`_${value.from}`);
  }
}

/** What is wrong with an assignment, as a problem of the field `assignment`. */
export function assignmentProblems(
  of: AssignmentTarget,
  { attributeId, value }: Assignment,
  view: WorkspaceView
): FieldProblem[] {
  const problem = (text: Words): FieldProblem[] => [{ field: 'assignment', words: text }];
  const target = assignable(of, view).get(attributeId);
  if (!target) return problem(words('words.problem.attribute_gone'));
  switch (value.from) {
    case 'fixed': {
      const parsed = parseAttributeValue(target, value.value);
      if (!parsed.ok) return problem(parsed.reason);
      return parsed.value === null && target.required ? problem(words('words.problem.required')) : [];
    }
    case 'attribute':
      return view.attributes.has(value.attributeId) ? [] : problem(words('words.problem.attribute_gone'));
    case 'add':
    case 'subtract':
      return target.kind === 'number' ? [] : problem(words('words.problem.not_a_number'));
    case 'addChoices':
    case 'removeChoices':
      return target.kind === 'choices' ? [] : problem(words('words.problem.not_a_multiple_choice'));
    case 'clear':
      return target.required ? problem(words('words.value.required', { attribute: target.name })) : [];
    default:
      return [];
  }
}

/** What the journal says of an assignment that was carried out. */
export function assignedWords(target: Assignable, value: AttributeValue | null): Words {
  return value === null
    ? words('words.step.attribute_cleared', { attribute: target.name })
    : words('words.step.attribute_set', { attribute: target.name, value: shown(target, value) });
}

function shown(target: Assignable, value: AttributeValue): string {
  const names = (Array.isArray(value) ? value : [value]).map(
    (one) => target.options?.find(({ id }) => id === one)?.name ?? String(one)
  );
  return names.join(', ');
}
