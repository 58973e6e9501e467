import type { Result } from '$lib/core/result';
import type { Words } from '$lib/core/words';

/** How long after the last edit it is written, in ms. */
const PAUSE = 500;
/** How many of our own writes are remembered, to know them again as they come back from the database. */
const REMEMBERED = 30;

/** `from`: what the value was made of. Others may have written meanwhile: their parts and these go together, or it is refused. */
export type Write<T> = (value: T, from: T) => Promise<Result<void>>;

/** Writes a value some moments after it has changed, one write at a time, the newest last. */
export class Autosave<T> {
  #state = $state<'saved' | 'waiting' | 'saving' | 'failed'>('saved');
  #failure = $state.raw<Words | null>(null);
  #wanted: { value: T } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> | null = null;
  #ours: string[];
  /** What the database was last known to have. */
  #base: T;

  constructor(
    initial: T,
    private readonly write: Write<T>,
    private readonly pause = PAUSE
  ) {
    this.#ours = [inOneOrder(initial)];
    this.#base = initial;
  }

  get state(): 'saved' | 'waiting' | 'saving' | 'failed' {
    return this.#state;
  }
  /** Why the last write was refused. */
  get failure(): Words | null {
    return this.#failure;
  }
  /** Whether there is something that the database does not have yet. */
  get isPending(): boolean {
    return this.#state !== 'saved';
  }

  want(value: T): void {
    this.#wanted = { value };
    this.#state = 'waiting';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), this.pause);
  }

  /** Whether a value that the database shows was written by somebody else. */
  isForeign(value: T): boolean {
    const at = this.#ours.indexOf(inOneOrder(value));
    // What was written before it will not come back any more.
    if (at >= 0) this.#ours = this.#ours.slice(at);
    return at < 0;
  }

  /** Takes a value of the database as saved. */
  accept(value: T): void {
    this.#remember(value);
    this.#base = value;
    this.#wanted = null;
    clearTimeout(this.#timer);
    this.#failure = null;
    this.#state = 'saved';
  }

  /** Writes what there is to write now. Resolves when it is written, or refused. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#writing ??= this.#run().finally(() => (this.#writing = null));
    return this.#writing;
  }

  async #run(): Promise<void> {
    while (this.#wanted !== null) {
      const { value } = this.#wanted;
      this.#wanted = null;
      this.#state = 'saving';
      this.#remember(value);
      const result = await this.write(value, this.#base).catch((): Result<void> => ({
        ok: false,
        reason: { key: 'editor.saveFailed' }
      }));
      if (result.ok) {
        this.#base = value;
        this.#failure = null;
        this.#state = 'saved';
        continue;
      }
      this.#failure = result.reason;
      this.#state = 'failed';
      // What could not be written is kept, and tried again with the next edit.
      this.#wanted ??= { value };
      return;
    }
  }

  #remember(value: T): void {
    this.#ours = [...this.#ours, inOneOrder(value)].slice(-REMEMBERED);
  }
}

/** As JSON, with the properties of each object by their names: devices that agree may write them in another order. */
function inOneOrder(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part
  );
}
