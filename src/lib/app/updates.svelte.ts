/** What is used of `navigator.serviceWorker`. */
export type WorkerContainer = Pick<ServiceWorkerContainer, 'controller' | 'register' | 'addEventListener'>;

/** Keeps the app's offline copy, and tells when a newer version is there. The page reloads only when `apply` is called. */
export class Updates {
  /** A newer version of the app is ready to be used. */
  ready = $state(false);

  #waiting: ServiceWorker | null = null;
  #accepted = false;
  readonly #reload: () => void;

  constructor(reload: () => void = () => location.reload()) {
    this.#reload = reload;
  }

  /** Registers the service worker and watches for newer ones. */
  async watch(container: WorkerContainer, url = '/service-worker.js'): Promise<void> {
    // Without a worker before, the first one takes over silently: nothing is older than it.
    let controlled = container.controller !== null;
    container.addEventListener('controllerchange', () => {
      if (this.#accepted) this.#reload();
      // Another tab accepted: this one still runs the older version.
      else if (controlled) this.ready = true;
      controlled = true;
    });

    // The browser may refuse (a private window, storage full): the app then works without an offline copy.
    const registration = await container.register(url).catch(() => null);
    if (!registration) return;

    const noticeWaiting = () => {
      if (!registration.waiting || !controlled) return;
      this.#waiting = registration.waiting;
      this.ready = true;
    };
    noticeWaiting();
    registration.addEventListener('updatefound', () => {
      registration.installing?.addEventListener('statechange', noticeWaiting);
    });
    // An installed app stays open for days.
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') registration.update().catch(() => undefined);
    });
  }

  /** Goes over to the newer version; the page reloads once it is in charge. */
  apply(): void {
    this.#accepted = true;
    if (this.#waiting) this.#waiting.postMessage('SKIP_WAITING');
    else this.#reload();
  }
}

export const updates = new Updates();
