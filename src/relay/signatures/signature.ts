/** How a vendor proves that a post is its own. */
export interface Signature {
  isRight(post: Post, secret: string): Promise<boolean>;
  /** Where there is no secret, the address alone proves the post. */
  readonly isOptional?: true;
  /** What the vendor posts to try the address before it has a secret to sign with: answered, never kept. */
  isPing?(post: Post): Promise<boolean>;
  /** What the vendor wants to be answered once the post is kept, where 202 would be an error to it. */
  readonly kept?: 200;
}

export interface Post {
  /** The address that was posted to, as the vendor knows it. */
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
  /** Epoch ms. */
  readonly now: number;
}

/** How old a signed time may be: the vendors that sign one recommend it. */
const TOLERANCE = 5 * 60_000;

/** `seconds`: epoch seconds, as text. */
export function isRecent(seconds: string | null | undefined, now: number, tolerance = TOLERANCE): boolean {
  return /^\d{1,12}$/.test(seconds ?? '') && Math.abs(now - Number(seconds) * 1000) <= tolerance;
}
