import type { Attachment } from 'svelte/attachments';

export type TooltipText = {
  /** The name that the control has for everyone. */
  text: string;
  /** A key or two shown beside the text. */
  keys?: string | undefined;
  side?: 'top' | 'right' | 'bottom' | 'left' | undefined;
};

/** How long a pointer rests on a control before its name shows; how long it may take to the name, which stays while it is there. */
const REST = 350;
const WAY = 150;

/** The one tooltip that shows; `TooltipHost` draws it. */
class Tooltips {
  shown = $state.raw<{ anchor: HTMLElement; of: () => TooltipText | null } | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  show(anchor: HTMLElement, of: () => TooltipText | null, delay = 0): void {
    this.#soon({ anchor, of }, delay);
  }

  /** Whatever was to come does not. */
  stay(): void {
    clearTimeout(this.#timer);
  }

  hide(delay = 0): void {
    this.#soon(null, delay);
  }

  leave(): void {
    this.hide(WAY);
  }

  /** Never at once: a control that is removed loses its focus while the screen is being drawn. */
  #soon(shown: typeof this.shown, delay: number): void {
    this.stay();
    this.#timer = setTimeout(() => (this.shown = shown), delay);
  }
}

export const tooltips = new Tooltips();

/** Shows the name of a control that has no text: under a pointer that rests on it, and while the keyboard's focus is on it. */
export function tooltip(of: () => TooltipText | null): Attachment<HTMLElement> {
  return (anchor) => {
    const listening = new AbortController();
    const on = <K extends keyof HTMLElementEventMap>(type: K, listener: (event: HTMLElementEventMap[K]) => void) =>
      anchor.addEventListener(type, listener, { signal: listening.signal });
    on('pointerenter', ({ pointerType }) => {
      if (pointerType !== 'touch') tooltips.show(anchor, of, REST);
    });
    on('pointerleave', () => tooltips.leave());
    on('pointerdown', () => tooltips.hide());
    on('focus', () => {
      if (anchor.matches(':focus-visible')) tooltips.show(anchor, of);
    });
    on('blur', () => tooltips.hide());
    on('click', () => tooltips.hide());
    return () => {
      listening.abort();
      if (tooltips.shown?.anchor === anchor) tooltips.hide();
    };
  };
}
