import { number, words } from '$lib/i18n';
import type { FilePreview } from './runs.svelte';

/** What a column is called: as in the file; those of vCards in the language. `First name`, `Email 2`. */
export function columnName({ format }: Pick<FilePreview, 'format'>, header: string): string {
  if (format === 'values') return header;
  const [, kind = header, which] = /^(.*?)(?: (\d))?$/.exec(header) ?? [];
  const key = kind.toLowerCase().replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
  const name = words({ key: `imports.card.${key}` });
  return which === undefined ? name : `${name} ${number(Number(which))}`;
}
