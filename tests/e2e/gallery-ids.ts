import { readdirSync } from 'node:fs';

/** The ready automations: one file each. */
export const GALLERY_IDS: readonly string[] = readdirSync('src/lib/gallery/automations')
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.replace(/\.ts$/, ''))
  .sort();
