/** Rows as a control offers them. */
export function choicesOf(rows: readonly { id: string; name: string }[]): { value: string; label: string }[] {
  return rows.map(({ id, name }) => ({ value: id, label: name }));
}

/** The name of a row that may be gone; undefined for none. */
export function nameAmong(rows: readonly { id: string; name: string }[], id: string | undefined): string | undefined {
  return id === undefined ? undefined : rows.find((row) => row.id === id)?.name;
}
