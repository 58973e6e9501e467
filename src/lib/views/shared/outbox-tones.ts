import type { OutboxStatus } from '$lib/core/rows/messages';
import type { Tone } from '$lib/ui/tones';

export const outboxTones: Readonly<Record<OutboxStatus, Tone>> = {
  queued: 'neutral',
  sending: 'accent',
  scheduled: 'accent',
  sent: 'good',
  skipped: 'neutral',
  failed: 'bad',
  uncertain: 'warn',
  recalling: 'warn',
  recalled: 'neutral',
  cancelled: 'neutral'
};
