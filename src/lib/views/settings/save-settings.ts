import { workspaceDatabase } from '$lib/app/database';
import { engine } from '$lib/app/engine';
import { rowsByName, settings as settingsQuery } from '$lib/app/queries';
import { ok, type Result } from '$lib/core/result';
import type { WorkspaceSettings } from '$lib/core/rows/automations';
import { compileEmail } from '../templates/compile-email';

const TRIES = 3;

/**
 * Saves settings; where emails look or read otherwise under them (the brand, the language), with every template of blocks compiled
 * anew, all or nothing. Returns how many those were. A template that is saved elsewhere in the meantime has all of it done again.
 */
export async function saveSettings(edits: Partial<WorkspaceSettings>): Promise<Result<number>> {
  const database = await workspaceDatabase();
  for (let tries = 1; ; tries++) {
    const stored = await settingsQuery(database);
    const { brand, language } = { ...stored, ...edits };
    const isOther = edits.brand !== undefined || language !== stored?.language;
    const templates = isOther
      ? (await rowsByName(database, 'templates')).filter(({ source }) => source.editor === 'blocks')
      : [];
    const compiled = await Promise.all(
      templates.map(async (template) => ({
        id: template.id,
        updatedAt: template.updatedAt,
        html: await compileEmail(template, { brand, language })
      }))
    );
    const saved = await engine().settings.save(edits, compiled);
    if (saved.ok) return ok(compiled.length);
    if (saved.reason.key !== 'words.settings.templates_changed' || tries === TRIES) return saved;
  }
}
