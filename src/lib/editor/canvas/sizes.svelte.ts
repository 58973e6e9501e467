import { createContext } from 'svelte';
import type { Id } from '$lib/core/ids';
import type { Card } from '../cards';
import type { Comparison } from '../versions/comparison';
import type { Size } from './layout';

export const CARD_WIDTH = 264;
export const NOTE_WIDTH = 200;

/** All that is seen of a card: how high it is depends on nothing else. */
export interface Look {
  readonly card: Card;
  readonly mark: ReturnType<Comparison['marks']['get']>;
}

/** How large the nodes are drawn: the automatic layout follows. */
export class Sizes {
  /** In px, by look; 0 where nothing is drawn. */
  #heights = $state.raw<ReadonlyMap<string, number>>(new Map());
  #notes = $state.raw<ReadonlyMap<Id, number>>(new Map());
  /** What was told last. A word more or less seldom changes the height of a card: until it is measured it keeps it. */
  #told: ReadonlyMap<Id, Size> = new Map();

  /** The cards to be measured: of those that look the same, one. */
  unmeasured(looks: readonly Look[]): Map<string, Look> {
    return new Map(looks.map((look) => [keyOf(look), look] as const).filter(([key]) => !this.#heights.has(key)));
  }

  learn(heights: ReadonlyMap<string, number>): void {
    this.#heights = new Map([...this.#heights, ...heights]);
  }

  /** Other letters have come: what was measured with those before may be wrong. */
  forget(): void {
    this.#heights = new Map();
  }

  learnNote(id: Id, height: number | undefined): void {
    if (height && this.#notes.get(id) !== height) this.#notes = new Map(this.#notes).set(id, height);
  }

  /** By id, as far as they are known; the same map while nothing changes. */
  of(looks: readonly Look[]): ReadonlyMap<Id, Size> {
    const heights = looks.map((look) => {
      const { id } = look.card;
      return [id, CARD_WIDTH, this.#heights.get(keyOf(look)) || this.#told.get(id)?.height] as const;
    });
    const notes = [...this.#notes].map(([id, height]) => [id, NOTE_WIDTH, height] as const);
    const sizes = new Map<Id, Size>();
    for (const [id, width, height] of [...heights, ...notes]) if (height) sizes.set(id, { width, height });
    if (!isSame(sizes, this.#told)) this.#told = sizes;
    return this.#told;
  }
}

function isSame(left: ReadonlyMap<Id, Size>, right: ReadonlyMap<Id, Size>): boolean {
  return left.size === right.size && [...left].every(([id, { height }]) => right.get(id)?.height === height);
}

/** Cards that look the same have the same. */
const cardKeys = new WeakMap<Card, string>();

function keyOf({ card, mark }: Look): string {
  let key = cardKeys.get(card);
  if (key === undefined) {
    const { name, sentence, problems, waiting, sent, failed } = card;
    key = JSON.stringify([name, sentence, problems, waiting, sent, failed]);
    cardKeys.set(card, key);
  }
  return mark === undefined ? key : `${mark} ${key}`;
}

export const [getSizes, setSizes] = createContext<Sizes>();
