import type { Id } from '$lib/core/ids';
import { failed, ok, type Result } from '$lib/core/result';
import type { Secret } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import type { Entry } from '$lib/sync/batches';

/** What opens and keeps secrets on this device. */
export interface Vault {
  isLocked(): Promise<boolean>;
  decrypt(row: Secret): Promise<Result<string>>;
  encrypt(id: Id, plain: string): Promise<Result<Secret>>;
}

/** Secrets in plain, for what is sealed as a whole. Refused while they are locked; what belongs to another device is left out. */
export async function opened(entries: readonly Entry[], vault: Vault): Promise<Result<Entry[]>> {
  if (entries.some(isSecret) && (await vault.isLocked())) return failed(words('words.keys.locked'));
  const all: Entry[] = [];
  for (const entry of entries) {
    const row = isSecret(entry) ? rowIn(entry) : undefined;
    if (row === undefined) all.push(entry);
    else {
      const plain = await vault.decrypt(row as unknown as Secret);
      if (plain.ok) all.push(withRow(entry, { id: entry.key, plain: plain.value }));
    }
  }
  return ok(all);
}

/** Secrets under this device's own key. Refused while they are locked. */
export async function locked(entries: readonly Entry[], vault: Vault): Promise<Result<Entry[]>> {
  const all: Entry[] = [];
  for (const entry of entries) {
    const plain = isSecret(entry) ? rowIn(entry)?.plain : undefined;
    if (typeof plain !== 'string') all.push(entry);
    else {
      const secret = await vault.encrypt(entry.key, plain);
      if (!secret.ok) return secret;
      all.push(withRow(entry, { ...secret.value }));
    }
  }
  return ok(all);
}

function isSecret({ table }: Entry): boolean {
  return table === 'secrets';
}

function rowIn({ row, leaves }: Entry): Readonly<Record<string, unknown>> | undefined {
  const leaf = leaves?.['']?.at(-1)?.leaf;
  const written = leaf && 'value' in leaf ? (leaf.value as Readonly<Record<string, unknown>>) : undefined;
  return row ?? written;
}

function withRow(entry: Entry, row: Readonly<Record<string, unknown>>): Entry {
  if (entry.row !== undefined) return { ...entry, row };
  const writings = entry.leaves?.[''] ?? [];
  return { ...entry, leaves: { '': writings.map((writing) => ({ ...writing, leaf: { value: row } })) } };
}
