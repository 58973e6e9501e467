import { dateOf } from '$lib/core/calendar';
import type { AssignedValue } from '$lib/core/fields';
import type { Instant } from '$lib/core/instants';
import { majorUnits, moneySchema } from '$lib/core/money';
import { failed, ok, type Result } from '$lib/core/result';
import type { AttributeValue } from '$lib/core/rows/contacts';
import { words } from '$lib/core/words';
import * as v from 'valibot';
import type { Assignable } from './assignable';
import { parseAttributeValue } from './contacts/values';

/** What an assigned value may be made from. */
export interface AssignedFrom {
  /** What the target has now. */
  readonly present: AttributeValue | undefined;
  readonly event: Readonly<Record<string, unknown>>;
  /** The contact's attributes: what `attribute` takes from, whoever gets it. */
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly timeZone: string;
  readonly now: Instant;
}

/** The target's next value; null takes it away. A value that it does not take is refused. */
export function assignedValue(
  target: Assignable,
  value: AssignedValue,
  { present, event, attributes, timeZone, now }: AssignedFrom
): Result<AttributeValue | null> {
  const next = ((): Result<AttributeValue | null> => {
    switch (value.from) {
      case 'clear':
        return ok(null);
      case 'now':
        return ok(dateOf(now, timeZone));
      case 'add':
        return parseAttributeValue(target, (typeof present === 'number' ? present : 0) + value.amount);
      case 'subtract':
        return parseAttributeValue(target, (typeof present === 'number' ? present : 0) - value.amount);
      case 'addChoices':
        return ok([...new Set([...(Array.isArray(present) ? present : []), ...value.values])]);
      case 'removeChoices':
        return ok((Array.isArray(present) ? present : []).filter((choice) => !value.values.includes(choice)));
      case 'fixed':
        return parseAttributeValue(target, value.value);
      case 'event':
        return parseAttributeValue(target, plain(event[value.property], target, timeZone));
      case 'attribute':
        return parseAttributeValue(target, attributes[value.attributeId]);
    }
  })();
  if (next.ok && next.value === null && target.required)
    return failed(words('words.value.required', { attribute: target.name }));
  return next;
}

/** An amount of money stands for its number, an instant for its day: nothing else of an event that is a number could be a date. */
function plain(value: unknown, { kind }: Assignable, timeZone: string): unknown {
  if (kind === 'date' && typeof value === 'number') return dateOf(value, timeZone);
  return v.is(moneySchema, value) ? majorUnits(value) : value;
}
