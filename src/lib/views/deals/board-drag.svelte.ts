import type { Id } from '$lib/core/ids';

/** How far a mouse moves before a press is a drag, in px; how long a finger rests before it is one, in ms. */
const FAR = 6;
const LONG = 280;

/** A card that is being dragged over the columns of the board, by mouse, pen or finger. */
export class BoardDrag {
  /** The deal under way; null: none. */
  dealId = $state<Id | null>(null);
  /** The stage it is over. */
  over = $state<Id | null>(null);
  /** Where the card is drawn, in px. */
  place = $state({ x: 0, y: 0, width: 0 });
  #pressed: {
    dealId: Id;
    x: number;
    y: number;
    card: HTMLElement;
    timer: ReturnType<typeof setTimeout> | null;
  } | null = null;
  #grip = { x: 0, y: 0 };
  readonly #drop: (dealId: Id, stageId: Id) => void;

  constructor(drop: (dealId: Id, stageId: Id) => void) {
    this.#drop = drop;
  }

  /** Makes the card of a deal one that can be dragged: an attachment. */
  card = (dealId: Id) => (card: HTMLElement) => {
    const press = (event: PointerEvent): void => {
      const onControl = event.target instanceof Element && event.target.closest('[data-no-drag]');
      if (event.button !== 0 || !event.isPrimary || onControl) return;
      const { clientX: x, clientY: y } = event;
      const timer = event.pointerType === 'touch' ? setTimeout(() => this.#start(), LONG) : null;
      this.#pressed = { dealId, x, y, card, timer };
      this.#listen();
    };
    // A finger that drags a card does not scroll the board.
    const hold = (event: TouchEvent): void => {
      if (this.dealId !== null) event.preventDefault();
    };
    const noNativeDrag = (event: DragEvent): void => event.preventDefault();
    card.addEventListener('pointerdown', press);
    card.addEventListener('touchmove', hold, { passive: false });
    card.addEventListener('dragstart', noNativeDrag);
    return () => {
      card.removeEventListener('pointerdown', press);
      card.removeEventListener('touchmove', hold);
      card.removeEventListener('dragstart', noNativeDrag);
      if (this.#pressed?.card === card) this.#end();
    };
  };

  #start(): void {
    if (!this.#pressed) return;
    const { dealId, x, y, card } = this.#pressed;
    const box = card.getBoundingClientRect();
    this.#grip = { x: x - box.left, y: y - box.top };
    this.dealId = dealId;
    this.#follow(x, y);
  }

  #follow(x: number, y: number): void {
    const { width } = this.#pressed?.card.getBoundingClientRect() ?? { width: 0 };
    this.place = { x: x - this.#grip.x, y: y - this.#grip.y, width };
    const column = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-stage]');
    this.over = column?.dataset.stage ?? null;
    column?.parentElement?.scrollBy({ left: x > innerWidth - 40 ? 16 : x < 40 ? -16 : 0 });
  }

  #move = (event: PointerEvent): void => {
    if (!this.#pressed) return;
    const { clientX: x, clientY: y } = event;
    if (this.dealId !== null) return this.#follow(x, y);
    const isFar = Math.hypot(x - this.#pressed.x, y - this.#pressed.y) > FAR;
    if (!isFar) return;
    // A finger that moves before its time scrolls.
    if (this.#pressed.timer !== null) this.#end();
    else {
      this.#start();
      this.#follow(x, y);
    }
  };

  #up = (): void => {
    const { dealId, over } = this;
    const card = this.#pressed?.card;
    this.#end();
    if (dealId === null) return;
    // The click that ends a drag opens nothing.
    const swallow = (event: MouseEvent): void => {
      event.preventDefault();
      event.stopPropagation();
    };
    card?.addEventListener('click', swallow, { capture: true, once: true });
    setTimeout(() => card?.removeEventListener('click', swallow, { capture: true }));
    if (over !== null) this.#drop(dealId, over);
  };

  #cancel = (): void => this.#end();

  #key = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.#end();
  };

  #listen(): void {
    addEventListener('pointermove', this.#move);
    addEventListener('pointerup', this.#up);
    addEventListener('pointercancel', this.#cancel);
    addEventListener('keydown', this.#key);
  }

  #end(): void {
    if (this.#pressed?.timer) clearTimeout(this.#pressed.timer);
    this.#pressed = null;
    this.dealId = null;
    this.over = null;
    removeEventListener('pointermove', this.#move);
    removeEventListener('pointerup', this.#up);
    removeEventListener('pointercancel', this.#cancel);
    removeEventListener('keydown', this.#key);
  }
}
