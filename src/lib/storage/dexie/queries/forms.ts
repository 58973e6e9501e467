import type { Id } from '$lib/core/ids';
import type { Form } from '$lib/core/rows/forms';
import type { Tables } from '$lib/core/tables';
import type { WorkspaceDatabase } from '../database';
import type { Page } from './page';

/** By name. */
export async function forms(database: WorkspaceDatabase): Promise<Form[]> {
  const collator = new Intl.Collator(undefined, { numeric: true });
  return (await database.forms.toArray()).sort((left, right) => collator.compare(left.name, right.name));
}

export function formById(database: WorkspaceDatabase, id: Id): Promise<Form | undefined> {
  return database.forms.get(id);
}

/** What was typed into a form, newest first. */
export function submissionsByForm(
  database: WorkspaceDatabase,
  formId: Id,
  { offset, limit }: Page
): Promise<Tables['events'][]> {
  return submissions(database)
    .reverse()
    .filter(({ properties }) => properties['formId'] === formId)
    .offset(offset)
    .limit(limit)
    .toArray();
}

/** Sign-ups that wait for their address to be confirmed, newest first. */
export async function optInsByForm(database: WorkspaceDatabase, formId: Id): Promise<Tables['optIns'][]> {
  const rows = await database.optIns.filter((optIn) => optIn.formId === formId).toArray();
  return rows.sort((one, other) => other.handedInAt - one.handedInAt);
}

/** How often each form was submitted, by its id. */
export async function submissionCounts(database: WorkspaceDatabase): Promise<Record<Id, number>> {
  const counts: Record<Id, number> = {};
  await submissions(database).each(({ properties: { formId } }) => {
    if (typeof formId === 'string') counts[formId] = (counts[formId] ?? 0) + 1;
  });
  return counts;
}

function submissions(database: WorkspaceDatabase) {
  return database.events.where('type').equals('form.submitted');
}
