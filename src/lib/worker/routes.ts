import type { ProviderDefinition } from '$lib/core/providers';
import type { Account, Channel, OutboxRow } from '$lib/core/rows/messages';
import type { WorkspaceView } from '$lib/core/tables';
import type { Parts } from './parts';
import { relayIn } from './through-relay';

/** Where a row goes: null where its account or the adapter is gone. */
export interface Route {
  readonly provider: ProviderDefinition;
  readonly account: Account | null;
  /** What the account's calls go through, where it wants that, and what shows the pages that emails lead to. */
  readonly relay: Account | null;
  /** Where links in emails say whose email it was. */
  readonly siteDomains: readonly string[];
}

/** What takes the calls that no account is named for. */
const BUILT_IN: Readonly<Record<Channel, string>> = {
  email: 'sandbox',
  sms: 'sandbox.sms',
  push: 'sandbox.push',
  wallet: 'sandbox.wallet',
  webhook: 'webhook.http'
};

export function routeOf(row: OutboxRow, view: WorkspaceView, providers: Parts['providers']): Route | null {
  if (row.accountId === null) {
    const provider = providers.get(BUILT_IN[row.request.channel]);
    // A message of the Sandbox is read here, but who confirms an address does it on the relay's page.
    const needsRelay = row.optInId !== undefined || isThroughRelay(row.request);
    const relay = needsRelay ? relayIn(view) : null;
    return provider ? { provider, account: null, relay, siteDomains: [] } : null;
  }
  const account = view.accounts.get(row.accountId);
  const provider = account && providers.get(account.provider);
  if (!account || provider?.channel !== row.request.channel) return null;
  const siteDomains = [...view.inboxSources.values()].flatMap(({ domains = [] }) => domains);
  return { provider, account, relay: relayIn(view), siteDomains };
}

/** Whether the step itself wants its call passed on. */
export function isThroughRelay(request: OutboxRow['request']): boolean {
  return request.channel === 'webhook' && request.throughRelay === true;
}
