import { engine } from '$lib/app/engine';
import type { Result } from '$lib/core/result';
import type { Words as StoredWords } from '$lib/core/words';
import { m, words } from '$lib/i18n';
import { toast } from '$lib/ui/toasts.svelte';

/** Says why something did not happen. */
export function sayRefusal(reason: StoredWords): void {
  toast({ tone: 'bad', text: words(reason) });
}

/** Whether a refusal is about a name: empty, too long or taken. */
export function isAboutName({ key }: StoredWords): boolean {
  return key.split('.')[1] === 'name';
}

/**
 * Waits for what the engine answers: the value, or null once the reason has been said. A rejection is a bug: it is said as such
 * and goes on to whoever watches for bugs.
 */
export async function valueOf<T>(asked: Promise<Result<T>>): Promise<{ value: T } | null> {
  const result = await orSayBug(asked);
  if (result.ok) return { value: result.value };
  sayRefusal(result.reason);
  return null;
}

/** The same for what cannot be refused. */
export async function orSayBug<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    toast({ tone: 'bad', text: m['app.bug']({ detail: error instanceof Error ? error.message : String(error) }) });
    throw error;
  }
}

/** Says that something was removed, and offers to take that back for a while. */
export async function removed(asked: Promise<Result<string>>, text: string): Promise<void> {
  const removal = await valueOf(asked);
  if (!removal) return;
  toast({ text, action: { label: m['ui.undo'](), run: () => void valueOf(engine().undo(removal.value)) } });
}
