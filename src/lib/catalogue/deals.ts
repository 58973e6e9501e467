import type { FieldProblem } from '$lib/core/definitions';
import type { Contact } from '$lib/core/rows/contacts';
import type { Pipeline, Stage } from '$lib/core/rows/crm';
import type { WorkspaceView } from '$lib/core/tables';
import { words } from '$lib/core/words';
import { knownName } from '$lib/records/contacts/known-name';
import { stageById } from '$lib/records/pipelines';

/** Where a step puts a deal. */
interface Place {
  readonly pipelineId: string | null;
  readonly stageId: string | null;
}

/** A stage must be one of the pipeline chosen. */
export function stageProblems({ pipelineId, stageId }: Place, view: WorkspaceView): FieldProblem[] {
  const found = stageById(view, stageId);
  return found && found.pipeline.id !== pipelineId
    ? [{ field: 'stageId', words: words('words.problem.stage_of_another_pipeline') }]
    : [];
}

/** The pipeline and stage that a step names; null where they are gone, or do not go together. */
export function placeOf(
  { pipelineId, stageId }: Place,
  view: WorkspaceView
): { readonly pipeline: Pipeline; readonly stage: Stage } | null {
  const found = stageById(view, stageId);
  return found?.pipeline.id === pipelineId ? found : null;
}

/** 'Atelier – Léa Martin': the prefix, where there is one, and what the contact is known by. */
export function dealName(prefix: string, contact: Contact): string {
  return [prefix.trim(), knownName(contact)].filter(Boolean).join(' – ') || contact.id;
}
