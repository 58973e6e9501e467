import { PLACEHOLDER } from './markup';
import type { RichText, Run } from './rich-text';

/* A text under the hand of its writer: a row of blocks, in which a place is a number. A letter counts 1, a placeholder 1, and so does
   the end of a block. */

export interface TextBlock {
  readonly kind: 'paragraph' | 'bullet' | 'number';
  readonly runs: readonly Run[];
}

/** From the first place to the one after the last. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export type Mark = 'bold' | 'italic';

export function blocksOf(text: RichText): TextBlock[] {
  return text.flatMap((part): TextBlock[] => {
    if (part.kind === 'paragraph') return [{ kind: 'paragraph', runs: part.runs }];
    const kind = part.ordered ? 'number' : 'bullet';
    return part.items.map((runs) => ({ kind, runs }));
  });
}

/** Items of one kind that follow each other are one list. */
export function richTextOf(blocks: readonly TextBlock[]): RichText {
  const parts: ({ kind: 'paragraph'; runs: readonly Run[] } | { kind: 'list'; ordered: boolean; items: (readonly Run[])[] })[] = []; // prettier-ignore
  for (const { kind, runs } of blocks) {
    const last = parts.at(-1);
    const ordered = kind === 'number';
    if (kind === 'paragraph') parts.push({ kind, runs });
    else if (last?.kind === 'list' && last.ordered === ordered) last.items.push(runs);
    else parts.push({ kind: 'list', ordered, items: [runs] });
  }
  return parts;
}

export function lengthOf({ runs }: Pick<TextBlock, 'runs'>): number {
  return runs.reduce((sum, run) => sum + sizeOf(run), 0);
}

/** Marks all of it, or takes the mark away where all of it has it. */
export function withMark(blocks: readonly TextBlock[], range: Range, mark: Mark): TextBlock[] {
  const isMarked = hasMark(blocks, range, mark);
  return changed(blocks, range, ({ [mark]: _before, ...run }) => (isMarked ? run : { ...run, [mark]: true }));
}

/** Whether all that can be seen in it has the mark. */
export function hasMark(blocks: readonly TextBlock[], range: Range, mark: Mark): boolean {
  const seen = runsIn(blocks, range).filter((run) => run.text === undefined || run.text.trim() !== '');
  return seen.length > 0 && seen.every((run) => run[mark] === true);
}

/** The link that it is in, or touches. */
export function linkIn(blocks: readonly TextBlock[], range: Range): string | null {
  return runsIn(blocks, range).find(({ url }) => url !== undefined)?.url ?? null;
}

/** Null takes links away. */
export function withLink(blocks: readonly TextBlock[], range: Range, url: string | null): TextBlock[] {
  return changed(blocks, range, ({ url: _before, ...run }) => (url === null ? run : { ...run, url }));
}

/** Its paragraphs become items of a list; where they are items already, paragraphs. `kind`: what they become in any case. */
export function withList(blocks: readonly TextBlock[], range: Range, kind?: 'paragraph' | 'bullet'): TextBlock[] {
  const touched = touchedBy(blocks, range);
  const isList = blocks.every((block, index) => !touched.has(index) || block.kind === 'bullet');
  return blocks.flatMap((block, index): TextBlock[] => {
    if (!touched.has(index)) return [block];
    if ((kind ?? (isList ? 'paragraph' : 'bullet')) === 'paragraph') return [{ ...block, kind: 'paragraph' }];
    return split(block.runs, '\n').map((runs) => ({ kind: 'bullet', runs }));
  });
}

/** The block that a place is in, at its end too. */
export function blockAt(blocks: readonly TextBlock[], at: number): TextBlock | undefined {
  let end = -1;
  return blocks.find((block) => (end += lengthOf(block) + 1) >= at);
}

/** Puts a text in the place of what is there, placeholders in it too. An empty line begins a block. Returns where it ends. */
export function withText(
  blocks: readonly TextBlock[],
  { from, to }: Range,
  text: string
): { blocks: TextBlock[]; end: number } {
  const before = cut(blocks, 0, from);
  const after = cut(blocks, to, Infinity);
  const first = before.at(-1) ?? { kind: 'paragraph' as const, runs: [] };
  const lastRun = first.runs.at(-1);
  const { text: _text, liquid: _liquid, url: _url, ...marks } = lastRun ?? { text: '' };
  const chunks = text.replaceAll('\r\n', '\n').split(first.kind === 'paragraph' ? /\n{2,}/ : /\n+/);
  const made = chunks.map((chunk): TextBlock => ({ kind: first.kind, runs: runsFrom(chunk, marks) }));
  const [start, ...more] = made as [TextBlock, ...TextBlock[]];
  const joined = [...before.slice(0, -1), { ...first, runs: [...first.runs, ...start.runs] }, ...more];
  const end = joined.reduce((sum, block) => sum + lengthOf(block) + 1, -1);
  const [rest, ...others] = after;
  const last = joined.at(-1);
  if (rest && last) joined[joined.length - 1] = { ...last, runs: [...last.runs, ...rest.runs] };
  return { blocks: [...joined, ...others], end };
}

/** The word that a place is in or beside; the place itself where there is none. */
export function wordAt(blocks: readonly TextBlock[], at: number): Range {
  let start = 0;
  for (const block of blocks) {
    const length = lengthOf(block);
    if (at <= start + length) {
      const letters = block.runs.map((run) => run.text ?? '\u0000').join('');
      const isWord = (index: number): boolean => /[^\s\p{P}]/u.test(letters.charAt(index));
      let [from, to] = [at - start, at - start];
      while (from > 0 && isWord(from - 1)) from--;
      while (to < letters.length && isWord(to)) to++;
      return { from: start + from, to: start + to };
    }
    start += length + 1;
  }
  return { from: at, to: at };
}

function sizeOf(run: Run): number {
  return run.text === undefined ? 1 : run.text.length;
}

function runsFrom(text: string, marks: Pick<Run, 'bold' | 'italic'>): Run[] {
  return text
    .split(new RegExp(`(${PLACEHOLDER})`))
    .map((part, index): Run => (index % 2 === 1 ? { ...marks, liquid: part } : { ...marks, text: part }))
    .filter((run) => run.text !== '');
}

/** The runs that lie in it, cut to it; where it is a place, those that touch it. */
function runsIn(blocks: readonly TextBlock[], { from, to }: Range): Run[] {
  if (from !== to) return cut(blocks, from, to).flatMap(({ runs }) => runs);
  let start = 0;
  for (const block of blocks) {
    for (const run of block.runs) {
      if (from >= start && from <= start + sizeOf(run) && sizeOf(run) > 0) return [run];
      start += sizeOf(run);
    }
    start++;
  }
  return [];
}

function changed(blocks: readonly TextBlock[], { from, to }: Range, change: (run: Run) => Run): TextBlock[] {
  let start = 0;
  return blocks.map((block) => {
    const [first, last] = [from - start, to - start];
    const length = lengthOf(block);
    start += length + 1;
    if (last <= 0 || first >= length || first === last) return block;
    const runs = [...part(block.runs, 0, first), ...part(block.runs, first, last).map(change), ...part(block.runs, last, Infinity)]; // prettier-ignore
    return { ...block, runs };
  });
}

function touchedBy(blocks: readonly TextBlock[], { from, to }: Range): ReadonlySet<number> {
  const touched = new Set<number>();
  let start = 0;
  for (const [index, block] of blocks.entries()) {
    const end = start + lengthOf(block);
    if (from <= end && to >= start) touched.add(index);
    start = end + 1;
  }
  return touched;
}

/** The blocks between two places, the first and the last cut to them. */
function cut(blocks: readonly TextBlock[], from: number, to: number): TextBlock[] {
  const found: TextBlock[] = [];
  let start = 0;
  for (const block of blocks) {
    const end = start + lengthOf(block);
    if (from <= end && to >= start) found.push({ ...block, runs: part(block.runs, from - start, to - start) });
    start = end + 1;
  }
  return found;
}

function part(runs: readonly Run[], from: number, to: number): Run[] {
  let start = 0;
  return runs.flatMap((run): Run[] => {
    const [first, last] = [Math.max(from - start, 0), to - start];
    const size = sizeOf(run);
    start += size;
    if (last <= 0 || first >= size) return [];
    return run.text === undefined ? [run] : [{ ...run, text: run.text.slice(first, last) }];
  });
}

function split(runs: readonly Run[], sign: string): Run[][] {
  const groups: Run[][] = [[]];
  for (const run of runs) {
    const [first = '', ...more] = run.text?.split(sign) ?? [];
    if (run.text === undefined) groups.at(-1)?.push(run);
    else {
      groups.at(-1)?.push({ ...run, text: first });
      for (const text of more) groups.push([{ ...run, text }]);
    }
  }
  return groups.map((group) => group.filter((run) => run.text !== ''));
}
