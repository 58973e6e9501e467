import type { Words } from '$lib/core/words';

/** Ends the reading of a file with words for the person. */
export class Refused extends Error {
  constructor(readonly reason: Words) {
    super(reason.key);
  }
}
