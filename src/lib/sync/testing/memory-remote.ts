import { failed, ok, type Result } from '$lib/core/result';
import type { Remote } from '../remote';

/** What goes wrong with a call: it never arrives, its answer is lost after it was carried out, or what it puts is not listed yet. */
export type Fault = 'offline' | 'unanswered' | 'unlisted' | null;

/** How many names one answer tells. */
const PAGE = 3;

/** What devices share: objects in the order in which they were put. */
export class Shelf {
  readonly objects = new Map<string, Uint8Array>();
  /** The documents that were read, by their names. */
  readonly looks: string[] = [];
  private readonly documents = new Map<string, { bytes: Uint8Array; revision: string }>();
  private readonly order: string[] = [];
  private readonly unlisted: string[] = [];

  /** What was put and not listed is listed from now on. */
  list(): void {
    this.order.push(...this.unlisted.splice(0));
  }

  /** Of all that is there. */
  names(): string[] {
    return [...this.objects.keys(), ...this.documents.keys()].sort();
  }

  /** The remote as one device has it. `fault` says, at each call, what goes wrong. It never holds an answer back. */
  remote(fault: () => Fault = () => null): Remote {
    const call = <T>(work: (wrong: Fault) => T): Promise<Result<T>> => {
      const wrong = fault();
      if (wrong === 'offline') return Promise.resolve(failed({ key: 'test.offline' }));
      const value = work(wrong);
      return Promise.resolve(wrong === 'unanswered' ? failed({ key: 'test.unanswered' }) : ok(value));
    };
    return {
      put: (name, bytes) =>
        call((wrong) => {
          if (this.objects.has(name)) return 'exists';
          this.objects.set(name, bytes);
          (wrong === 'unlisted' ? this.unlisted : this.order).push(name);
          return 'stored';
        }),
      get: (name) => call(() => this.objects.get(name) ?? null),
      remove: (name) =>
        call(() => {
          this.objects.delete(name);
          this.documents.delete(name);
        }),
      list: (folder) =>
        call(() => {
          const isIn = (name: string): boolean => name.slice(0, name.lastIndexOf('/')) === folder;
          return [...this.objects.keys()].filter((name) => isIn(name) && !this.unlisted.includes(name)).sort();
        }),
      changes: (cursor, { signal }) =>
        signal.aborted
          ? Promise.resolve(failed({ key: 'test.aborted' }))
          : call(() => {
              const from = Number(cursor ?? 0);
              const page = this.order.slice(from, from + PAGE);
              const to = from + page.length;
              return {
                names: page.filter((name) => this.objects.has(name)),
                cursor: String(to),
                isMore: to < this.order.length
              };
            }),
      read: (name) =>
        call(() => {
          this.looks.push(name);
          return this.documents.get(name) ?? null;
        }),
      write: (name, bytes, over) =>
        call(() => {
          if ((this.documents.get(name)?.revision ?? null) !== over) return 'conflict';
          const revision = String(Number(over ?? 0) + 1);
          this.documents.set(name, { bytes, revision });
          return { revision };
        })
    };
  }
}
