import { workspaceDatabase } from '$lib/app/database';
import { engine } from '$lib/app/engine';
import { rowsByName } from '$lib/app/queries';
import type { Brand } from '$lib/core/rows/emails';
import { ok, type Result } from '$lib/core/result';
import type { Locale } from '$lib/i18n';
import { compileEmail } from '../templates/compile-email';

const TRIES = 3;

/**
 * Saves the brand with every template of blocks compiled under it, all or nothing; returns how many those were. A template that is
 * saved elsewhere in the meantime has all of it done again.
 */
export async function saveBrand(brand: Brand, language: Locale): Promise<Result<number>> {
  const database = await workspaceDatabase();
  for (let tries = 1; ; tries++) {
    const templates = (await rowsByName(database, 'templates')).filter(({ source }) => source.editor === 'blocks');
    const compiled = await Promise.all(
      templates.map(async (template) => ({
        id: template.id,
        updatedAt: template.updatedAt,
        html: await compileEmail(template, { brand, language })
      }))
    );
    const saved = await engine().settings.saveBrand(brand, compiled);
    if (saved.ok) return ok(compiled.length);
    if (saved.reason.key !== 'words.brand.templates_changed' || tries === TRIES) return saved;
  }
}
