import { DAY, HOUR, SECOND, type Milliseconds } from '$lib/core/instants';

/** How large a run is. */
export interface Scale {
  /** Things that people do, least and most. */
  readonly deeds: readonly [number, number];
  /** How time goes on at the end: most waits end, and what a provider remembers it forgets. */
  readonly leaps: readonly Milliseconds[];
  /** After each of them: long enough for the runner to notice, look, send and try again. */
  readonly calm: Milliseconds;
}

export const WHOLE: Scale = { deeds: [20, 60], leaps: [0, HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY], calm: 45 * SECOND };

/** For a real database, where each transaction costs a hundred times as much. */
export const SMALL: Scale = { deeds: [6, 14], leaps: [0, 2 * DAY, 7 * DAY], calm: 35 * SECOND };
