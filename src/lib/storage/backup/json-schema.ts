import { workspaceFileSchema } from '$lib/core/workspace-file';
import { toJsonSchema } from '@valibot/to-json-schema';

/** The JSON Schema (draft 7) of the workspace file, made from the code that reads it. What only code can check is left out. */
export function workspaceJsonSchema(): Record<string, unknown> {
  const schema = toJsonSchema(workspaceFileSchema, { typeMode: 'input', errorMode: 'ignore' });
  return { title: 'Ricochet workspace', ...schema };
}
