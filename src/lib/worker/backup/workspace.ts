import type { NewId } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import { failed, ok } from '$lib/core/result';
import { exportWorkspace } from '$lib/storage/backup/export';
import { piecesOf } from '$lib/storage/backup/pieces';
import { restoreWorkspace } from '$lib/storage/backup/restore';
import { sealedExport } from '$lib/storage/backup/sealed-export';
import { sealingKey } from '$lib/storage/keys/ciphers';
import type { MetaDatabase } from '$lib/storage/dexie/meta';
import { StorageFailure, toStorageFailure } from '$lib/storage/failures';
import type { Keys } from '$lib/storage/keys/keys';
import type { Storage } from '$lib/storage/port';
import type { WorkerApi } from '../api';
import { mergeWorkspace } from './merging';
import { previewWorkspace } from './preview';

export interface WorkspaceParts {
  readonly storage: Storage;
  readonly meta: MetaDatabase;
  readonly keys: Keys;
  readonly now: () => Instant;
  readonly newId: NewId;
  /** It was saved by hand. */
  readonly saved: () => Promise<void>;
  /** The workspace is another one from now on. */
  readonly replaced: () => void;
  /** Something has come that the engine must look at. */
  readonly merged: () => void;
}

/** The workspace as a file, and back. */
export function workspaceFiles({
  storage,
  meta,
  keys,
  now,
  newId,
  saved,
  replaced,
  merged
}: WorkspaceParts): Pick<WorkerApi['workspace'], 'exportTo' | 'preview' | 'merge' | 'restore'> {
  return {
    exportTo: async (stream, { passphrase, isSealed, withKeys }, onProgress) => {
      const secrets = passphrase !== null && withKeys ? await keys.toFile(passphrase) : null;
      if (secrets?.ok === false) return failed(secrets.reason);
      const options = { now: now(), secrets: secrets?.value ?? null, ...(onProgress ? { onProgress } : {}) };
      const write = (plain: WritableStream<Uint8Array>) => exportWorkspace(storage, plain, options);
      const key = passphrase !== null && isSealed ? await sealingKey(passphrase) : null;
      const written = await (key === null ? write(stream) : sealedExport(stream, key, write));
      if (written.ok) await saved();
      return written;
    },
    preview: (file, { passphrase }, goesOn = () => true) =>
      previewWorkspace(storage, piecesOf(file, passphrase), {
        now: now(),
        goesOn: (bytes) => goesOn({ done: bytes, total: file.size })
      }),
    merge: async (file, { passphrase, secrets }, onProgress) => {
      const rows = secrets === null || passphrase === null ? ok([]) : await keys.fromFile(secrets, passphrase);
      if (!rows.ok) return rows;
      try {
        return await mergeWorkspace(storage, piecesOf(file, passphrase), {
          now,
          secrets: rows.value,
          onBytes: (done) => onProgress?.({ done, total: file.size })
        });
      } catch (error) {
        const failure = toStorageFailure(error);
        if (failure instanceof StorageFailure) return failed(failure.words);
        throw error;
      } finally {
        merged();
      }
    },
    restore: async (file, { passphrase }, onProgress) => {
      const restored = await restoreWorkspace(file, {
        meta,
        newId,
        passphrase,
        secrets: passphrase === null ? null : (secrets) => keys.fromFile(secrets, passphrase),
        ...(onProgress ? { onProgress } : {})
      });
      if (!restored.ok) return restored;
      replaced();
      return ok(undefined);
    }
  };
}
