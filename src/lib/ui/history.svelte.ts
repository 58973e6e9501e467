/** How many edits can be taken back. */
const DEPTH = 500;
/** Edits of one thing that follow each other within this time are one, in ms: a word is undone, not a letter. */
const MERGES_WITHIN = 1_200;

/** A value with its past and its future. Values are immutable. */
export class History<T> {
  #present = $state.raw() as T;
  #past = $state.raw<readonly T[]>([]);
  #future = $state.raw<readonly T[]>([]);
  #last: { key: string; at: number } | null = null;

  constructor(
    initial: T,
    private readonly now: () => number = () => performance.now()
  ) {
    this.#present = initial;
  }

  get present(): T {
    return this.#present;
  }
  get canUndo(): boolean {
    return this.#past.length > 0;
  }
  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** `key`: what is being edited, where edits that follow each other are to be one. */
  push(next: T, key?: string): void {
    if (next === this.#present) return;
    const at = this.now();
    const merges = key !== undefined && this.#last?.key === key && at - this.#last.at < MERGES_WITHIN;
    if (!merges) this.#past = [...this.#past, this.#present].slice(-DEPTH);
    this.#last = key === undefined ? null : { key, at };
    this.#future = [];
    this.#present = next;
  }

  undo(): boolean {
    const before = this.#past.at(-1);
    if (before === undefined) return false;
    this.#past = this.#past.slice(0, -1);
    this.#future = [...this.#future, this.#present];
    this.#present = before;
    this.#last = null;
    return true;
  }

  redo(): boolean {
    const after = this.#future.at(-1);
    if (after === undefined) return false;
    this.#future = this.#future.slice(0, -1);
    this.#past = [...this.#past, this.#present];
    this.#present = after;
    this.#last = null;
    return true;
  }
}
