/** An opaque string. Ids are time-ordered (UUID version 7) and made by the caller of the pure code, never by it. */
export type Id = string;

/** Makes the next id. Handed to all pure code that creates rows. */
export type NewId = () => Id;

/** What pure code may not take for itself: the clock and the source of ids. */
export interface Given {
  readonly now: import('./instants').Instant;
  readonly newId: NewId;
}
