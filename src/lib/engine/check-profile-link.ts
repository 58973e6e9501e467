import type { Graph } from '$lib/core/graph';
import { PROFILE_LINK, profileForm } from '$lib/core/profile-link';
import type { WorkspaceView } from '$lib/core/tables';
import { words } from '$lib/core/words';
import type { Problem } from './check';

/** Emails whose readers are to keep their details up to date by a form that nobody can open: they would have to write instead. */
export function profileLinkProblems({ steps }: Graph, view: WorkspaceView): Problem[] {
  const hasPages = [...view.accounts.values()].some(({ pages }) => pages !== undefined);
  if (hasPages && profileForm(view.forms.values()) !== null) return [];
  return steps.flatMap(({ id, unit, fields }): Problem[] => {
    const template = unit === 'email.send' ? view.templates.get(String(fields.templateId)) : undefined;
    const sender = view.senders.get(String(fields.senderId));
    if (!template?.html.includes(PROFILE_LINK) || !sender || sender.accountId === null) return [];
    return [{ severity: 'warning', nodeId: id, words: words('words.problem.no_profile_page') }];
  });
}
