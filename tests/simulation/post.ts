import type { World } from '$lib/worker/testing/world';

/** What the provider has accepted, in its order. `from`: the device, as it was then: one whose disk was put back is another. */
export interface Accepted {
  readonly key: string;
  readonly email: string;
  readonly from: object;
  /** When `from` had told the others all that it knew then; null: not yet. */
  toldAt: number | null;
}

/** The provider, and what each device can know of what others have sent. Time is the number of things that have happened. */
export class Post {
  readonly accepted: Accepted[] = [];
  /** What should not have left, as words. */
  readonly wrong: string[] = [];
  private happened = 0;
  /** When each has last begun to take in what others had told by then, and has done so. */
  private readonly knew = new Map<object, number>();

  /** The network of one device. `check` says what is wrong with its sending at all. */
  answer(from: object, check: () => string | null): World['answer'] {
    return (url, init) => {
      if (!url.endsWith('/v3/smtp/email')) return Promise.resolve({ status: 200, body: {} });
      const body = JSON.parse(String(init?.body)) as { to: [{ email: string }]; headers: { idempotencyKey: string } };
      this.accept(body.headers.idempotencyKey, body.to[0].email, from, check());
      return Promise.resolve({ status: 201, body: { messageId: `<${body.headers.idempotencyKey}@x>` } });
    };
  }

  /** The instant from which on what others tell is news to whoever syncs now. */
  tick(): number {
    return ++this.happened;
  }

  /** It has taken in all that was told by `since`, and told all of its own. */
  synced(who: object, since: number): void {
    this.knew.set(who, since);
    for (const one of this.accepted) if (one.from === who) one.toldAt ??= this.tick();
  }

  /** It must have taken in all that was told by now. */
  shouldKnow(who: object): void {
    this.knew.set(who, this.tick());
  }

  private accept(key: string, email: string, from: object, wrong: string | null): void {
    if (wrong !== null) this.wrong.push(wrong);
    const known = this.accepted.find((one) => one.email === email && this.knows(from, one));
    // The same device may ask again what it had no answer to.
    if (known !== undefined && (known.key !== key || known.from !== from))
      this.wrong.push(`${email} gets ${key} after ${known.key}, which the sender knew of`);
    // The provider knows by its key what it was asked before.
    if (!this.accepted.some((one) => one.key === key)) this.accepted.push({ key, email, from, toldAt: null });
  }

  private knows(who: object, { from, toldAt }: Accepted): boolean {
    return from === who || (toldAt !== null && toldAt <= (this.knew.get(who) ?? -1));
  }
}
