import { tick } from 'svelte';
import type { EmailBlock } from '$lib/core/rows/emails';
import type { Brand } from '$lib/core/rows/emails';
import type { Palette } from '$lib/messages/email-style';
import { m } from '$lib/i18n';
import { placeOf, siblingsAt, type Place } from './block-edits';
import { blockName, type BlockKind } from './block-kinds';
import type { EmailDraft } from './email-draft.svelte';
import type { NameOf } from './placeholders';
import type { TypedText } from './typed-text.svelte';

/** How the email looks while it is edited. */
export interface CanvasLook {
  readonly brand: Brand;
  readonly palette: Palette;
  readonly nameOf: NameOf;
}

export function blockElementId(id: string): string {
  return `block-${id}`;
}

/** What happens on the canvas: what is dragged and where to, what is done with keys, what is said of it aloud. */
export class CanvasStage {
  draggedId = $state<string | null>(null);
  dropAt = $state<Place | null>(null);
  said = $state('');
  /** The block whose text is typed where it stands. */
  typingId = $state<string | null>(null);
  /** That text, once it is drawn. */
  typed = $state.raw<TypedText | null>(null);
  /** The address of a link is asked for. */
  isLinking = $state(false);

  constructor(
    readonly draft: EmailDraft,
    /** Shows the settings of the block that is selected and puts the focus there. */
    readonly edit: () => void
  ) {}

  insert(type: BlockKind, place: Place): void {
    this.draft.insert(type, place);
    this.said = m['email.said.added']({ name: blockName(type) });
    this.edit();
  }

  nudge(block: EmailBlock, by: -1 | 1): void {
    this.draft.selectedId = block.id;
    const hasMoved = this.draft.nudge(block.id, by);
    const place = placeOf(this.draft.blocks, block.id);
    if (!place) return;
    const params = {
      name: blockName(block.type),
      position: place.index + 1,
      count: siblingsAt(this.draft.blocks, place).length
    };
    this.said = hasMoved ? m['email.said.moved'](params) : m['email.said.stays'](params);
    void this.focus(block.id);
  }

  duplicate(block: EmailBlock): void {
    this.draft.duplicate(block.id);
    this.said = m['email.said.duplicated']({ name: blockName(block.type) });
    void this.focus(this.draft.selectedId);
  }

  remove(block: EmailBlock): void {
    this.draft.remove(block.id);
    this.said = m['email.said.removed']({ name: blockName(block.type) });
    void this.focus(this.draft.selectedId);
  }

  /** Keys on a block that has the focus. */
  key(event: KeyboardEvent, block: EmailBlock): void {
    const hasCommand = event.ctrlKey || event.metaKey;
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown'))
      this.nudge(block, event.key === 'ArrowUp' ? -1 : 1);
    else if (event.key === 'Delete' || event.key === 'Backspace') this.remove(block);
    else if (hasCommand && event.key.toLowerCase() === 'd') this.duplicate(block);
    else if (event.key === 'Enter') {
      this.draft.selectedId = block.id;
      if (isTyped(block)) void this.type(block);
      else this.edit();
    } else if (event.key === 'Escape') this.draft.selectedId = null;
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** A block is pressed: it is selected, and typed into; with a finger only once it is selected, since a keyboard takes much room. */
  press(event: MouseEvent, block: EmailBlock): void {
    const wasSelected = this.draft.selectedId === block.id;
    this.draft.selectedId = block.id;
    if (!isTyped(block) || event.detail === 0) return;
    if (wasSelected || !matchMedia('(pointer: coarse)').matches)
      void this.type(block, { x: event.clientX, y: event.clientY });
  }

  /** Puts the cursor into the text of a block, at a point of the window or at its end. */
  async type(block: EmailBlock, point?: { x: number; y: number }): Promise<void> {
    this.typingId = block.id;
    await tick();
    this.typed?.focus(point);
  }

  stopTyping(): void {
    const id = this.typingId;
    this.typingId = null;
    void this.focus(id);
  }

  isTyping({ id }: EmailBlock): boolean {
    return this.typingId === id && this.draft.selectedId === id;
  }

  /** Something is dragged over a block, or over an empty column: above or below its middle. */
  over(event: DragEvent, place: Place): void {
    const dragged = this.draft.blocks.find(({ id }) => id === this.draggedId);
    if (
      this.draggedId === null ||
      (dragged?.type === 'columns' && place.columnsId !== null) ||
      place.columnsId === this.draggedId
    )
      return;
    event.preventDefault();
    event.stopPropagation();
    const { top, height } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const isBelow = siblingsAt(this.draft.blocks, place).length > 0 && event.clientY > top + height / 2;
    this.dropAt = isBelow ? { ...place, index: place.index + 1 } : place;
  }

  drop(event: DragEvent): void {
    if (this.draggedId === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.dropAt) this.draft.move(this.draggedId, this.dropAt);
    this.endDrag();
  }

  endDrag(): void {
    this.draggedId = null;
    this.dropAt = null;
  }

  isDropAt({ columnsId, column, index }: Place): boolean {
    const at = this.dropAt;
    return at !== null && at.columnsId === columnsId && at.column === column && at.index === index;
  }

  async focus(id: string | null): Promise<void> {
    await tick();
    if (id !== null) document.getElementById(blockElementId(id))?.focus();
  }
}

/** Whether its text can be typed where it stands. */
function isTyped({ type }: EmailBlock): boolean {
  return type === 'heading' || type === 'text' || type === 'button';
}
