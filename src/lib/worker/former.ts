import type { Contact } from '$lib/core/rows/contacts';
import type { Enrolment } from '$lib/core/rows/automations';
import { prefixAs } from '$lib/engine/enrolments';
import type { Reader } from '$lib/storage/port';

/**
 * Journeys that contacts have begun under another id, before they were found to be one: they count among their own. By what the ids of
 * their own begin with (`enrolmentPrefix`). Of contacts that nobody has become one with nothing is read.
 */
export async function formerJourneys(
  reader: Reader,
  contacts: readonly (Contact | undefined)[]
): Promise<ReadonlyMap<string, readonly Enrolment[]>> {
  const ids = contacts.flatMap((contact) => (contact?.hasMerged === true ? contact.id : []));
  const former = new Map<string, Enrolment[]>();
  if (ids.length === 0) return former;
  for (const enrolment of await reader.query('enrolments', { index: 'contactId', anyOf: [...new Set(ids)] })) {
    const prefix = prefixAs(enrolment);
    if (enrolment.id.startsWith(prefix)) continue;
    const known = former.get(prefix);
    if (known) known.push(enrolment);
    else former.set(prefix, [enrolment]);
  }
  return former;
}
