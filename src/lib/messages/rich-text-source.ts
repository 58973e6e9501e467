import { PLACEHOLDER } from './markup';
import type { RichText, Run } from './rich-text';
import { blocksOf, type TextBlock } from './rich-text-edit';

/**
 * A text as `parseRichText` reads it back: what cannot be told apart there is written one way. Space at the edge of a mark is left out
 * of it, lines and items are trimmed, empty ones are gone. Two braces in a text make a placeholder of it: nothing says otherwise.
 */
export function richTextSource(text: RichText): string {
  let source = '';
  let last: TextBlock['kind'] = 'paragraph';
  let number = 0;
  for (const { kind, runs } of blocksOf(text)) {
    const lines = linesOf(runsSource(runs));
    if (lines.length === 0) continue;
    // Items of one kind that follow each other are one list.
    number = kind === last ? number + 1 : 1;
    if (source !== '') source += kind === last && kind !== 'paragraph' ? '\n' : '\n\n';
    if (kind === 'paragraph') source += lines.map(unlisted).join('\n');
    else source += `${kind === 'number' ? `${number}.` : '-'} ${lines.join(' ')}`;
    last = kind;
  }
  return source;
}

function linesOf(source: string): string[] {
  const lines = source.split('\n').map((line) => line.trim());
  while (lines[0] === '') lines.shift();
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

/** A line that looks like an item of a list, and is none. */
function unlisted(line: string): string {
  return line.replace(/^([-•])(?=[ \u00a0])/, '\\$1').replace(/^(\d{1,3})([.)])(?=[ \u00a0])/, '$1\\$2');
}

type Mark = 'bold' | 'italic';
const SIGN: Readonly<Record<Mark, string>> = { bold: '**', italic: '*' };
const MARKS: readonly Mark[] = ['bold', 'italic'];

function runsSource(given: readonly Run[]): string {
  const runs = untied(untied(inLines(given), 'bold'), 'italic');
  let source = '';
  let open: Run = { text: '' };
  for (const run of [...runs, { text: '' }]) {
    const changed = MARKS.filter((mark) => open[mark] !== run[mark]);
    // What closes comes before what opens: a reader takes three signs for the mark that was opened last, first.
    const signs = [...changed.filter((mark) => open[mark]), ...changed.filter((mark) => !open[mark])]
      .map((mark) => SIGN[mark])
      .join('');
    if (open.url === run.url) source += signs;
    else source += (open.url === undefined ? '' : `](${open.url})`) + signs + (run.url === undefined ? '' : '[');
    source += run.liquid ?? escaped(run.text, run.url !== undefined);
    open = run;
  }
  return source;
}

/** Each line for itself: neither a link nor a mark goes over its end. */
function inLines(runs: readonly Run[]): Run[] {
  return runs.flatMap((run): Run[] => {
    const { liquid, text, ...marks } = run;
    if (liquid !== undefined) return [{ ...withAddress(marks), liquid }];
    return text
      .split(/(\n)/)
      .filter((part) => part !== '')
      .map((part) => (part === '\n' ? { text: part } : { ...withAddress(marks), text: part }));
  });
}

type Marks = Pick<Run, 'bold' | 'italic' | 'url'>;

function withAddress({ url, ...marks }: Marks): Marks {
  const address = url?.trim() ?? '';
  if (address === '') return marks;
  return { ...marks, url: isWritable(address) ? address : encoded(address) };
}

const WRITABLE = new RegExp(String.raw`^(?:${PLACEHOLDER}|[^\s()]|\([^\s()]*\))+$`);

function isWritable(address: string): boolean {
  return WRITABLE.test(address);
}

function encoded(address: string): string {
  return address.replace(/[\s()]/g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** Without the mark on space at its edges: there a sign would be read as what it is. */
function untied(runs: readonly Run[], mark: Mark): Run[] {
  const parts = runs.flatMap((run): Run[] => {
    if (!run[mark] || run.text === undefined) return [run];
    return run.text
      .split(/(\s+)/)
      .filter((text) => text !== '')
      .map((text) => ({ ...run, text }));
  });
  const isSpace = (run: Run | undefined): boolean => run?.text !== undefined && run.text.trim() === '';
  const isTied = (at: number, step: 1 | -1): boolean => {
    let next = at + step;
    while (parts[next]?.[mark] && isSpace(parts[next])) next += step;
    return parts[next]?.[mark] === true;
  };
  return parts.map((run, at) => {
    if (!run[mark] || !isSpace(run) || (isTied(at, -1) && isTied(at, 1))) return run;
    const { [mark]: _mark, ...rest } = run;
    return rest;
  });
}

function escaped(text: string, isInLink: boolean): string {
  return text.replace(isInLink ? /[\\*[\]]/g : /[\\*[]/g, '\\$&');
}
