import type { Answer, Fetch } from '$lib/core/fetch';
import type { Instant, Milliseconds } from '$lib/core/instants';
import { failed, ok, type Result } from '$lib/core/result';
import type { IncomingFact, SourceReading } from '$lib/core/sources';
import { words } from '$lib/core/words';

/** A page of a vendor's report; `next`: where the next one begins, null after the last. */
export interface ReportPage {
  readonly facts: readonly IncomingFact[];
  readonly next: string | null;
}

interface Period {
  readonly cursor: string | null;
  readonly since: Instant;
  readonly now: Instant;
}

/** All in ms. */
interface Habits {
  /** An event may show up in the report this much later than it occurred. */
  readonly lag: Milliseconds;
  /** So much from before is read again: what is known is left out by its key. */
  readonly overlap: Milliseconds;
  /** The vendor keeps its events so long, or answers for no more. */
  readonly kept: Milliseconds;
}

const START = '0';

/**
 * One page of a report that is read over and over. The cursor is `<first instant of this reading>|<place>`: pages of one reading, whose
 * period stays the same, then the next one. `page` reads what occurred in the period at a place, null at its start.
 */
export async function readPage(
  { cursor, since, now }: Period,
  { lag, overlap, kept }: Habits,
  page: (period: { from: Instant; to: Instant }, place: string | null) => Promise<Result<ReportPage>>
): Promise<SourceReading> {
  const bar = (cursor ?? '').indexOf('|');
  const place = bar < 0 ? START : (cursor ?? '').slice(bar + 1);
  const begun = place === START ? now : Number((cursor ?? '').slice(0, bar));
  const period = { from: Math.max(since - overlap, begun - kept), to: begun };
  const read = await page(period, place === START ? null : place);
  if (!read.ok) return read;
  const { facts, next } = read.value;
  return ok({
    facts,
    cursor: `${begun}|${next ?? START}`,
    // Until the last page is read, nothing new is sure.
    watermark: next === null ? begun - lag : since,
    more: next !== null
  });
}

/**
 * What a vendor answers a question with, as text; failed with the reason in words where it does not answer it. `gone`: what stands for the
 * answer that it has no such thing.
 */
export async function askReport(
  source: string,
  fetch: Fetch,
  url: string,
  headers: Readonly<Record<string, string>>,
  gone?: string
): Promise<Result<string>> {
  let answer: Answer;
  let text: string;
  try {
    answer = await fetch(url, { headers: { ...headers, accept: 'application/json' } });
    text = await answer.text();
  } catch {
    return failed(words('words.source.no_answer', { source }));
  }
  if (answer.status === 404 && gone !== undefined) return ok(gone);
  switch (answer.status) {
    case 200:
      return ok(text);
    case 401:
    case 403:
      return failed(words('words.source.key_refused', { source }));
    case 429:
      return failed(words('words.provider.too_fast', { provider: source }));
    default:
      return failed(words('words.source.status', { source, status: answer.status }));
  }
}

/** What was answered as the vendor documents it; failed where it is anything else. */
export function answered<T>(source: string, text: string, read: (json: unknown) => T | null): Result<T> {
  let found: T | null;
  try {
    found = read(JSON.parse(text) as unknown);
  } catch {
    found = null;
  }
  return found === null ? failed(words('words.provider.not_the_api', { provider: source })) : ok(found);
}
