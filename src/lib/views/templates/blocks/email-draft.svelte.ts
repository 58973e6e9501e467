import { copyBlock } from '$lib/core/blocks';
import type { EmailBlock } from '$lib/core/rows/emails';
import type { Template } from '$lib/core/rows/messages';
import { History } from '$lib/ui/history.svelte';
import {
  blockById,
  insertBlock,
  moveBlock,
  nudgeBlock,
  placeOf,
  removeBlock,
  siblingsAt,
  updateBlock,
  type Place
} from './block-edits';
import { newBlock, type BlockKind } from './block-kinds';

/** All that is edited, and undone. Immutable. */
export interface EmailState {
  readonly name: string;
  readonly subject: string;
  readonly preheader: string;
  readonly editor: Template['source']['editor'];
  readonly blocks: readonly EmailBlock[];
  readonly html: string;
}

type Editable = Pick<Template, 'name' | 'subject' | 'preheader' | 'source' | 'html'>;

/** A template as its editor holds it, until it is saved, with its past. */
export class EmailDraft {
  /** The block whose settings are shown. */
  selectedId = $state<string | null>(null);
  #history: History<EmailState>;
  #saved = $state.raw() as EmailState;

  constructor(
    template: Editable,
    private readonly newId: () => string = () => crypto.randomUUID(),
    now?: () => number
  ) {
    const { name, subject, preheader, source, html } = template;
    const state = {
      name,
      subject,
      preheader,
      editor: source.editor,
      blocks: source.editor === 'blocks' ? source.blocks : [],
      html
    };
    this.#history = now ? new History<EmailState>(state, now) : new History<EmailState>(state);
    this.#saved = state;
  }

  get state(): EmailState {
    return this.#history.present;
  }
  get blocks(): readonly EmailBlock[] {
    return this.state.blocks;
  }
  get selected(): EmailBlock | undefined {
    return this.selectedId === null ? undefined : blockById(this.blocks, this.selectedId);
  }
  get canUndo(): boolean {
    return this.#history.canUndo;
  }
  get canRedo(): boolean {
    return this.#history.canRedo;
  }
  /** Compared by what is written, since what is undone is as it was. */
  get isChanged(): boolean {
    return this.state !== this.#saved && JSON.stringify(this.state) !== JSON.stringify(this.#saved);
  }

  /** What is saved, before it is compiled. */
  get content(): Pick<Template, 'subject' | 'preheader' | 'source' | 'html'> {
    const { subject, preheader, editor, html, blocks } = this.state;
    return { subject, preheader, html, source: editor === 'blocks' ? { editor, blocks: [...blocks] } : { editor } };
  }

  markSaved(state: EmailState): void {
    this.#saved = state;
  }

  /** Typing in one field is one step of the past. */
  set<K extends 'name' | 'subject' | 'preheader' | 'html' | 'editor'>(field: K, value: EmailState[K]): void {
    if (this.state[field] !== value) this.#history.push({ ...this.state, [field]: value }, field);
  }

  /** `what`: the setting that is changed; changes of the same one that follow each other are one step of the past. */
  update(id: string, change: Partial<EmailBlock>, what = Object.keys(change).join()): void {
    this.#change(updateBlock(this.blocks, id, change), `${id} ${what}`);
  }

  insert(type: BlockKind, place: Place): string {
    const block = newBlock(type, this.newId());
    this.#change(insertBlock(this.blocks, block, place));
    this.selectedId = block.id;
    return block.id;
  }

  /** After the block that is selected, or at the end. */
  get placeToAdd(): Place {
    const at = this.selectedId === null ? undefined : placeOf(this.blocks, this.selectedId);
    return at ? { ...at, index: at.index + 1 } : { columnsId: null, column: 0, index: this.blocks.length };
  }

  /** Selects what stands in its place then. */
  remove(id: string): void {
    const place = placeOf(this.blocks, id);
    this.#change(removeBlock(this.blocks, id));
    const left = place ? siblingsAt(this.blocks, place) : [];
    this.selectedId = (left[place?.index ?? 0] ?? left[left.length - 1])?.id ?? place?.columnsId ?? null;
  }

  duplicate(id: string): void {
    const block = blockById(this.blocks, id);
    const place = placeOf(this.blocks, id);
    if (!block || !place) return;
    const copy = copyBlock(block, this.newId);
    this.#change(insertBlock(this.blocks, copy, { ...place, index: place.index + 1 }));
    this.selectedId = copy.id;
  }

  move(id: string, to: Place): void {
    this.#change(moveBlock(this.blocks, id, to));
    this.selectedId = id;
  }

  /** Up (-1) or down (1); whether it could. */
  nudge(id: string, by: -1 | 1): boolean {
    const before = this.blocks;
    this.#change(nudgeBlock(before, id, by));
    return this.blocks !== before;
  }

  undo(): void {
    if (this.#history.undo()) this.#forgetSelection();
  }

  redo(): void {
    if (this.#history.redo()) this.#forgetSelection();
  }

  #forgetSelection(): void {
    if (!this.selected) this.selectedId = null;
  }

  #change(blocks: readonly EmailBlock[], key?: string): void {
    if (blocks !== this.blocks) this.#history.push({ ...this.state, blocks }, key);
  }
}
