import * as v from 'valibot';
import { parsedJson } from '$lib/core/json';
import { ok, type Result } from '$lib/core/result';
import type { Remote, RemoteName } from './remote';

/** A remote that lists what lies in a folder, in place of what has changed. */
export interface Folders {
  /** The folders right below another, or below all ('') , named in full, without a slash at the end. */
  below(folder: string, signal?: AbortSignal): Promise<Result<readonly string[]>>;
  /** What lies right in a folder after a name, by name, named in full. `isMore`: there is more after these. */
  names(
    folder: string,
    after: RemoteName | null,
    signal?: AbortSignal
  ): Promise<Result<{ readonly names: readonly RemoteName[]; readonly isMore: boolean }>>;
}

const cursorSchema = v.record(v.string(), v.string());

/**
 * `Remote.changes` of such a remote. A device puts what it tells into a folder of its own (`g<generation>/<device>/<number>`), in the
 * order of the names; so the cursor is the last name of each folder, and what another device puts late is never passed by.
 */
export async function changesIn(
  folders: Folders,
  cursor: string | null,
  signal: AbortSignal
): ReturnType<Remote['changes']> {
  const known = v.safeParse(cursorSchema, parsedJson(cursor ?? '{}'));
  const last: Record<string, RemoteName> = known.success ? { ...known.output } : {};
  const outer = await folders.below('', signal);
  if (!outer.ok) return outer;
  const inner = await all(outer.value.filter(isOurs).map((folder) => folders.below(folder, signal)));
  if (!inner.ok) return inner;
  const paths = inner.value.flat().filter(isOurs);
  const pages = await all(paths.map((path) => folders.names(path, last[path] ?? null, signal)));
  if (!pages.ok) return pages;
  for (const [at, { names }] of pages.value.entries()) {
    const path = paths[at];
    const latest = names.at(-1);
    if (path !== undefined && latest !== undefined) last[path] = latest;
  }
  return ok({
    names: pages.value.flatMap(({ names }) => names),
    cursor: JSON.stringify(last),
    isMore: pages.value.some(({ isMore }) => isMore)
  });
}

/** `Remote.list` of such a remote. */
export async function listIn(folders: Folders, folder: string): Promise<Result<readonly RemoteName[]>> {
  const all: RemoteName[] = [];
  for (let isMore = true; isMore;) {
    const page = await folders.names(folder, all.at(-1) ?? null);
    if (!page.ok) return page;
    all.push(...page.value.names);
    ({ isMore } = page.value);
  }
  // Where folders are but parts of names, those below it are among them.
  return ok(all.filter((name) => !name.slice(folder.length + 1).includes('/')));
}

/** What else the user keeps there may be large. */
function isOurs(folder: string): boolean {
  return /^[\w/-]+$/.test(folder);
}

async function all<T>(calls: readonly Promise<Result<T>>[]): Promise<Result<readonly T[]>> {
  const values: T[] = [];
  for (const result of await Promise.all(calls)) {
    if (!result.ok) return result;
    values.push(result.value);
  }
  return ok(values);
}
