import { hasWords, words } from '$lib/i18n';
import type { RemoteKind, RemotePlace } from './sync-types';

/** What a kind of remote is, in a sentence. */
export function kindText({ id }: RemoteKind): string {
  return words({ key: `remotes.${id}.text` });
}

/** What is to be done there first. */
export function stepText({ id }: RemoteKind, name: string): string {
  const key = `remotes.${id}.steps.${name}`;
  return hasWords(key) ? words({ key }) : name;
}

/** The computer that a place is on, by its first address; the name of its kind where it has none. */
export function hostOf(kind: RemoteKind, fields: RemotePlace['fields']): string {
  const address = kind.fields.find(({ control }) => control.kind === 'url');
  const url = fields[address?.name ?? ''];
  if (typeof url !== 'string') return kind.name;
  return URL.canParse(url) ? new URL(url).host : url;
}
