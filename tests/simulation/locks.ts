import type { Locks } from '$lib/worker/lease';
import type { Owner, Scheduler } from './scheduler';

interface Request {
  readonly owner: Owner;
  readonly hold: () => Promise<void>;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Web Locks among the tabs of one simulation: one lock, given in the order of asking, stolen, or freed by the death of its holder. */
export class SharedLock {
  private holder: Request | null = null;
  private queue: Request[] = [];

  constructor(private readonly scheduler: Scheduler) {}

  /** As the platform hands it to a tab. */
  of(owner: Owner): Locks {
    return {
      request: ((_name: string, { steal }: { steal?: boolean }, hold: () => Promise<void>) =>
        new Promise<void>((resolve, reject) => {
          if (owner.isDead) return;
          const request: Request = { owner, hold, resolve, reject };
          if (!steal) this.queue.push(request);
          else {
            this.robbed();
            this.queue.unshift(request);
          }
          this.grant();
        })) as Locks['request']
    };
  }

  /** The dead hold nothing and ask for nothing. */
  bury(owner: Owner): void {
    this.queue = this.queue.filter((request) => request.owner !== owner);
    if (this.holder?.owner === owner) this.holder = null;
    this.grant();
  }

  private robbed(): void {
    const { holder } = this;
    if (!holder) return;
    this.holder = null;
    void this.scheduler
      .point(holder.owner, 'lock stolen')
      .then(() => holder.reject(new DOMException('stolen', 'AbortError')));
  }

  private grant(): void {
    if (this.holder !== null) return;
    const request = this.queue.shift();
    if (request === undefined) return;
    this.holder = request;
    void this.scheduler
      .point(request.owner, 'lock granted')
      .then(() => request.hold())
      .then(request.resolve, request.reject)
      .finally(() => {
        if (this.holder !== request) return;
        this.holder = null;
        this.grant();
      });
  }
}
