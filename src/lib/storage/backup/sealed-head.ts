import * as v from 'valibot';
import { parsedJson } from '$lib/core/json';
import { words } from '$lib/core/words';
import { Refused } from './refused';

export const SEALED_FORMAT = 'ricochet-sealed-workspace';
export const SEALED_VERSION = 1;

/** The longest that a first line may be, in bytes. */
const LONGEST_HEAD = 512;

const START = `{"format":"${SEALED_FORMAT}",`;

const versionSchema = v.object({ version: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) });

const headSchema = v.object({
  format: v.literal(SEALED_FORMAT),
  version: v.literal(SEALED_VERSION),
  /** Of PBKDF2. More than anybody would wait for is not ours. */
  iterations: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(10_000_000)),
  /** Of the passphrase, and of this file: each in base64. */
  salt: v.pipe(v.string(), v.base64()),
  file: v.pipe(v.string(), v.base64())
});
export type SealedHead = v.InferOutput<typeof headSchema>;

/** The first line of a sealed file, with its end. */
export function headLine({ iterations, salt, file }: Omit<SealedHead, 'format' | 'version'>): string {
  return `${JSON.stringify({ format: SEALED_FORMAT, version: SEALED_VERSION, iterations, salt, file })}\n`;
}

/** Whether a file is encrypted as a whole, by what it begins with. */
export async function isSealedFile(file: Blob): Promise<boolean> {
  return (await file.slice(0, START.length).text()) === START;
}

/** Where the first line ends, after its end; null while it has not all come. Throws `Refused` where no line of ours is so long. */
export function lengthOfHead(bytes: Uint8Array): number | null {
  const end = bytes.indexOf(10);
  if (end >= 0 && end < LONGEST_HEAD) return end + 1;
  if (bytes.length >= LONGEST_HEAD) throw new Refused(words('words.backup.damaged'));
  return null;
}

/** What the first line says. Throws `Refused` where it is of a newer version, or damaged. */
export function headOf(line: Uint8Array): SealedHead {
  const json = parsedJson(new TextDecoder().decode(line));
  const version = v.safeParse(versionSchema, json);
  if (version.success && version.output.version > SEALED_VERSION)
    throw new Refused(words('words.backup.newer', { version: version.output.version, known: SEALED_VERSION }));
  const head = v.safeParse(headSchema, json);
  if (!head.success) throw new Refused(words('words.backup.damaged'));
  return head.output;
}
