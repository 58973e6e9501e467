import { create, remove, update } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import type { Given, Id } from '$lib/core/ids';
import { failed, ok, type Result } from '$lib/core/result';
import type { Pipeline, Stage } from '$lib/core/rows/crm';
import type { WorkspaceView } from '$lib/core/tables';
import { words } from '$lib/core/words';

/** A stage as its form gives it; without an id it is new. */
export type StageDraft = Omit<Stage, 'id'> & { readonly id?: Id | undefined };

export interface PipelineFields {
  readonly name: string;
  readonly stages: readonly StageDraft[];
}

export function createPipeline(
  { name, stages }: PipelineFields,
  { now, newId }: Given
): Effect & { readonly pipeline: Pipeline } {
  const pipeline: Pipeline = {
    id: newId(),
    name,
    stages: stages.map((stage) => ({ ...stage, id: newId() })),
    createdAt: now
  };
  return { pipeline, changes: [create('pipelines', pipeline.id, pipeline)], events: [] };
}

/** Stages keep their ids; those that are left out go. Ask `removedStages` first whether deals are there. */
export function updatePipeline(pipeline: Pipeline, { name, stages }: PipelineFields, { newId }: Given): Effect {
  const next = stages.map((stage): Stage => ({ ...stage, id: stage.id ?? newId() }));
  return { changes: [update('pipelines', pipeline.id, { name, stages: next })], events: [] };
}

/** Ids of the stages that would go. */
export function removedStages(pipeline: Pipeline, stages: readonly StageDraft[]): Id[] {
  const kept = new Set(stages.map(({ id }) => id));
  return pipeline.stages.map(({ id }) => id).filter((id) => !kept.has(id));
}

export function deletePipeline({ id }: Pick<Pipeline, 'id'>): Effect {
  return { changes: [remove('pipelines', id)], events: [] };
}

/** Names in order; a pipeline needs a stage, and two stages of one name could not be told apart. */
export function readStages(stages: readonly StageDraft[]): Result<StageDraft[]> {
  const read = stages.map((stage) => ({ ...stage, name: stage.name.trim() }));
  if (read.length === 0) return failed(words('words.pipeline.no_stages'));
  if (read.some(({ name }) => name === '')) return failed(words('words.pipeline.stage_unnamed'));
  const twice = read.find(({ name }, at) => read.findIndex((other) => same(other.name, name)) !== at);
  return twice ? failed(words('words.pipeline.stage_twice', { name: twice.name })) : ok(read);
}

/** The pipeline and the stage that an id names; null where it is gone. */
export function stageById(
  view: Pick<WorkspaceView, 'pipelines'>,
  stageId: Id | null
): { readonly pipeline: Pipeline; readonly stage: Stage } | null {
  for (const pipeline of view.pipelines.values()) {
    const stage = pipeline.stages.find(({ id }) => id === stageId);
    if (stage) return { pipeline, stage };
  }
  return null;
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
