/** The part of the platform's `fetch` that adapters use. Handed in, since core knows no platform. */
export type Fetch = (
  url: string,
  init?: {
    method?: string;
    headers?: Record<string, string>;
    body?: string;
    redirect?: 'follow' | 'manual' | 'error';
    /** The answer cannot be read, but says that somebody is there. */
    mode?: 'no-cors';
    signal?: never;
  }
) => Promise<Answer>;

export interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}
