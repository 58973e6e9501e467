import type { EmailBlock } from '$lib/core/rows/emails';
import { m } from '$lib/i18n';
import { PLACEHOLDER } from '$lib/messages/markup';
import { parseRichText } from '$lib/messages/rich-text';
import { blocksOf } from '$lib/messages/rich-text-edit';
import { blockName } from './block-kinds';

/** A piece of a text: words, or a placeholder that is shown by its name. */
export interface Piece {
  readonly text: string;
  readonly isPlaceholder: boolean;
}

export type NameOf = (liquid: string) => string;

/** Placeholders of contacts are called as their attribute; any other is shown as it is. */
export function placeholderNames(attributes: readonly { id: string; name: string }[]): NameOf {
  const names = new Map(attributes.map(({ id, name }) => [id, name]));
  return (liquid) => names.get(/\{\{\s*contact\.(\w+)/.exec(liquid)?.[1] ?? '') ?? liquid;
}

export function piecesOf(text: string, nameOf: NameOf): Piece[] {
  return text
    .split(new RegExp(`(${PLACEHOLDER})`))
    .map((part, index) =>
      index % 2 === 1 ? { text: nameOf(part), isPlaceholder: true } : { text: part, isPlaceholder: false }
    )
    .filter((piece) => piece.text !== '');
}

/** What is put in for an attribute; `fallback` where the contact has no value, none where it is empty. */
export function placeholder(path: string, fallback: string): string {
  const value = fallback.replace(/['{}%<>&]/g, (sign) => (sign === "'" ? '’' : '')).trim();
  return value === '' ? `{{ ${path} }}` : `{{ ${path} | default: '${value}' }}`;
}

/** A block as it is read aloud, and named in lists. */
export function blockLabel(block: EmailBlock, nameOf: NameOf): string {
  const words = wordsOf(block).split('\n', 1)[0] ?? '';
  const shown = piecesOf(words, nameOf)
    .map(({ text }) => text)
    .join('')
    .trim();
  const short = shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
  return short === '' ? blockName(block.type) : m['email.blockLabel']({ name: blockName(block.type), text: short });
}

function wordsOf(block: EmailBlock): string {
  if (block.type === 'text') {
    const [first] = blocksOf(parseRichText(block.text));
    return first?.runs.map(({ text, liquid }) => liquid ?? text).join('') ?? '';
  }
  if ('text' in block) return block.text;
  if (block.type === 'image') return block.alt || block.url;
  return block.type === 'products' ? (block.title ?? '') : '';
}
