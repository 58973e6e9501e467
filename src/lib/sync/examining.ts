import { failed, ok, type Result } from '$lib/core/result';
import { words, type Words } from '$lib/core/words';
import { HEADER } from './header';
import type { Remote, RemoteName } from './remote';

const FIRST = new TextEncoder().encode('first');
const SECOND = new TextEncoder().encode('second');

/**
 * Whether a remote does all that syncing needs, and what lies there. It is tried with an object and a document of random names, which
 * are removed again. Fails with which part is wrong: reading, putting, being told, writing, removing, or that it overwrites.
 */
export async function examineRemote(remote: Remote): Promise<Result<'nothing' | 'workspace'>> {
  const header = await remote.read(HEADER);
  if (!header.ok) return header;
  const random = randomName();
  const folder = `probe${random}`;
  const object = `${folder}/a/0000000000`;
  const document = `probed${random}`;
  const wrong = (await wrongWithObjects(remote, object)) ?? (await wrongWithDocuments(remote, document));
  // Where remotes have folders, this one is of its own.
  const left = await leftBehind(remote, [object, document, folder]);
  const trouble = wrong ?? left;
  if (trouble !== null) return failed(trouble);
  return ok(header.value === null ? 'nothing' : 'workspace');
}

async function wrongWithObjects(remote: Remote, name: RemoteName): Promise<Words | null> {
  const put = await remote.put(name, FIRST);
  if (!put.ok) return words('words.examined.not_put', { reason: put.reason });
  const again = await remote.put(name, SECOND);
  if (!again.ok) return words('words.examined.not_put', { reason: again.reason });
  if (again.value !== 'exists') return words('words.examined.overwrites');
  const got = await remote.get(name);
  if (!got.ok) return words('words.examined.not_got', { reason: got.reason });
  if (!isSame(got.value, FIRST)) return words('words.examined.altered');
  return wrongWithChanges(remote, name);
}

async function wrongWithChanges(remote: Remote, name: RemoteName): Promise<Words | null> {
  const { signal } = new AbortController();
  let cursor: string | null = null;
  for (;;) {
    const page: Awaited<ReturnType<Remote['changes']>> = await remote.changes(cursor, { wait: 0, signal });
    if (!page.ok) return words('words.examined.not_listed', { reason: page.reason });
    if (page.value.names.includes(name)) return null;
    if (!page.value.isMore) return words('words.examined.not_told');
    cursor = page.value.cursor;
  }
}

async function wrongWithDocuments(remote: Remote, name: RemoteName): Promise<Words | null> {
  const made = await remote.write(name, FIRST, null);
  if (!made.ok) return words('words.examined.not_written', { reason: made.reason });
  if (made.value === 'conflict') return words('words.examined.always_conflict');
  const changed = await remote.write(name, SECOND, made.value.revision);
  if (!changed.ok) return words('words.examined.not_written', { reason: changed.reason });
  if (changed.value === 'conflict') return words('words.examined.always_conflict');
  for (const over of [null, made.value.revision]) {
    const late = await remote.write(name, FIRST, over);
    if (!late.ok) return words('words.examined.not_written', { reason: late.reason });
    if (late.value !== 'conflict') return words('words.examined.overwrites');
  }
  const read = await remote.read(name);
  if (!read.ok) return words('words.examined.not_got', { reason: read.reason });
  return isSame(read.value?.bytes ?? null, SECOND) ? null : words('words.examined.altered');
}

/** Removes all of them that it can. */
async function leftBehind(remote: Remote, names: readonly RemoteName[]): Promise<Words | null> {
  let left: Words | null = null;
  for (const name of names) {
    const removed = await remote.remove(name);
    if (!removed.ok) left ??= words('words.examined.not_removed', { reason: removed.reason });
  }
  return left;
}

function isSame(found: Uint8Array | null, bytes: Uint8Array): boolean {
  return found?.length === bytes.length && bytes.every((byte, at) => found[at] === byte);
}

function randomName(): string {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
