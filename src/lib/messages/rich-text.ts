import { PLACEHOLDER } from './markup';

/**
 * The text of a text block, as it is stored: paragraphs parted by empty lines, lines that begin with `- ` or `1. ` as lists, `**bold**`,
 * `*italic*`, `[a link](https://…)`; a backslash takes a sign as it is. Liquid placeholders are left alone. It is read into a flat
 * list of runs, which marks may cross as they like.
 */
export type RichText = readonly Part[];

export type Part =
  | { readonly kind: 'paragraph'; readonly runs: readonly Run[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Run[])[] };

/** Text (`\n`: a new line in the same paragraph) or, as `liquid`, a placeholder; with what it is marked with. */
export type Run = { readonly bold?: true; readonly italic?: true; readonly url?: string } & (
  { readonly text: string; readonly liquid?: undefined } | { readonly liquid: string; readonly text?: undefined }
);

const LIST_ITEM = /^(?:([-•])|(\d{1,3})[.)])[ \u00a0]+/;
const LINK = new RegExp(
  String.raw`\[((?:\\.|${PLACEHOLDER}|[^[\]\\\n])+)\]\(((?:${PLACEHOLDER}|[^\s()]|\([^\s()]*\))+)\)`,
  'y'
);
const LIQUID = new RegExp(PLACEHOLDER, 'y');
/** What a backslash may stand before. */
const ESCAPABLE = /[\\*[\]\-•.)]/;

export function parseRichText(source: string): RichText {
  const parts: Part[] = [];
  for (const chunk of source.replaceAll('\r\n', '\n').split(/\n[ \t]*\n\s*/)) {
    let lines: string[] = [];
    let items: string[] = [];
    let isOrdered = false;
    const close = (): void => {
      if (lines.length > 0) parts.push({ kind: 'paragraph', runs: parseRuns(lines.join('\n')) });
      if (items.length > 0) parts.push({ kind: 'list', ordered: isOrdered, items: items.map(parseRuns) });
      lines = [];
      items = [];
    };
    for (const line of chunk.trim() === '' ? [] : chunk.replace(/^\n+|\n+$/g, '').split('\n')) {
      const item = LIST_ITEM.exec(line);
      if (!item) {
        if (items.length > 0) close();
        lines.push(line.trim());
        continue;
      }
      const ordered = item[2] !== undefined;
      if (lines.length > 0 || (items.length > 0 && ordered !== isOrdered)) close();
      isOrdered = ordered;
      items.push(line.slice(item[0].length).trim());
    }
    close();
  }
  return parts;
}

type Mark = 'bold' | 'italic';
type Token = { text: string } | { liquid: string } | { url: string | undefined } | { mark: Mark; closes: boolean };

/** One paragraph's or item's text. A mark that is not closed is what was typed. */
function parseRuns(source: string): Run[] {
  const tokens: Token[] = [];
  const open: { mark: Mark; at: number }[] = [];
  read(source, tokens, open);
  for (const { at, mark } of open) tokens[at] = { text: SIGN[mark] };
  const runs: Run[] = [];
  const marks: { bold?: true; italic?: true; url?: string } = {};
  for (const token of tokens) {
    if ('text' in token) push(runs, { ...marks, text: token.text });
    else if ('liquid' in token) runs.push({ ...marks, liquid: token.liquid });
    else if ('mark' in token) {
      if (token.closes) delete marks[token.mark];
      else marks[token.mark] = true;
    } else if (token.url === undefined) delete marks.url;
    else marks.url = token.url;
  }
  return runs;
}

const SIGN = { bold: '**', italic: '*' } as const;

function read(source: string, tokens: Token[], open: { mark: Mark; at: number }[]): void {
  let at = 0;
  while (at < source.length) {
    LIQUID.lastIndex = LINK.lastIndex = at;
    const liquid = LIQUID.exec(source);
    if (liquid) {
      tokens.push({ liquid: liquid[0] });
      at += liquid[0].length;
      continue;
    }
    const sign = source.charAt(at);
    if (sign === '\\' && ESCAPABLE.test(source.charAt(at + 1))) {
      tokens.push({ text: source.charAt(at + 1) });
      at += 2;
      continue;
    }
    const link = sign === '[' ? LINK.exec(source) : null;
    if (link) {
      tokens.push({ url: link[2] ?? '' });
      read(link[1] ?? '', tokens, open);
      tokens.push({ url: undefined });
      at += link[0].length;
      continue;
    }
    if (sign === '*') {
      at += readMark(source, at, tokens, open);
      continue;
    }
    const rest = /[^\\*[{]+/y;
    rest.lastIndex = at;
    const text = rest.exec(source)?.[0] ?? sign;
    tokens.push({ text });
    at += text.length;
  }
}

/** How many signs it took. Of three in a row the one that closes what was opened last comes first. */
function readMark(source: string, at: number, tokens: Token[], open: { mark: Mark; at: number }[]): number {
  const run = /^\*+/.exec(source.slice(at, at + 4))?.[0].length ?? 1;
  const isBold = run === 2 || (run > 2 && open.at(-1)?.mark !== 'italic');
  const mark: Mark = isBold ? 'bold' : 'italic';
  const size = SIGN[mark].length;
  const opened = open.findIndex((one) => one.mark === mark);
  if (opened >= 0 && /\S/.test(source.charAt(at - 1))) {
    open.splice(opened, 1);
    tokens.push({ mark, closes: true });
  } else if (opened < 0 && /[^\s]/.test(source.charAt(at + size))) {
    open.push({ mark, at: tokens.length });
    tokens.push({ mark, closes: false });
  } else tokens.push({ text: SIGN[mark] });
  return size;
}

function push(runs: Run[], run: Run & { text: string }): void {
  const last = runs.at(-1);
  if (last?.text !== undefined && isSameLook(last, run))
    runs[runs.length - 1] = { ...last, text: last.text + run.text };
  else runs.push(run);
}

function isSameLook(one: Run, other: Run): boolean {
  return one.bold === other.bold && one.italic === other.italic && one.url === other.url;
}
