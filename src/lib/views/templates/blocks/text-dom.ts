import type { TextBlock } from '$lib/messages/rich-text-edit';
import type { Run } from '$lib/messages/rich-text';
import type { NameOf } from './placeholders';

/* A text as it stands in an element that is typed into. It is drawn node by node and read by what is known: what a browser puts
   between is left out. */

type Kind = TextBlock['kind'];
type Marks = Pick<Run, 'bold' | 'italic' | 'url'>;
interface Point {
  readonly node: Node;
  readonly offset: number;
}

/** Draws the text anew. `isPlain`: of one block, without marks and without an element around it. */
export function drawText(root: HTMLElement, blocks: readonly TextBlock[], nameOf: NameOf, isPlain: boolean): void {
  const drawn: Node[] = [];
  for (const [index, { kind, runs }] of blocks.entries()) {
    const inside = drawnRuns(runs, nameOf);
    if (isPlain) drawn.push(...inside);
    else if (kind === 'paragraph') drawn.push(element('p', inside));
    else {
      const item = element('li', inside);
      const last = drawn.at(-1);
      if (blocks[index - 1]?.kind === kind && last) last.appendChild(item);
      else drawn.push(element(kind === 'number' ? 'ol' : 'ul', [item]));
    }
  }
  root.replaceChildren(...(drawn.length > 0 || isPlain ? drawn : [element('p', [document.createElement('br')])]));
}

function drawnRuns(runs: readonly Run[], nameOf: NameOf): Node[] {
  const nodes = runs.map((run) => {
    let node: Node = run.liquid === undefined ? document.createTextNode(run.text) : chip(run.liquid, nameOf);
    if (run.italic) node = element('em', [node]);
    if (run.bold) node = element('strong', [node]);
    if (run.url === undefined) return node;
    // Without href: nothing is followed from here.
    const link = element('a', [node]);
    link.dataset['url'] = run.url;
    link.title = run.url;
    return link;
  });
  const last = runs.at(-1);
  // Browsers show a cursor behind a placeholder, or on an empty line, only where something follows.
  if (last === undefined || last.text?.endsWith('\n') || last.liquid !== undefined)
    nodes.push(document.createElement('br'));
  return nodes;
}

function chip(liquid: string, nameOf: NameOf): HTMLElement {
  const shown = element('span', [document.createTextNode(nameOf(liquid))]);
  shown.contentEditable = 'false';
  shown.dataset['liquid'] = liquid;
  shown.className = 'rounded-small bg-[rgb(128_128_128/0.16)] px-1 select-all';
  return shown;
}

function element(name: string, children: readonly Node[]): HTMLElement {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

export function readText(root: HTMLElement): TextBlock[] {
  return new Reading(root).blocks;
}

/** The place (see rich-text-edit) of a point of the document; null where it is not in the text. */
export function placeOfPoint(root: HTMLElement, point: Point): number | null {
  return new Reading(root, point).place;
}

/** Where the cursor stands at a place. */
export function pointAt(root: HTMLElement, place: number): Point {
  const { leaves } = new Reading(root);
  const at = leaves.findIndex(({ start, size }) => place <= start + size);
  const leaf = leaves[at] ?? leaves.at(-1);
  if (!leaf) return { node: root.querySelector('p, li') ?? root, offset: 0 };
  const { node, start } = leaf;
  if (node instanceof Text) return { node, offset: Math.min(place - start, node.length) };
  const next = leaves[at + 1];
  if (place > start && next?.start === place && next.node instanceof Text) return { node: next.node, offset: 0 };
  const parent = node.parentNode ?? root;
  return { node: parent, offset: Array.from(parent.childNodes).indexOf(node as ChildNode) + (place > start ? 1 : 0) };
}

const BLOCKS = new Set(['P', 'DIV', 'LI', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'BLOCKQUOTE', 'PRE', 'TR']);

/** One walk over the text: its blocks, where each piece of it begins, and the place of a point. */
class Reading {
  readonly blocks: { kind: Kind; runs: Run[] }[] = [];
  readonly leaves: { node: Node; start: number; size: number }[] = [];
  place: number | null = null;
  private isOpen = false;

  constructor(
    root: HTMLElement,
    private readonly wanted?: Point
  ) {
    this.children(root, 'paragraph', {});
    for (const block of this.blocks) dropFiller(block.runs);
  }

  private get at(): number {
    const length = this.blocks.reduce((sum, { runs }) => sum + sizeOf(runs), 0);
    return length + this.blocks.length - (this.isOpen ? 1 : 0);
  }

  private children(parent: Node, kind: Kind, marks: Marks): void {
    for (const [index, child] of parent.childNodes.entries()) {
      if (this.wanted?.node === parent && this.wanted.offset === index) this.place = this.at;
      this.node(child, kind, marks);
    }
    if (this.wanted?.node === parent && this.wanted.offset >= parent.childNodes.length) this.place ??= this.at;
  }

  private node(node: Node, kind: Kind, marks: Marks): void {
    if (node instanceof Text) {
      if (this.wanted?.node === node) this.place = this.at + Math.min(this.wanted.offset, node.length);
      if (node.data !== '') this.add(node, kind, { ...marks, text: node.data });
      return;
    }
    if (!(node instanceof HTMLElement)) return;
    const { liquid, url } = node.dataset;
    if (liquid !== undefined) {
      if (this.wanted && node.contains(this.wanted.node)) this.place = this.at;
      this.add(node, kind, { ...marks, liquid });
    } else if (node.tagName === 'BR') this.add(node, kind, { ...marks, text: '\n' });
    else if (BLOCKS.has(node.tagName)) this.block(node, kind, marks);
    else if (node.tagName === 'UL') this.children(node, 'bullet', marks);
    else if (node.tagName === 'OL') this.children(node, 'number', marks);
    else if (node.tagName === 'B' || node.tagName === 'STRONG') this.children(node, kind, { ...marks, bold: true });
    else if (node.tagName === 'I' || node.tagName === 'EM') this.children(node, kind, { ...marks, italic: true });
    else if (node.tagName === 'A' && url !== undefined) this.children(node, kind, { ...marks, url });
    else if (!/^(SCRIPT|STYLE|TEMPLATE|IFRAME|OBJECT)$/.test(node.tagName)) this.children(node, kind, marks);
  }

  private block(node: HTMLElement, kind: Kind, marks: Marks): void {
    this.isOpen = false;
    const before = this.blocks.length;
    this.children(node, kind, marks);
    if (this.blocks.length === before) this.blocks.push({ kind, runs: [] });
    this.isOpen = false;
  }

  private add(node: Node, kind: Kind, run: Run): void {
    const start = this.at;
    if (!this.isOpen) this.blocks.push({ kind, runs: [] });
    this.isOpen = true;
    this.blocks.at(-1)?.runs.push(run);
    this.leaves.push({ node, start, size: sizeOf([run]) });
  }
}

function sizeOf(runs: readonly Run[]): number {
  return runs.reduce((sum, { text }) => sum + (text === undefined ? 1 : text.length), 0);
}

/** The line break at the end of a block, which ends nothing. */
function dropFiller(runs: Run[]): void {
  const last = runs.pop();
  if (last?.text === undefined) {
    if (last) runs.push(last);
  } else if (last.text !== '\n') runs.push({ ...last, text: last.text.replace(/\n$/, '') });
}
