import { engine } from '$lib/app/engine';
import { dev } from '$app/environment';
import { updates } from '$lib/app/updates.svelte';

export function init(): void {
  // A development server changes at each keystroke: an offline copy of it would only be in the way.
  if (!dev && 'serviceWorker' in navigator) void updates.watch(navigator.serviceWorker);
}

// Automations run whichever screen is open.
engine();
