import type { Attribute } from '$lib/core/rows/contacts';
import { fold } from '$lib/filters/text';

/** What a column of the file becomes: `email`, `phone`, `externalId`, `attribute:<id>`; null leaves it out. */
export type ImportTarget = 'email' | 'phone' | 'externalId' | `attribute:${string}` | null;

export type ImportMapping = Readonly<Record<string, ImportTarget>>;

/** How columns are called in the files of French and English tools. */
const SYNONYMS: readonly (readonly [ImportTarget, readonly string[]])[] = [
  ['email', ['email', 'e mail', 'mail', 'courriel', 'adresse email', 'adresse e mail', 'adresse mail', 'adresse electronique', 'email address', 'e mail address', 'mail address', 'email 1', 'e mail 1 value']], // prettier-ignore
  ['phone', ['phone', 'telephone', 'tel', 'mobile', 'portable', 'gsm', 'sms', 'telephone portable', 'telephone mobile', 'tel portable', 'numero de telephone', 'numero', 'phone number', 'mobile phone', 'mobile number', 'cell', 'cell phone', 'whatsapp', 'phone 1 value']], // prettier-ignore
  ['externalId', ['external id', 'ext id', 'id externe', 'identifiant externe', 'identifiant', 'id client', 'client id', 'numero client', 'reference client', 'customer id', 'contact id', 'user id', 'id']], // prettier-ignore
  ['attribute:FIRSTNAME', ['prenom', 'prenoms', 'first name', 'firstname', 'given name', 'forename']],
  ['attribute:LASTNAME', ['nom', 'nom de famille', 'last name', 'lastname', 'surname', 'family name']],
  ['attribute:NAME', ['nom complet', 'full name', 'fullname', 'name', 'display name']],
  ['attribute:COMPANY', ['societe', 'entreprise', 'organisation', 'company', 'organization', 'company name']],
  ['attribute:CITY', ['ville', 'city', 'town']],
  ['attribute:COUNTRY', ['pays', 'country']],
  ['attribute:POSTCODE', ['code postal', 'cp', 'zip', 'zip code', 'postcode', 'postal code']],
  ['attribute:BIRTHDAY', ['date de naissance', 'naissance', 'anniversaire', 'birthday', 'birth date', 'date of birth']],
  ['attribute:LANGUAGE', ['langue', 'language', 'locale']]
];

/** What each column most likely is. Each target is taken once, by the first column that fits; an attribute must be there. */
export function suggestMapping(
  headers: readonly string[],
  attributes: readonly Pick<Attribute, 'id' | 'name'>[]
): Record<string, ImportTarget> {
  const targets = new Map<string, ImportTarget>();
  for (const [target, names] of SYNONYMS) {
    const isThere = !target?.startsWith('attribute:') || attributes.some(({ id }) => `attribute:${id}` === target);
    if (isThere) for (const name of names) targets.set(name, target);
  }
  // The user's own names come before what such words mean elsewhere.
  for (const { id, name } of attributes) {
    targets.set(plain(name), `attribute:${id}`);
    targets.set(plain(id), `attribute:${id}`);
  }
  const taken = new Set<ImportTarget>();
  return Object.fromEntries(
    headers.map((header) => {
      const target = targets.get(plain(header)) ?? null;
      const isFree = target !== null && !taken.has(target);
      if (isFree) taken.add(target);
      return [header, isFree ? target : null];
    })
  );
}

function plain(header: string): string {
  return fold(header)
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}
