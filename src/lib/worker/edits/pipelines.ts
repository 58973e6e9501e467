import { create, remove, update } from '$lib/core/changes';
import type { Id } from '$lib/core/ids';
import { failed, ok } from '$lib/core/result';
import { words } from '$lib/core/words';
import { createPipeline, deletePipeline, readStages, removedStages, updatePipeline } from '$lib/records/pipelines';
import type { Reader } from '$lib/storage/port';
import type { WorkerApi } from '../api';
import type { Desk } from '../desk';
import type { Removals } from '../removals';
import { namedRefusal } from './names';

export function pipelineEdits(desk: Desk, removals: Removals): WorkerApi['pipelines'] {
  return {
    save: ({ id, name, stages }) =>
      desk.tryEdit(async (transaction, given) => {
        const { pipelines } = await transaction.view();
        const refused = namedRefusal([...pipelines.values()], name, id);
        if (refused) return failed(refused);
        const read = readStages(stages);
        if (!read.ok) return read;
        const fields = { name: name.trim(), stages: read.value };
        if (id === undefined) {
          const { pipeline, ...effect } = createPipeline(fields, given);
          return ok({ effect, value: pipeline.id });
        }
        const pipeline = pipelines.get(id);
        if (!pipeline) return failed(words('words.pipeline.gone'));
        const gone = removedStages(pipeline, read.value);
        const count = await dealsAt(transaction, gone);
        if (count > 0) return failed(words('words.pipeline.stage_in_use', { count }));
        return ok({ effect: updatePipeline(pipeline, fields, given), value: id });
      }),
    remove: (id) =>
      removals.remove((step) =>
        step(async (transaction) => {
          const { pipelines } = await transaction.view();
          const pipeline = pipelines.get(id);
          if (!pipeline) return failed(words('words.pipeline.gone'));
          if (pipelines.size === 1) return failed(words('words.pipeline.last'));
          const count = await dealsAt(
            transaction,
            pipeline.stages.map((stage) => stage.id)
          );
          if (count > 0) return failed(words('words.pipeline.in_use', { count }));
          return ok({ effect: deletePipeline(pipeline), value: undefined });
        })
      )
  };
}

async function dealsAt(reader: Reader, stageIds: readonly Id[]): Promise<number> {
  return stageIds.length === 0 ? 0 : reader.count('deals', { index: 'stageId', anyOf: stageIds });
}

export function taskTypeEdits(desk: Desk, removals: Removals): WorkerApi['taskTypes'] {
  return {
    save: ({ id, name }) =>
      desk.tryEdit(async (transaction, { now, newId }) => {
        const { taskTypes } = await transaction.view();
        const refused = namedRefusal([...taskTypes.values()], name, id);
        if (refused) return failed(refused);
        const value = id ?? newId();
        const change =
          id === undefined
            ? create('taskTypes', value, { id: value, name: name.trim(), createdAt: now })
            : update('taskTypes', id, { name: name.trim() });
        return ok({ effect: { changes: [change], events: [] }, value });
      }),
    remove: (id) =>
      removals.remove((step) =>
        step(async (transaction) => {
          const { taskTypes } = await transaction.view();
          if (!taskTypes.has(id)) return failed(words('words.task_type.gone'));
          if (taskTypes.size === 1) return failed(words('words.task_type.last'));
          const count = (await transaction.query('tasks', {})).filter(({ typeId }) => typeId === id).length;
          if (count > 0) return failed(words('words.task_type.in_use', { count }));
          return ok({ effect: { changes: [remove('taskTypes', id)], events: [] }, value: undefined });
        })
      )
  };
}
