import { EVENT_TYPES } from '$lib/core/events';
import type { EventType } from '$lib/core/events/define';
import { initialValues, type Fields, type ValuesOf } from '$lib/core/fields';
import { failed, ok, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';
import * as v from 'valibot';

/** An event of this size (characters of its JSON) is no fact about a contact but a file. */
const LARGEST_EVENT = 100_000;

/**
 * Properties as somebody gives them, by hand or in a file: what is left out is as the type begins it. Refused with words: an unknown
 * type, a property that does not fit, too much data.
 */
export function readEvent(
  type: string,
  given: Readonly<Record<string, unknown>>
): Result<{ eventType: EventType; properties: ValuesOf<Fields> }> {
  const eventType = EVENT_TYPES.get(type);
  if (!eventType) return failed(words('words.event.unknown_type', { type }));
  const parsed = v.safeParse(eventType.schema, { ...initialValues(eventType.properties), ...given });
  if (!parsed.success) {
    const path = v.getDotPath(parsed.issues[0]) ?? '';
    const property = path.split('.')[0] ?? '';
    const isKnown = property in eventType.properties;
    return failed(
      words('words.event.invalid', { property: isKnown ? words(`catalogue.properties.${property}`) : path })
    );
  }
  if (JSON.stringify(parsed.output).length > LARGEST_EVENT) return failed(words('words.event.too_large'));
  return ok({ eventType, properties: parsed.output });
}
