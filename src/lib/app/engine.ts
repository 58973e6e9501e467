import * as Comlink from 'comlink';
import type { PageNews, WorkerApi } from '$lib/worker/api';
import EngineWorker from '$lib/worker/index?worker';
import { whenLeaving } from './leaving';

let started: WorkerApi | null = null;

/** The engine's worker of this tab, started by the first call. Screens write through it and through nothing else. */
export function engine(): WorkerApi {
  if (started) return started;
  // Comlink's own type makes promises of groups of calls; at run time a path such as `lists.save` is one call.
  const worker = new EngineWorker();
  started = Comlink.wrap(worker) as unknown as WorkerApi;
  // A restore has replaced the database under every tab.
  new BroadcastChannel('ricochet').onmessage = ({ data }) => {
    if (data === 'restored') location.reload();
  };
  const look = (): void => void started?.look();
  // Sleep, a changed clock and a lost network are noticed when somebody comes back, not only at the next timer.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') look();
  });
  addEventListener('focus', look);
  addEventListener('online', look);
  addEventListener('offline', look);
  const tell = (news: PageNews): void => worker.postMessage(news);
  whenLeaving({ left: () => tell('leaving'), stayed: () => tell('staying') });
  // A page that is left may be kept asleep for the way back. In WebKit its worker then sleeps inside a transaction, for which every
  // other page would wait; and it would go on being the one that runs the automations.
  addEventListener('pagehide', ({ persisted }) => {
    if (persisted) worker.terminate();
  });
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) location.reload();
  });
  return started;
}
