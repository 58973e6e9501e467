/** What a function called in a page may take and return. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A browser as it is told from outside what to do: the little that a person's deeds are made of. */
export interface Driver {
  /** Whether what the app stored is there again after `restart`. */
  readonly keepsProfile: boolean;
  /** Resolves when the page is loaded. */
  open(url: string): Promise<void>;
  /** Evaluates an expression in the page. (It is not awaited: WebKit loses the end of what takes time.) */
  evaluate(expression: string): Promise<Json>;
  /** Moves the pointer to a place of the viewport, in CSS pixels, and clicks. */
  click(x: number, y: number): Promise<void>;
  /** Presses the keys of a text one after another; `keys` names those without a character. */
  type(text: string): Promise<void>;
  /** Types with Control held down. */
  typeWithControl(text: string): Promise<void>;
  /** Gives a file of this computer to the element that a selector finds. */
  giveFile(selector: string, path: string): Promise<void>;
  /** Closes the browser and opens it with its profile; where it keeps none, closes the page and opens a new one. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Keys without a character, as WebDriver numbers them. */
export const keys = { enter: '\uE007', escape: '\uE00C', delete: '\uE017', control: '\uE009' } as const;

/** The pointer's and the keyboard's actions are the same in WebDriver and in WebDriver BiDi. */
export function clickActions(x: number, y: number) {
  const actions = [
    { type: 'pointerMove', x: Math.round(x), y: Math.round(y), duration: 0 },
    { type: 'pointerDown', button: 0 },
    { type: 'pointerUp', button: 0 }
  ];
  return [{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions }];
}

export function keyActions(text: string, held = '') {
  const down = (value: string) => ({ type: 'keyDown', value });
  const up = (value: string) => ({ type: 'keyUp', value });
  const typed = Array.from(text).flatMap((key) => [down(key), up(key)]);
  return [{ type: 'key', id: 'keyboard', actions: [...Array.from(held, down), ...typed, ...Array.from(held, up)] }];
}

/** Asks again until there is an answer; a failure says what was waited for. Times in milliseconds. */
export async function until<Value>(
  what: string | (() => string),
  ask: () => Promise<Value | undefined>,
  { timeout = 40_000, pause = 50 } = {}
): Promise<Value> {
  const end = Date.now() + timeout;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) {
      throw new Error(`Not within ${timeout / 1_000} s: ${typeof what === 'string' ? what : what()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
