import type { Instant } from '$lib/core/instants';
import { failed, ok, type Result } from '$lib/core/result';
import type { WorkspaceSettings } from '$lib/core/rows/automations';
import { settingsSchema } from '$lib/core/rows/automations';
import type { Tables } from '$lib/core/tables';
import { words } from '$lib/core/words';
import {
  FILE_TABLES,
  fileSecretsSchema,
  ROW_SCHEMAS,
  WORKSPACE_FORMAT,
  WORKSPACE_VERSION,
  type FileSecrets,
  type FileTable
} from '$lib/core/workspace-file';
import { JSONParser } from '@streamparser/json';
import * as v from 'valibot';
import { Refused } from './refused';
import { upgradesFrom, type FileUpgrade, type Upgrading } from './upgrades';

/** What a file yields, as it is read: valid, and of today's version. */
export type FilePart =
  | { readonly part: 'version'; readonly version: number }
  | { readonly part: 'savedAt'; readonly at: Instant }
  | { readonly part: 'settings'; readonly settings: WorkspaceSettings }
  | { readonly part: 'row'; readonly table: FileTable; readonly row: Tables[FileTable] }
  | { readonly part: 'secrets'; readonly secrets: FileSecrets };

export interface ReadOptions {
  readonly upgrades?: readonly FileUpgrade[];
  /** The version that is today's; a test's business. */
  readonly today?: number;
}

/**
 * Reads a workspace file piece by piece and hands on, after each piece, what it held. `take` may refuse it. Refused with words: what is
 * no JSON or no workspace file, a file cut short, a newer version, a row that does not fit. Format and version must come before the
 * rest, as they do in every file that we write.
 */
export async function readWorkspaceFile(
  pieces: AsyncIterable<Uint8Array>,
  take: (parts: readonly FilePart[], bytes: number) => Promise<Result<void>>,
  options: ReadOptions = {}
): Promise<Result<void>> {
  let parts: FilePart[] = [];
  const reading = new Reading((part) => parts.push(part), options);
  let bytes = 0;
  try {
    for await (const piece of pieces) {
      bytes += piece.byteLength;
      reading.write(piece);
      const taken = await take(parts, bytes);
      if (!taken.ok) return taken;
      parts = [];
    }
    reading.end();
    return ok(undefined);
  } catch (error) {
    if (error instanceof Refused) return failed(error.reason);
    throw error;
  }
}

class Reading {
  readonly #parser: JSONParser;
  readonly #yield: (part: FilePart) => void;
  readonly #options: ReadOptions;
  readonly #counts = new Map<FileTable, number>();
  #upgrading: Upgrading | null = null;
  #isFormat = false;
  #hasSettings = false;
  #refused: Refused | null = null;

  constructor(yields: (part: FilePart) => void, options: ReadOptions) {
    this.#yield = yields;
    this.#options = options;
    const rows = FILE_TABLES.map((table) => `$.${table}.*`);
    const paths = ['$.format', '$.version', '$.exportedAt', '$.settings', '$.secrets', ...rows];
    this.#parser = new JSONParser({ paths, keepStack: false });
    this.#parser.onError = (error) => this.#refuse(error);
    this.#parser.onValue = ({ key, value, stack }) => {
      if (this.#refused) return;
      try {
        this.#take(stack.length === 1 ? null : String(stack[1]?.key), key, value);
      } catch (error) {
        this.#refuse(error);
      }
    };
  }

  write(piece: Uint8Array): void {
    // What follows the document, such as a last line end, is not the parser's business.
    if (!this.#parser.isEnded) this.#parser.write(piece);
    if (this.#refused) throw this.#refused;
  }

  end(): void {
    if (!this.#parser.isEnded) throw new Refused(words('words.backup.cut_short'));
    this.#checkHead();
    if (!this.#hasSettings) throw new Refused(words('words.backup.no_settings'));
  }

  #refuse(error: unknown): void {
    this.#refused ??= error instanceof Refused ? error : new Refused(words('words.backup.not_json'));
  }

  #take(table: string | null, key: string | number | undefined, value: unknown): void {
    if (table !== null) return this.#takeRow(table as FileTable, value);
    if (key === 'format') {
      if (value !== WORKSPACE_FORMAT) throw new Refused(words('words.backup.not_a_workspace'));
      this.#isFormat = true;
    } else if (key === 'version') this.#takeVersion(value);
    else if (key === 'exportedAt') this.#takeSavedAt(value);
    else if (key === 'settings') {
      const { settings } = this.#checkHead();
      this.#yield({ part: 'settings', settings: fitting(settingsSchema, settings(value), 'settings', 0) });
      this.#hasSettings = true;
    } else if (key === 'secrets') {
      this.#checkHead();
      this.#yield({ part: 'secrets', secrets: fitting(fileSecretsSchema, value, 'secrets', 0) });
    }
  }

  #takeVersion(version: unknown): void {
    const { today = WORKSPACE_VERSION, upgrades } = this.#options;
    if (typeof version !== 'number' || !Number.isInteger(version) || version < 1)
      throw new Refused(words('words.backup.not_a_workspace'));
    if (version > today) throw new Refused(words('words.backup.newer', { version, known: today }));
    this.#upgrading = upgradesFrom(version, upgrades, today);
    this.#yield({ part: 'version', version });
  }

  /** Of no consequence but to whoever looks at the file: one that says it otherwise is read all the same. */
  #takeSavedAt(value: unknown): void {
    const at = typeof value === 'string' ? Date.parse(value) : NaN;
    if (!Number.isNaN(at)) this.#yield({ part: 'savedAt', at });
  }

  #takeRow(table: FileTable, value: unknown): void {
    const { row } = this.#checkHead();
    const number = (this.#counts.get(table) ?? 0) + 1;
    this.#counts.set(table, number);
    const upgraded = row(table, value);
    if (upgraded === null && value !== null) return;
    const schema: v.GenericSchema<unknown, Tables[FileTable]> = ROW_SCHEMAS[table];
    this.#yield({ part: 'row', table, row: fitting(schema, upgraded, table, number) });
  }

  #checkHead(): Upgrading {
    if (!this.#isFormat || this.#upgrading === null) throw new Refused(words('words.backup.not_a_workspace'));
    return this.#upgrading;
  }
}

/** `number`: which row of the table it is, from 1. */
function fitting<T>(schema: v.GenericSchema<unknown, T>, value: unknown, table: string, number: number): T {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new Refused(words('words.backup.bad_row', { table, number, path: v.getDotPath(issue) ?? '' }));
}
