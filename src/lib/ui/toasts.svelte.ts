export type Toast = {
  id: number;
  text: string;
  tone: 'neutral' | 'good' | 'bad';
  action?: { label: string; run: () => void } | undefined;
};

type NewToast = Omit<Toast, 'id' | 'tone'> & {
  tone?: Toast['tone'];
  /** In milliseconds; bad news stays until it is put away. */
  stay?: number;
};

let shown = $state<Toast[]>([]);
let last = 0;
/** How long each has left, in ms; `timer`: null while it is held. */
const timers = new Map<number, { left: number; since: number; timer: ReturnType<typeof setTimeout> | null }>();

/** What is on screen, oldest first. */
export function toasts(): readonly Toast[] {
  return shown;
}

/** Says that something happened, with one action at most (undo). Returns its id. */
export function toast({ tone = 'neutral', stay, ...words }: NewToast): number {
  const id = ++last;
  shown = [...shown.slice(-2), { id, tone, ...words }];
  const left = stay ?? (tone === 'bad' ? Infinity : words.action ? 10_000 : 5_000);
  if (left !== Infinity) start(id, left);
  return id;
}

export function dismissToast(id: number): void {
  shown = shown.filter((toast) => toast.id !== id);
  stop(id);
  timers.delete(id);
}

/** Nothing leaves while someone reads it or is about to act on it. */
export function holdToasts(): void {
  for (const [id, { left, since, timer }] of timers) {
    // Held twice: by the pointer, and by the focus.
    if (timer === null) continue;
    stop(id);
    timers.set(id, { left: left - (Date.now() - since), since, timer: null });
  }
}

export function releaseToasts(): void {
  for (const [id, { left }] of timers) start(id, Math.max(left, 1_500));
}

function start(id: number, left: number): void {
  stop(id);
  timers.set(id, { left, since: Date.now(), timer: setTimeout(() => dismissToast(id), left) });
}

function stop(id: number): void {
  const timer = timers.get(id)?.timer ?? null;
  if (timer !== null) clearTimeout(timer);
}
