import type { Graph } from '$lib/core/graph';
import type { WorkspaceView } from '$lib/core/tables';
import { words, type Words } from '$lib/core/words';
import type { Problem } from './check';

const SEND = 'email.send';

/**
 * What the law of many countries asks of a marketing email and the workspace lacks so far. Nothing of it refuses publishing; the Sandbox,
 * which sends nothing, is not asked.
 */
export function marketingProblems({ steps }: Graph, view: WorkspaceView): Problem[] {
  const lacking = lackingIn(view);
  return steps.flatMap(({ id, unit, fields }): Problem[] => {
    const sender = view.senders.get(String(fields.senderId));
    if (unit !== SEND || fields.type === 'transactional' || !sender || sender.accountId === null) return [];
    return lacking.map((text): Problem => ({ severity: 'warning', nodeId: id, words: text }));
  });
}

function lackingIn({ accounts, settings }: WorkspaceView): Words[] {
  const hasPages = [...accounts.values()].some(({ pages }) => pages !== undefined);
  const footer = settings.get('workspace')?.brand?.footer ?? '';
  return [
    ...(hasPages ? [] : [words('words.problem.unsubscribe_by_mail')]),
    ...(footer.trim() === '' ? [words('words.problem.no_postal_address')] : [])
  ];
}
