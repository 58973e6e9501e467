import * as v from 'valibot';
import { parsedJson } from '$lib/core/json';
import { failed, ok, type Result } from '$lib/core/result';
import type { ConnectionRow } from '$lib/core/rows/connection';
import type { SyncStanding } from '$lib/core/rows/events';
import type { Secret } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import type { Storage } from '$lib/storage/port';
import { dataKeyOf } from '$lib/sync/header';
import type { Remote } from '$lib/sync/remote';
import { remoteAt, type Places } from './places';
import type { Vault } from './vault';

/** The id under which the secret is encrypted. */
const SECRET = 'remote';

const secretSchema = v.object({ fields: v.record(v.string(), v.string()), key: v.string() });

/** What is kept under this device's key: the fields of kind secret, and the data key. */
export type RemoteSecret = v.InferOutput<typeof secretSchema>;

export interface KeptRows {
  readonly row: ConnectionRow;
  readonly standing: SyncStanding;
}

/** A connection with what its secret opens. */
export interface OpenConnection extends KeptRows {
  readonly secret: RemoteSecret;
  readonly remote: Remote;
  readonly key: CryptoKey;
}

/** The connection as this device keeps it. */
export class KeptConnection {
  constructor(
    private readonly storage: Storage,
    private readonly vault: Pick<Vault, 'encrypt' | 'decrypt'>,
    private readonly places: Places
  ) {}

  /** Null where this device shares with nobody. */
  rows(): Promise<KeptRows | null> {
    return this.storage.read(async (reader) => {
      const [row, standing] = await reader.getMany('runtime', ['connection', 'sync']);
      return row?.id === 'connection' && standing?.id === 'sync' ? { row, standing } : null;
    });
  }

  /** Refused where there is none, and while keys are locked. Calls nobody. */
  async opened(): Promise<Result<OpenConnection>> {
    const rows = await this.rows();
    if (rows === null) return failed(words('words.sync.not_connected'));
    const plain = await this.vault.decrypt(rows.row.secret);
    if (!plain.ok) return plain;
    const secret = v.parse(secretSchema, parsedJson(plain.value));
    const fields = { ...rows.row.fields, ...secret.fields };
    const remote = remoteAt({ remote: rows.row.remote, fields }, this.places);
    return remote.ok ? ok({ ...rows, secret, remote: remote.value, key: await dataKeyOf(secret.key) }) : remote;
  }

  sealed(secret: RemoteSecret): Promise<Result<Secret>> {
    return this.vault.encrypt(SECRET, JSON.stringify(secret));
  }

  /** Nothing where there is none any more. */
  async set(set: Partial<ConnectionRow>): Promise<void> {
    await this.storage.transact(async (transaction) => {
      if ((await transaction.get('runtime', 'connection')) === undefined) return;
      await transaction.apply([{ table: 'runtime', id: 'connection', set }]);
    });
  }
}
