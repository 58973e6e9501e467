import type { Enrolment, JournalEntry, Version } from '$lib/core/rows/automations';
import { hasWords, m, words } from '$lib/i18n';
import type { Tone } from '$lib/ui/tones';

/** What a step is called: the name of its unit. */
export function stepName(version: Pick<Version, 'graph'> | undefined, stepId: string | null): string {
  const unit = version?.graph.steps.find(({ id }) => id === stepId)?.unit;
  if (unit === undefined) return stepId === null ? '' : m['journey.stepGone']();
  const key = `catalogue.${unit}.name`;
  return hasWords(key) ? words({ key }) : unit;
}

/** Where a journey is, in one line. */
export function whereabouts(enrolment: Enrolment, version: Pick<Version, 'graph'> | undefined): string {
  const { status, stepId, reason, wait } = enrolment;
  if (reason) return words(reason);
  if (status === 'completed') return m['journey.atTheEnd']();
  if (stepId === null) return m['journey.atTheStart']();
  const step = stepName(version, stepId);
  if (wait?.for === 'time') return m['journey.waitsUntil']({ step, until: words(momentWords(wait.until)) });
  if (wait?.for === 'person') return words(wait.reason);
  return step;
}

function momentWords(at: number) {
  return { key: 'format.instant', params: { at } };
}

export const statusTones: Readonly<Record<Enrolment['status'], Tone>> = {
  active: 'action',
  waiting: 'action',
  completed: 'good',
  exited: 'neutral',
  failed: 'bad'
};

/** One line of the journal: what happened, and why where the engine says so. */
export function entryText(
  entry: JournalEntry,
  version: Pick<Version, 'graph'> | undefined
): { title: string; detail: string } {
  const step = stepName(version, entry.stepId);
  const detail = entry.words ? words(entry.words) : '';
  const title = words({ key: `journey.entry.${entry.kind}`, params: { step } });
  return { title, detail };
}
