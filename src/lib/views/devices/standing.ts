import type { syncStanding } from '$lib/app/queries';
import type { ConnectionRow, SharingDevice } from '$lib/core/rows/connection';
import { m } from '$lib/i18n';

/** How this device shares a remote with others. */
export type Sharing = NonNullable<Awaited<ReturnType<typeof syncStanding>>>;

/** How much of what other devices have told is here, in their batches; null where that is all. */
export function receiving({ standing: { peers } }: Sharing): { done: number; total: number } | null {
  let [done, total] = [0, 0];
  for (const { next, heard } of Object.values(peers)) {
    // They number from 0: `next` of them are here, and `heard` is the last one that is known of.
    total += Math.max(heard + 1, next);
    done += next;
  }
  return done < total ? { done, total } : null;
}

/** What the device of this id is called; an unknown one, 'another device'. */
export function deviceName(connection: ConnectionRow, id: string | null): string {
  return nameOf(connection.devices.find((device) => device.id === id));
}

/** What the device is called that has written under this name. */
export function writerName(connection: ConnectionRow, writer: string): string {
  return nameOf(connection.devices.find(({ writesAs }) => writesAs.includes(writer)));
}

function nameOf(device: SharingDevice | undefined): string {
  return device?.name ?? m['devices.runs.unknown']();
}
