import * as v from 'valibot';
import { parsedJson } from '$lib/core/json';
import { failed, ok, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';
import type { Stamp } from './clock';
import type { Pointer } from './leaves';
import type { Writing } from './row-state';

const stamp = v.pipe(v.string(), v.regex(/^[0-9a-z]{13,64}$/));
const pointer = v.string();
const leaf = v.union([
  v.strictObject({ value: v.unknown() }),
  v.strictObject({ holds: v.picklist(['object', 'set']) }),
  v.strictObject({ holds: v.literal('list'), order: v.array(v.string()) })
]);
const writing = v.strictObject({ stamp, leaf: v.nullable(leaf), over: v.nullable(stamp) });

/**
 * What is told of one row. `made`, `gone`: as in `RowState`. `row`: all of it, written when it was made but for the leaves of `stamps`.
 * `leaves`: what was written to it, where it is not told whole.
 */
export interface Entry {
  readonly table: string;
  readonly key: string;
  readonly made: Stamp | null;
  readonly gone: Stamp | null;
  readonly row?: Readonly<Record<string, unknown>> | undefined;
  readonly stamps?: Readonly<Record<Pointer, Stamp>> | undefined;
  readonly leaves?: Readonly<Record<Pointer, readonly Writing[]>> | undefined;
}

const entry: v.GenericSchema<unknown, Entry> = v.object({
  table: v.string(),
  key: v.string(),
  made: v.nullable(stamp),
  gone: v.nullable(stamp),
  row: v.optional(v.record(v.string(), v.unknown())),
  stamps: v.optional(v.record(pointer, stamp)),
  leaves: v.optional(v.record(pointer, v.array(writing)))
});

/**
 * What a device tells the others in one object. `greatest`: the state of its clock. `attempt`: random, tells it from a batch that a copy
 * of the device has stored under the same number.
 */
export interface Batch {
  readonly version: 1;
  readonly device: string;
  readonly number: number;
  readonly attempt: string;
  readonly greatest: Stamp | null;
  readonly entries: readonly Entry[];
}

const batchSchema: v.GenericSchema<unknown, Batch> = v.object({
  version: v.literal(1),
  device: v.pipe(v.string(), v.regex(/^[0-9a-z]{1,50}$/)),
  number: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  attempt: v.string(),
  greatest: v.nullable(stamp),
  entries: v.array(entry)
});

/** Entries of one batch, and the characters of its text after which no other is begun. */
export const MOST_ENTRIES = 1_000;
export const MOST_TEXT = 500_000;

/** A batch may hold one row that is larger than all else; beyond this it is not one of ours. */
const LARGEST = 64 * 1024 * 1024;

/** As bytes: JSON in UTF-8, gzip. */
export async function packed(batch: Batch): Promise<Uint8Array> {
  const text = new Blob([JSON.stringify(batch)]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(text).arrayBuffer());
}

/** Refused where it is not a batch, was cut off, or was written by a newer version of the app. */
export async function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<Result<Batch>> {
  const json = await textOf(bytes).catch(() => null);
  const parsed = v.safeParse(batchSchema, json === null ? null : parsedJson(json));
  return parsed.success ? ok(parsed.output) : failed(words('words.sync.not_a_batch'));
}

async function textOf(bytes: Uint8Array<ArrayBuffer>): Promise<string | null> {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  for (let size = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > LARGEST) {
      await reader.cancel();
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}
