import { parseRichText } from '$lib/messages/rich-text';
import { richTextSource } from '$lib/messages/rich-text-source';
import {
  blockAt,
  blocksOf,
  hasMark,
  lengthOf,
  linkIn,
  richTextOf,
  withLink,
  withList,
  withMark,
  withText,
  wordAt,
  type Mark,
  type Range,
  type TextBlock
} from '$lib/messages/rich-text-edit';
import type { NameOf } from './placeholders';
import { drawText, placeOfPoint, pointAt, readText } from './text-dom';

interface Wiring {
  /** One block without marks: a heading, a button. */
  readonly isPlain: boolean;
  readonly nameOf: NameOf;
  readonly onchange: (source: string) => void;
}

/** A text that is typed into where it stands. The browser puts letters in; all else is done on the text itself, and drawn anew. */
export class TypedText {
  /** Of what is selected. */
  marks = $state.raw<{ bold: boolean; italic: boolean; link: string | null }>({
    bold: false,
    italic: false,
    link: null
  });
  #source: string | null = null;
  /** What is selected, or was before the focus went to a button or a field. */
  #range: Range = { from: 0, to: 0 };

  constructor(
    readonly root: HTMLElement,
    readonly wiring: Wiring
  ) {}

  /** Draws a source that has not been typed here: at first, and what undoing brings back. */
  show(source: string): void {
    if (source === this.#source) return;
    const isFirst = this.#source === null;
    this.#source = source;
    this.#draw(this.#parse(source));
    if (!isFirst && this.root.contains(document.activeElement)) this.#select({ from: Infinity, to: Infinity });
  }

  /** Something was typed. */
  read(): void {
    const blocks = readText(this.root);
    this.#source = this.wiring.isPlain ? plainSource(blocks) : richTextSource(richTextOf(blocks));
    this.wiring.onchange(this.#source);
  }

  /** The selection has moved. The browser says so later than the letters come: whoever acts on it looks first. */
  look(): void {
    const selection = document.getSelection();
    if (!selection?.anchorNode || !selection.focusNode || !this.root.contains(selection.anchorNode)) return;
    const anchor = placeOfPoint(this.root, { node: selection.anchorNode, offset: selection.anchorOffset });
    const focus = placeOfPoint(this.root, { node: selection.focusNode, offset: selection.focusOffset });
    if (anchor === null || focus === null) return;
    this.#range = { from: Math.min(anchor, focus), to: Math.max(anchor, focus) };
    this.#say(readText(this.root));
  }

  /** Puts the cursor at a point of the window, or at the end. */
  focus(point?: { x: number; y: number }): void {
    this.root.focus();
    const at = point && 'caretPositionFromPoint' in document ? document.caretPositionFromPoint(point.x, point.y) : null;
    if (at && this.root.contains(at.offsetNode)) document.getSelection()?.collapse(at.offsetNode, at.offset);
    else this.#select({ from: Infinity, to: Infinity });
    this.look();
  }

  /** Back from a field or a button, with what was selected. */
  resume(): void {
    this.root.focus();
    this.#select(this.#range);
  }

  toggle(mark: Mark): void {
    this.#change((blocks, range) => withMark(blocks, range, mark));
  }

  /** Null takes it away. */
  link(url: string | null): void {
    this.#change((blocks, range) => withLink(blocks, range, url));
  }

  list(): void {
    this.look();
    const blocks = readText(this.root);
    this.#apply(withList(blocks, this.#range), this.#range);
  }

  /** Whether the cursor stands behind a link: what is typed there is no more of it, though a browser would make it so. */
  get isBehindLink(): boolean {
    this.look();
    const { from, to } = this.#range;
    if (this.wiring.isPlain || from !== to || from === 0) return false;
    const blocks = readText(this.root);
    const link = linkIn(blocks, { from: from - 1, to });
    return link !== null && linkIn(blocks, { from, to: to + 1 }) !== link;
  }

  /** A new paragraph or item; an item that is empty ends its list. */
  begin(): void {
    this.look();
    const blocks = readText(this.root);
    const { from, to } = this.#range;
    const block = from === to ? blockAt(blocks, from) : undefined;
    if (block && block.kind !== 'paragraph' && lengthOf(block) === 0)
      this.#apply(withList(blocks, this.#range, 'paragraph'), this.#range);
    else this.put('\n\n');
  }

  /** In the place of what is selected. */
  put(text: string): void {
    this.look();
    const { blocks, end } = withText(readText(this.root), this.#range, text);
    this.#apply(blocks, { from: end, to: end });
  }

  #parse(source: string): TextBlock[] {
    if (!this.wiring.isPlain) return blocksOf(parseRichText(source));
    const block = { kind: 'paragraph' as const, runs: [] };
    // A heading has lines, but no paragraphs.
    return source === '' ? [] : withText([block], { from: 0, to: 0 }, source.replace(/\n{2,}/g, '\n')).blocks;
  }

  /** Without a selection the word around the cursor is meant. */
  #change(change: (blocks: TextBlock[], range: Range) => TextBlock[]): void {
    if (this.wiring.isPlain) return;
    this.look();
    const blocks = readText(this.root);
    const { from, to } = this.#range;
    this.#apply(change(blocks, from === to ? wordAt(blocks, from) : { from, to }), { from, to });
  }

  #apply(blocks: readonly TextBlock[], range: Range): void {
    this.#draw(blocks);
    this.root.focus();
    this.#select(range);
    this.read();
    this.#say(blocks);
  }

  #draw(blocks: readonly TextBlock[]): void {
    drawText(this.root, blocks, this.wiring.nameOf, this.wiring.isPlain);
  }

  #select({ from, to }: Range): void {
    const [start, end] = [pointAt(this.root, from), pointAt(this.root, to)];
    document.getSelection()?.setBaseAndExtent(start.node, start.offset, end.node, end.offset);
    this.#range = { from: placeOfPoint(this.root, start) ?? 0, to: placeOfPoint(this.root, end) ?? 0 };
  }

  #say(blocks: readonly TextBlock[]): void {
    const range = this.#range;
    this.marks = {
      bold: hasMark(blocks, range, 'bold'),
      italic: hasMark(blocks, range, 'italic'),
      link: linkIn(blocks, range)
    };
  }
}

function plainSource(blocks: readonly TextBlock[]): string {
  return blocks.map(({ runs }) => runs.map(({ text, liquid }) => liquid ?? text).join('')).join('\n');
}
