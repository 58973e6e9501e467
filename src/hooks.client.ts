import { engine } from '$lib/app/engine';
import { dev } from '$app/environment';
import { updates } from '$lib/app/updates.svelte';
import { waking } from '$lib/app/waking.svelte';

export function init(): void {
  // A development server changes at each keystroke: an offline copy of it would only be in the way.
  if (dev || !('serviceWorker' in navigator)) return;
  void updates.watch(navigator.serviceWorker);
  void waking.ask({
    container: navigator.serviceWorker,
    isOnline: () => navigator.onLine,
    permission: async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state,
    listen: (type, listener) => addEventListener(type, listener)
  });
}

// Automations run whichever screen is open.
engine();
