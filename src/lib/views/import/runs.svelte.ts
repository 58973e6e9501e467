import { SvelteMap } from 'svelte/reactivity';
import { engine } from '$lib/app/engine';
import { lineCount } from '$lib/app/files';
import { keepStorage } from '$lib/app/space.svelte';
import type { Id } from '$lib/core/ids';
import type { ImportRow } from '$lib/core/rows/contacts';
import { sayRefusal } from '../shared/outcome';

type Imports = ReturnType<typeof engine>['imports'];
export type ImportPlan = Parameters<Imports['run']>[1];
export type FilePreview = Extract<Awaited<ReturnType<Imports['preview']>>, { ok: true }>['value'];
export type ImportTarget = ImportPlan['mapping'][string];

/** Imports that this tab runs, by the name of the file: they go on whatever screen is shown. `rows`: how many there are, once counted. */
const running = new SvelteMap<string, { rows: number | null }>();

/** Starts one; the row in `imports` tells how it goes. Resolves when it has ended: false where it could not begin. */
export function startImport(file: File, plan: ImportPlan): Promise<boolean> {
  return follow(file, engine().imports.run(file, plan));
}

export function resumeImport(importId: Id, file: File): Promise<boolean> {
  return follow(file, engine().imports.resume(importId, file));
}

/** Whether this tab is at it. */
export function isRunningHere({ fileName }: ImportRow): boolean {
  return running.has(fileName);
}

/** From 0 to 1; null while nobody knows. */
export function progressOf({ fileName, rowsDone }: ImportRow): number | null {
  const rows = running.get(fileName)?.rows;
  return rows ? Math.min(1, rowsDone / rows) : null;
}

async function follow(file: File, ended: ReturnType<Imports['run']>): Promise<boolean> {
  running.set(file.name, { rows: null });
  // A card takes any number of lines.
  const isOfCards = /\.(vcf|vcard)$/i.test(file.name);
  void (isOfCards ? Promise.resolve(null) : lineCount(file)).then((lines) => {
    // The first line names the columns.
    if (lines !== null && running.has(file.name)) running.set(file.name, { rows: Math.max(1, lines - 1) });
  });
  try {
    const result = await ended;
    if (!result.ok) sayRefusal(result.reason);
    // From now on there is something to lose.
    else void keepStorage();
    return result.ok;
  } finally {
    running.delete(file.name);
  }
}
