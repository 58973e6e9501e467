/** The part of Cloudflare's platform that the relay uses, and what its owner gives it there. */
export interface Env {
  readonly DB?: Database;
  /** The user's own: what the app shows to be let in. */
  readonly SECRET?: string;
  /** More hosts that calls may be passed on to, separated by commas. */
  readonly ALLOWED_HOSTS?: string;
}

export interface Context {
  waitUntil(promise: Promise<unknown>): void;
}

/** D1. */
export interface Database {
  prepare(sql: string): Statement;
  /** All in one transaction. */
  batch(statements: readonly Statement[]): Promise<readonly Ran[]>;
}

export interface Statement {
  bind(...values: readonly (string | number)[]): Statement;
  first<Row>(): Promise<Row | null>;
  all<Row>(): Promise<{ readonly results: readonly Row[] }>;
  run(): Promise<Ran>;
}

interface Ran {
  readonly meta: { readonly changes: number; readonly last_row_id: number };
}
