import { WORKSPACE_VERSION, type FileTable } from '$lib/core/workspace-file';

/** What brings a file of the version before to `to`. Each function gets and gives unchecked JSON; a row that becomes null goes. */
export interface FileUpgrade {
  readonly to: number;
  readonly settings?: (settings: Readonly<Record<string, unknown>>) => Record<string, unknown>;
  readonly row?: (table: FileTable, row: Readonly<Record<string, unknown>>) => Record<string, unknown> | null;
}

/** Every version there was, so that a file of any of them can be read: one entry for each version after the first. */
export const FILE_UPGRADES: readonly FileUpgrade[] = [];

export interface Upgrading {
  readonly settings: (value: unknown) => unknown;
  /** Null: the row is no longer needed. */
  readonly row: (table: FileTable, value: unknown) => unknown;
}

/** What a file of this version has to go through to be one of today. */
export function upgradesFrom(
  version: number,
  upgrades: readonly FileUpgrade[] = FILE_UPGRADES,
  today = WORKSPACE_VERSION
): Upgrading {
  const ahead = upgrades.filter(({ to }) => to > version && to <= today).sort((left, right) => left.to - right.to);
  return {
    settings: (value) =>
      ahead.reduce<unknown>(
        (settings, { settings: next }) => (next && isRecord(settings) ? next(settings) : settings),
        value
      ),
    row: (table, value) =>
      ahead.reduce<unknown>((row, { row: next }) => (next && isRecord(row) ? next(table, row) : row), value)
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
