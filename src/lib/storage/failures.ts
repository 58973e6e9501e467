import { words, type Words } from '$lib/core/words';

/**
 * Why the database cannot be used. `full`: no room is left. `closed`: another tab closed it to replace or upgrade it; a reload
 * helps. `blocked`: another tab keeps an older one open. `newer`: a newer version of the app has written it. `broken`: the rest.
 */
export type Unusable = 'full' | 'closed' | 'blocked' | 'newer' | 'broken';

/** The database itself failed. Not a bug of ours: it is shown to the person. */
export class StorageFailure extends Error {
  constructor(
    readonly reason: Unusable,
    override readonly cause: unknown
  ) {
    super(`the database is unusable: ${reason}`);
    this.name = 'StorageFailure';
  }

  get words(): Words {
    return words(`words.storage.${this.reason}`);
  }
}

const REASONS: Readonly<Record<string, Unusable>> = {
  QuotaExceededError: 'full',
  DatabaseClosedError: 'closed',
  VersionError: 'newer',
  MissingAPIError: 'broken',
  OpenFailedError: 'broken',
  UnknownError: 'broken'
};

/** The error as a `StorageFailure` where the database is to blame for it; else as it is. */
export function toStorageFailure(error: unknown): unknown {
  if (error instanceof StorageFailure) return error;
  for (const name of namesOf(error)) {
    const reason = REASONS[name];
    if (reason !== undefined) return new StorageFailure(reason, error);
  }
  return error;
}

/** Whether the transaction was aborted, by whomever. */
export function wasAborted(error: unknown): boolean {
  return namesOf(error).includes('AbortError');
}

/** Names of the error and of what lies under it, the innermost first: Dexie wraps the browser's errors. */
function namesOf(error: unknown, depth = 0): string[] {
  if (typeof error !== 'object' || error === null || depth > 5) return [];
  const { name, inner, failures } = error as { name?: unknown; inner?: unknown; failures?: readonly unknown[] };
  return [...namesOf(inner ?? failures?.[0], depth + 1), ...(typeof name === 'string' ? [name] : [])];
}
