import { online } from 'svelte/reactivity/window';
import { live } from '$lib/app/live.svelte';
import { syncStanding } from '$lib/app/queries';
import { engineStatus } from '$lib/app/status.svelte';
import type { ConnectionRow } from '$lib/core/rows/connection';
import { m } from '$lib/i18n';
import { address } from '../shared/address';
import type { ShellStatus } from './entries';

const sync = live(syncStanding);

/** The line at the foot of the rail: what keeps things from moving on, where they move on, or that all is up to date. */
export function shellStatus(): ShellStatus {
  const status = engineStatus();
  const connection = sync.value?.connection;
  if (status?.problem) return { tone: 'warn', text: m['app.notWritten'](), href: address('/settings/storage') };
  if (status?.locked) return { tone: 'warn', text: m['app.locked'](), href: address('/settings/security') };
  const held = connection && heldUp(connection);
  if (held !== undefined) return { tone: 'warn', text: held, href: address('/settings/devices') };
  if (online.current === false) return { tone: 'neutral', text: m['app.offline']() };
  const shared = connection && sharedOut(connection);
  if (shared !== undefined) return { tone: 'good', text: shared, href: address('/settings/devices') };
  if (status?.runner === 'elsewhere') return { tone: 'good', text: m['app.elsewhere']() };
  return { tone: 'good', text: m['app.upToDate']() };
}

/** What the devices that share the remote wait for. */
function heldUp({ isKeyOld, runs }: ConnectionRow): string | undefined {
  if (isKeyOld) return m['app.keyAsked']();
  return runs === 'apart' ? m['app.waitsForRemote']() : undefined;
}

/** That another device runs the journeys, or did until now. */
function sharedOut({ runs, holder, devices }: ConnectionRow): string | undefined {
  if (runs === 'starting') return m['app.takesOver']();
  if (runs !== 'elsewhere') return undefined;
  const device = devices.find(({ id }) => id === holder)?.name;
  return device === undefined ? m['app.runsOther']() : m['app.runsOn']({ device });
}
