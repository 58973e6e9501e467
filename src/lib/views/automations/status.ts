import type { Automation, AutomationStatus } from '$lib/core/rows/automations';
import { m, number, words } from '$lib/i18n';
import type { Tone } from '$lib/ui/tones';

export const statusTones: Readonly<Record<AutomationStatus, Tone>> = {
  draft: 'neutral',
  active: 'good',
  paused: 'warn',
  archived: 'neutral'
};

/** 'Active · version 4'. */
export function statusWords({ status }: Pick<Automation, 'status'>, version: number | undefined): string {
  const said = words({ key: `automations.status.${status}` });
  return version === undefined ? said : m['automations.withVersion']({ status: said, version: number(version) });
}
