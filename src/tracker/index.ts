import { createMemory } from './memory';
import { createQueue } from './queue';
import { createTracker } from './tracker';

/** `ricochet('track', 'Video watched', {…})`. The snippet puts calls into `q` until this script is there. */
interface Ricochet {
  (...call: unknown[]): void;
  q?: ArrayLike<unknown>[];
  isReady?: boolean;
}
declare global {
  interface Window {
    ricochet?: Ricochet;
    doNotTrack?: string;
  }
  interface Navigator {
    globalPrivacyControl?: boolean;
  }
}

type Data = Record<string, unknown>;

/** In ms: pages that are turned quickly, and calls that come together, are sent together. */
const TOGETHER = 400;
/** In ms: a page of a single-page site has its title a moment after its address. */
const TITLE = 100;
const AGAIN = 3e4;

function start(inbox: string): void {
  const now = () => Date.now();
  const memory = createMemory(() => localStorage);
  const queue = createQueue(
    memory,
    // No content type of its own, so that no browser asks beforehand.
    (body) => fetch(inbox, { method: 'POST', body, keepalive: true, credentials: 'omit' }).then(({ status }) => status),
    now
  );
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flushIn = (delay: number) => {
    timer ??= setTimeout(() => {
      timer = undefined;
      flush();
    }, delay);
  };
  const flush = () => {
    // Before consent the queue is not even read.
    if (consent() !== 'granted' || !navigator.onLine) return;
    queue.flush().catch(() => flushIn(AGAIN));
  };
  const { consent, record, decide } = createTracker({
    memory,
    queue,
    now,
    newId: () =>
      Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => (byte + 256).toString(16).slice(1)).join(''),
    isRefused: navigator.globalPrivacyControl === true || navigator.doNotTrack === '1' || window.doNotTrack === '1',
    onAdded: () => flushIn(TOGETHER)
  });

  let token = takeToken();
  let last = '';
  const page = (given?: Data) => {
    const url = location.href.split('#')[0] || '';
    if (url === last && !given) return;
    if (consent() === 'denied') return;
    record('page', { url, title: document.title, referrer: last || document.referrer, ...given });
    last = url;
  };
  const arrive = () => {
    if (token && consent() !== 'denied') record('identify', { token });
    token = '';
    page();
  };
  const calls: Record<string, (...given: never[]) => void> = {
    consent(choice: unknown) {
      decide(choice);
      if (choice === 'granted') arrive();
      flush();
    },
    page,
    identify: (email: unknown, attributes: unknown) => record('identify', { email, attributes }),
    track: (name: unknown, properties: unknown) => record('track', { name, properties }),
    cart: (cart: Data) => record('cart', cart),
    order: (order: Data) => record('order', order)
  };
  const safely =
    <Given extends unknown[]>(work: (...given: Given) => void) =>
    (...given: Given) => {
      try {
        work(...given);
      } catch {
        // The page is not ours: it hears of nothing.
      }
    };
  const call = safely((name: string, ...given: unknown[]) => calls[name]?.(...(given as never[])));

  const waiting = window.ricochet?.q || [];
  const ricochet: Ricochet = (...given) => call(...(given as [string]));
  ricochet.isReady = true;
  window.ricochet = ricochet;
  for (let index = 0; index < waiting.length; index++) call(...(Array.from(waiting[index] || []) as [string]));

  const look = safely(arrive);
  const turned = () => setTimeout(look, TITLE);
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name].bind(history);
    history[name] = (...given) => {
      original(...given);
      turned();
    };
  }
  addEventListener('popstate', turned);
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) last = '';
    look();
  });
  addEventListener('online', safely(flush));
  let left = '';
  const leave = safely(() => {
    const waits = consent() === 'granted' ? JSON.stringify(memory.read().queue) : '';
    // A page that is left is hidden too.
    if (waits === left) return;
    left = waits;
    const body = queue.body();
    // Whether it arrives is not told: it waits to be confirmed all the same, and is known by its ids.
    if (body) navigator.sendBeacon(inbox, body);
  });
  addEventListener('pagehide', leave);
  addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') leave();
  });
  look();
  safely(flush)();
}

/** Whose email the visitor comes from, taken off the address so that it goes no further. */
function takeToken(): string {
  const url = new URL(location.href);
  const token = url.searchParams.get('rc') || '';
  if (token) {
    url.searchParams.delete('rc');
    history.replaceState(history.state, '', url.href);
  }
  return token;
}

try {
  const script = document.currentScript || document.querySelector('script[data-inbox]');
  const inbox = script?.getAttribute('data-inbox');
  if (inbox && !window.ricochet?.isReady) start(inbox);
} catch {
  // An old browser: the page goes on without.
}
