/** Part of a long list of rows. */
export interface Page {
  readonly offset: number;
  readonly limit: number;
}
