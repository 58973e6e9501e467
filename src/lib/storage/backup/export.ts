import { failed, ok, type Result } from '$lib/core/result';
import type { Instant } from '$lib/core/instants';
import type { TableName } from '$lib/core/tables';
import { words } from '$lib/core/words';
import { FILE_TABLES, WORKSPACE_FORMAT, WORKSPACE_VERSION, type FileSecrets } from '$lib/core/workspace-file';
import type { Storage } from '../port';

export interface ExportOptions {
  readonly now: Instant;
  /** Provider keys, encrypted under the person's passphrase; null leaves them out. */
  readonly secrets: FileSecrets | null;
  readonly onProgress?: (progress: { done: number; total: number }) => void;
}

const ROWS = 1_000;

/**
 * Writes the workspace file, a batch of rows at a time: as much is in memory as the stream has not taken yet. Keep the runner still
 * meanwhile, since a table is read after the other. The stream is closed at the end, and aborted where reading fails.
 */
export async function exportWorkspace(
  storage: Storage,
  stream: WritableStream<Uint8Array>,
  { now, secrets, onProgress }: ExportOptions
): Promise<Result<void>> {
  const settings = await storage.read((reader) => reader.get('settings', 'workspace'));
  if (settings === undefined) return failed(words('words.backup.nothing_there'));
  const total = await rowCount(storage);
  const encoder = new TextEncoder();
  const writer = stream.getWriter();
  const write = (text: string): Promise<void> => writer.write(encoder.encode(text));
  let done = 0;
  try {
    const head = { format: WORKSPACE_FORMAT, version: WORKSPACE_VERSION, exportedAt: new Date(now).toISOString() };
    await write(`{\n${members({ ...head, settings })}`);
    for (const table of FILE_TABLES) {
      await write(`,\n${JSON.stringify(table)}: [`);
      let separator = '\n';
      for await (const rows of storage.batches(table, ROWS)) {
        await write(separator + rows.map((row) => JSON.stringify(row)).join(',\n'));
        separator = ',\n';
        done += rows.length;
        onProgress?.({ done, total });
      }
      await write('\n]');
    }
    if (secrets !== null) await write(`,\n${members({ secrets })}`);
    await write('\n}\n');
    await writer.close();
    return ok(undefined);
  } catch (error) {
    await writer.abort(error).catch(() => undefined);
    throw error;
  }
}

function members(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`)
    .join(',\n');
}

async function rowCount(storage: Storage): Promise<number> {
  const tables: readonly TableName[] = FILE_TABLES;
  const counts = await storage.read((reader) => Promise.all(tables.map((table) => reader.count(table))));
  return counts.reduce((sum, count) => sum + count, 0);
}
