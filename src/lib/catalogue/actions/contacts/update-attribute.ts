import { dateOf } from '$lib/core/calendar';
import { defineAction, type StepArgs } from '$lib/core/definitions';
import { assignment, type AssignedValue, type AttributeValue, type Fields } from '$lib/core/fields';
import { failed, ok, type Result } from '$lib/core/result';
import type { Attribute } from '$lib/core/rows/contacts';
import { words } from '$lib/core/words';
import { setAttribute } from '$lib/records/contacts/attributes';
import { parseAttributeValue } from '$lib/records/contacts/values';

export default defineAction({
  id: 'contact.update_attribute',
  group: 'contacts',
  icon: 'tag',
  version: 1,
  fields: { assignment: assignment() },
  sentence: ({ fields: { assignment }, view }) => {
    const attribute = view.attributes.get(assignment.attributeId);
    if (!attribute) return null;
    const { value } = assignment;
    const name = attribute.name;
    switch (value.from) {
      case 'fixed':
        return words('catalogue.contact.update_attribute.sentence', {
          attribute: name,
          value: shown(attribute, value.value)
        });
      case 'add':
      case 'subtract':
        return words(`catalogue.contact.update_attribute.sentence_${value.from}`, {
          attribute: name,
          amount: value.amount
        });
      case 'event':
        return words('catalogue.contact.update_attribute.sentence_event', {
          attribute: name,
          property: value.property
        });
      case 'attribute':
        return words('catalogue.contact.update_attribute.sentence_attribute', {
          attribute: name,
          other: view.attributes.get(value.attributeId)?.name ?? value.attributeId
        });
      case 'addChoices':
      case 'removeChoices':
        return words(`catalogue.contact.update_attribute.sentence_${value.from}`, {
          attribute: name,
          value: shown(attribute, value.values)
        });
      default:
        return words(`catalogue.contact.update_attribute.sentence_${value.from}`, { attribute: name });
    }
  },
  check: ({ fields: { assignment }, view }) => {
    const attribute = view.attributes.get(assignment.attributeId);
    if (!attribute) return [{ field: 'assignment', words: words('words.problem.attribute_gone') }];
    if (assignment.value.from === 'fixed') {
      const parsed = parseAttributeValue(attribute, assignment.value.value);
      if (!parsed.ok) return [{ field: 'assignment', words: parsed.reason }];
    }
    if (assignment.value.from === 'attribute' && !view.attributes.has(assignment.value.attributeId)) {
      return [{ field: 'assignment', words: words('words.problem.attribute_gone') }];
    }
    if ((assignment.value.from === 'add' || assignment.value.from === 'subtract') && attribute.kind !== 'number') {
      return [{ field: 'assignment', words: words('words.problem.not_a_number') }];
    }
    if (
      (assignment.value.from === 'addChoices' || assignment.value.from === 'removeChoices') &&
      attribute.kind !== 'choices'
    ) {
      return [{ field: 'assignment', words: words('words.problem.not_a_multiple_choice') }];
    }
    return [];
  },
  apply: (args) => {
    const { fields, contact, view, now, newId } = args;
    const attribute = view.attributes.get(fields.assignment.attributeId);
    if (!attribute) return failed(words('words.step.attribute_gone'));
    const next = nextValue(args, attribute, fields.assignment.value);
    if (!next.ok) return next;
    return ok({
      ...setAttribute(contact, attribute.id, next.value, { via: 'automation', now, newId }),
      words:
        next.value === null
          ? words('words.step.attribute_cleared', { attribute: attribute.name })
          : words('words.step.attribute_set', { attribute: attribute.name, value: shown(attribute, next.value) })
    });
  },
  examples: [
    {
      fields: { assignment: { attributeId: 'CITY', value: { from: 'fixed', value: 'Lyon' } } },
      branch: 'next',
      becomes: { attributes: { CITY: 'Lyon' } }
    },
    {
      fields: { assignment: { attributeId: 'POINTS', value: { from: 'add', amount: 5 } } },
      contact: { attributes: { POINTS: 2 } },
      branch: 'next',
      becomes: { attributes: { POINTS: 7 } }
    },
    {
      fields: { assignment: { attributeId: 'POINTS', value: { from: 'subtract', amount: 5 } } },
      branch: 'next',
      becomes: { attributes: { POINTS: -5 } }
    },
    {
      fields: { assignment: { attributeId: 'CITY', value: { from: 'clear' } } },
      contact: { attributes: { CITY: 'Lyon' } },
      branch: 'next',
      becomes: { attributes: {} }
    },
    {
      fields: { assignment: { attributeId: 'CITY', value: { from: 'event', property: 'city' } } },
      event: { properties: { city: 'Nantes' } },
      branch: 'next',
      becomes: { attributes: { CITY: 'Nantes' } }
    },
    {
      fields: { assignment: { attributeId: 'CITY', value: { from: 'attribute', attributeId: 'FIRSTNAME' } } },
      contact: { attributes: { FIRSTNAME: 'Léa' } },
      branch: 'next',
      becomes: { attributes: { FIRSTNAME: 'Léa', CITY: 'Léa' } }
    },
    {
      fields: { assignment: { attributeId: 'TOPICS', value: { from: 'addChoices', values: ['b'] } } },
      contact: { attributes: { TOPICS: ['a'] } },
      branch: 'next',
      becomes: { attributes: { TOPICS: ['a', 'b'] } }
    },
    {
      fields: { assignment: { attributeId: 'TOPICS', value: { from: 'removeChoices', values: ['a'] } } },
      contact: { attributes: { TOPICS: ['a', 'b'] } },
      branch: 'next',
      becomes: { attributes: { TOPICS: ['b'] } }
    },
    {
      fields: { assignment: { attributeId: 'SEEN', value: { from: 'now' } } },
      branch: 'next',
      becomes: { attributes: { SEEN: '2027-01-05' } }
    }
  ]
});

/** The attribute's next value; null clears it. A value that the attribute's kind does not take fails the step. */
function nextValue<F extends Fields>(
  { contact, event, view, now }: StepArgs<F>,
  attribute: Attribute,
  value: AssignedValue
): Result<AttributeValue | null> {
  const present = contact.attributes[attribute.id];
  switch (value.from) {
    case 'clear':
      return ok(null);
    case 'now':
      return ok(dateOf(now, view.settings.get('workspace')?.timeZone ?? 'UTC'));
    case 'add':
      return ok((typeof present === 'number' ? present : 0) + value.amount);
    case 'subtract':
      return ok((typeof present === 'number' ? present : 0) - value.amount);
    case 'addChoices':
      return ok([...new Set([...(Array.isArray(present) ? present : []), ...value.values])]);
    case 'removeChoices':
      return ok((Array.isArray(present) ? present : []).filter((choice) => !value.values.includes(choice)));
    case 'fixed':
      return parseAttributeValue(attribute, value.value);
    case 'event':
      return parseAttributeValue(attribute, event.properties[value.property]);
    case 'attribute':
      return parseAttributeValue(attribute, contact.attributes[value.attributeId]);
  }
}

function shown(attribute: Attribute, value: AttributeValue): string {
  const names = (Array.isArray(value) ? value : [value]).map(
    (one) => attribute.options?.find(({ id }) => id === one)?.name ?? String(one)
  );
  return names.join(', ');
}
