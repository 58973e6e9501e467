import { unsigned, type PageLanguage } from '$lib/core/pages';
import type { Sender } from '$lib/core/rows/messages';
import type { WorkspaceView } from '$lib/core/tables';

/** How readers of a marketing email leave: where the link leads, and what mail programs are told. */
export interface WayOut {
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * By the relay's page where the app has published it; otherwise by a message to the sender, as from the Sandbox, which sends nothing. The
 * page's address is signed when the message is sent.
 */
export function wayOutOf({ email, accountId }: Sender, view: WorkspaceView, language: PageLanguage): WayOut {
  return accountId !== null && showsPages(view) ? byPage(unsigned('u', language), email) : byMail(email);
}

/** Whether there is a relay that shows the pages of this workspace. */
export function showsPages({ accounts }: Pick<WorkspaceView, 'accounts'>): boolean {
  return [...accounts.values()].some(({ pages }) => pages !== undefined);
}

/** A page (RFC 8058), and beside it a message to `sender`, for mail programs that know nothing else. */
export function byPage(address: string, sender: string): WayOut {
  const headers = {
    'List-Unsubscribe': `<${address}>, <${byMail(sender).address}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click'
  };
  return { address, headers };
}

/** A message to `sender` (RFC 2369), by its subject about leaving or about something else. */
export function byMail(sender: string, subject = 'unsubscribe'): WayOut {
  const address = `mailto:${sender}?subject=${subject}`;
  return { address, headers: { 'List-Unsubscribe': `<${address}>` } };
}
