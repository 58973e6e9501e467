/** What a colour says: nothing, the accent, a kind of step, a state. */
export type Tone = 'neutral' | 'accent' | 'trigger' | 'action' | 'rule' | 'good' | 'warn' | 'bad';

/** An icon on its own soft ground. */
export const chipLooks: Record<Tone, string> = {
  neutral: 'bg-chip text-muted',
  accent: 'bg-accent-tint text-accent-ink',
  trigger: 'bg-trigger-tint text-trigger',
  action: 'bg-action-tint text-action',
  rule: 'bg-rule-tint text-rule',
  good: 'bg-good-tint text-good',
  warn: 'bg-warn-tint text-warn',
  bad: 'bg-bad-tint text-bad'
};

/** Words on a soft ground: kinds are written in ink, since their colours are for marks. */
export const badgeLooks: Record<Tone, string> = {
  ...chipLooks,
  neutral: 'bg-chip text-ink',
  trigger: 'bg-trigger-tint text-ink',
  action: 'bg-action-tint text-ink',
  rule: 'bg-rule-tint text-ink'
};

export const dotLooks: Record<Tone, string> = {
  neutral: 'bg-edge',
  accent: 'bg-accent',
  trigger: 'bg-trigger',
  action: 'bg-action',
  rule: 'bg-rule',
  good: 'bg-good',
  warn: 'bg-warn',
  bad: 'bg-bad'
};
