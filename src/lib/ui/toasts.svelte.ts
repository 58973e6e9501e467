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
const timers = new Map<number, { left: number; since: number; timer: ReturnType<typeof setTimeout> }>();

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
  clearTimeout(timers.get(id)?.timer);
  timers.delete(id);
}

/** Nothing leaves while someone reads it or is about to act on it. */
export function holdToasts(): void {
  for (const [id, { left, since, timer }] of timers) {
    clearTimeout(timer);
    timers.set(id, { left: left - (Date.now() - since), since, timer });
  }
}

export function releaseToasts(): void {
  for (const [id, { left }] of timers) start(id, Math.max(left, 1_500));
}

function start(id: number, left: number): void {
  clearTimeout(timers.get(id)?.timer);
  timers.set(id, { left, since: Date.now(), timer: setTimeout(() => dismissToast(id), left) });
}
