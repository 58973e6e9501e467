import type { Graph } from '$lib/core/graph';
import { addDuration } from '$lib/core/calendar';
import { DAY, HOUR, MINUTE, type Instant, type Milliseconds } from '$lib/core/instants';
import type { WorkspaceView } from '$lib/core/tables';
import { durationWords, words, type Words } from '$lib/core/words';
import { messagesAfterDelays, type AfterDelay, type GoingAhead } from '$lib/engine/after-delay';
import { takesFrom } from './ahead';
import type { Parts } from './parts';

/** What of a graph would be handed over ahead, as senders and accounts are now. */
export function goingAhead(
  graph: Graph,
  view: WorkspaceView,
  { catalogue, providers }: Pick<Parts, 'catalogue' | 'providers'>,
  now: Instant
): GoingAhead[] {
  return messagesAfterDelays(graph, catalogue, view).map((message) => {
    const problem = problemOf(message, view, providers, now);
    const account = view.accounts.get(message.accountId ?? '')?.name ?? '';
    return { stepId: message.stepId, goes: problem === null, says: problem ?? words('words.ahead.goes', { account }) };
  });
}

function problemOf(
  { from, accountId, delay }: AfterDelay,
  { accounts, settings }: WorkspaceView,
  providers: Parts['providers'],
  now: Instant
): Words | null {
  if (from === null) return words('words.ahead.no_sender');
  if (accountId === null) return words('words.ahead.sandbox');
  const account = accounts.get(accountId);
  const ahead = providers.get(account?.provider ?? '')?.ahead;
  const name = account?.name ?? '';
  if (!ahead) return words('words.ahead.cannot', { account: name });
  if (!takesFrom(ahead, from)) return words('words.ahead.not_from', { account: name, from });
  const lasts = addDuration(now, delay, settings.get('workspace')?.timeZone ?? 'UTC') - now;
  if (lasts < ahead.least) return words('words.ahead.too_short', { account: name, least: spanWords(ahead.least) });
  if (lasts > ahead.horizon) return words('words.ahead.too_long', { account: name, most: spanWords(ahead.horizon) });
  return null;
}

/** A span in the largest unit that does not round it up. */
function spanWords(span: Milliseconds): Words {
  if (span >= 4 * DAY) return durationWords({ amount: Math.floor(span / DAY), unit: 'days' });
  if (span >= HOUR) return durationWords({ amount: Math.floor(span / HOUR), unit: 'hours' });
  return durationWords({ amount: Math.ceil(span / MINUTE), unit: 'minutes' });
}
