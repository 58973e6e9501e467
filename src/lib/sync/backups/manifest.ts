import * as v from 'valibot';
import type { Instant } from '$lib/core/instants';
import { parsedJson } from '$lib/core/json';
import { failed, ok, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';

const VERSION = 1;

/** What makes a backup of its pieces. `at`: of what instant it is, in epoch ms; `device`: the name of the one that has made it. */
export interface Manifest {
  readonly version: 1;
  readonly at: Instant;
  readonly device: string;
  readonly pieces: number;
  /** Of all pieces together, in bytes, before they were sealed. */
  readonly size: number;
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

const manifestSchema: v.GenericSchema<unknown, Manifest> = v.object({
  version: v.literal(VERSION),
  at: v.pipe(v.number(), v.safeInteger()),
  device: v.string(),
  pieces: count,
  size: count
});

const versionSchema = v.object({ version: count });

export function manifestBytes(manifest: Omit<Manifest, 'version'>): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ version: VERSION, ...manifest }));
}

/** Refused where it was written by a newer version of the app, or is no manifest. */
export function manifestIn(bytes: Uint8Array): Result<Manifest> {
  const json = parsedJson(new TextDecoder().decode(bytes));
  const version = v.safeParse(versionSchema, json);
  if (version.success && version.output.version > VERSION)
    return failed(words('words.backup.newer', { version: version.output.version, known: VERSION }));
  const manifest = v.safeParse(manifestSchema, json);
  return manifest.success ? ok(manifest.output) : failed(words('words.backup.shared_changed'));
}
