import type { WorkspaceView } from '$lib/core/tables';
import { hasWords, words } from '$lib/i18n';

/** What yields events in the app itself; the ids of sources come beside these. */
export const OWN_SOURCES = ['app', 'automation', 'import'] as const;

/** Where an event comes from, in words: a source of an account goes by the account's name. */
export function sourceName(source: string, view: WorkspaceView): string {
  const [id = '', accountId] = source.split(':');
  const account = accountId === undefined ? undefined : view.accounts.get(accountId);
  if (account) return account.name;
  const key = `events.sources.${id.split('.')[0] ?? ''}`;
  return hasWords(key) ? words({ key }) : source;
}
