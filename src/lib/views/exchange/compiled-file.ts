import type { AutomationsFile } from '$lib/records/exchange';
import { compileEmail, type CompileOptions } from '../templates/compile-email';

/** The file as the engine takes it: its emails compiled in the workspace's look, and harmless. */
export async function compiledFile(file: AutomationsFile, options: CompileOptions): Promise<AutomationsFile> {
  const templates = file.templates.map(async (template) => ({
    ...template,
    html: await compileEmail(template, options)
  }));
  return { ...file, templates: await Promise.all(templates) };
}
