import { HOUR } from '$lib/core/instants';
import { WAKE_TAG } from '$lib/core/waking';

/** How often the browser is asked to wake the app at most; it decides itself how often it does. */
const EVERY = HOUR;

/** Background Sync and Periodic Background Sync, where the browser has them. */
type Registration = ServiceWorkerRegistration & {
  readonly sync?: { register(tag: string): Promise<void> };
  readonly periodicSync?: { register(tag: string, options: { minInterval: number }): Promise<void> };
};

interface Given {
  readonly container: { readonly ready: Promise<ServiceWorkerRegistration> };
  readonly isOnline: () => boolean;
  readonly permission: (name: string) => Promise<PermissionState>;
  readonly listen: (type: 'offline', listener: () => void) => void;
}

/** What the browser does for the app while no page of it is open. Null until it is known. */
export class Waking {
  /** Once the connection is back, the engine runs for what waits. */
  onReconnect = $state<boolean | null>(null);
  /** The engine runs now and then. */
  nowAndThen = $state<boolean | null>(null);

  /** Asks to be woken: when a connection that is gone is back, and from time to time. Where the browser will not, that is known. */
  async ask({ container, isOnline, permission, listen }: Given): Promise<void> {
    const { sync, periodicSync }: Registration = await container.ready;
    if (sync) {
      // With a connection the browser would wake it at once, for nothing.
      const once = async (): Promise<void> => {
        this.onReconnect = await sync.register(WAKE_TAG).then(
          () => true,
          () => false
        );
      };
      listen('offline', () => void once());
      if (isOnline()) this.onReconnect = (await permission('background-sync').catch(() => 'granted')) !== 'denied';
      else await once();
    } else this.onReconnect = false;
    // Browsers grant it to apps that are installed and used.
    const isGranted =
      periodicSync && (await permission('periodic-background-sync').catch(() => 'denied')) === 'granted';
    this.nowAndThen =
      isGranted === true &&
      (await periodicSync.register(WAKE_TAG, { minInterval: EVERY }).then(
        () => true,
        () => false
      ));
  }
}

export const waking = new Waking();
