import { online } from 'svelte/reactivity/window';
import { engineStatus } from '$lib/app/status.svelte';
import { m } from '$lib/i18n';
import { address } from '../shared/address';
import type { ShellStatus } from './entries';

/** The line at the foot of the rail: what keeps things from moving on, or that all is up to date. */
export function shellStatus(): ShellStatus {
  const status = engineStatus();
  if (status?.locked) return { tone: 'warn', text: m['app.locked'](), href: address('/settings/security') };
  if (online.current === false) return { tone: 'neutral', text: m['app.offline']() };
  if (status?.runner === 'elsewhere') return { tone: 'good', text: m['app.elsewhere']() };
  return { tone: 'good', text: m['app.upToDate']() };
}
