import type { GenericMapping } from '$lib/core/generic-mapping';
import type { Reader } from '$lib/storage/port';

/** What the posts of sources of no known vendor mean, by the source's id. */
export async function mappingsOf(reader: Reader): Promise<ReadonlyMap<string, GenericMapping>> {
  const rows = await reader.query('inboxSources', {});
  return new Map(rows.flatMap(({ id, mapping }) => (mapping ? [[id, mapping] as const] : [])));
}

/** Who posted what waits in quarantine: its id is the source's and its number in the inbox. */
export function posterOf(quarantineId: string): string {
  return quarantineId.slice(0, quarantineId.lastIndexOf('-'));
}
