import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** A path for each route of src/routes: groups left out, each parameter with a value that no record has. */
export const routes: string[] = readdirSync('src/routes', { recursive: true, encoding: 'utf8' })
  .filter((file) => /(^|\/)\+page(@[^/]*)?\.svelte$/.test(file))
  .map((file) => {
    const parts = dirname(file)
      .split('/')
      .filter((part) => part !== '.' && !/^\(.*\)$/.test(part))
      .map((part) => (part.startsWith('[[') ? '' : part.replace(/\[[^\]]*\]/g, 'none')));
    return `/${parts.filter(Boolean).join('/')}`;
  })
  .sort();
