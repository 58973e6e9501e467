import type { Catalogue } from '$lib/core/definitions';
import type { Enrolment, Version } from '$lib/core/rows/automations';
import type { WorkspaceView } from '$lib/core/tables';
import { dateTime, m, words } from '$lib/i18n';
import { sentenceOf } from '../cards';
import { stepIn } from '../places';
import { unitName } from '$lib/views/catalogue/units';

/** Where a journey is: the step by its name and sentence; why it has ended. */
export function whereOf(
  { status, stepId, reason }: Enrolment,
  version: Version | undefined,
  catalogue: Catalogue,
  view: WorkspaceView
): string {
  if (reason) return words(reason);
  if (status === 'completed') return m['editor.end']();
  const step = version && stepId !== null ? stepIn(version.graph, stepId) : undefined;
  if (!step || !version) return m['editor.journeys.atStart']();
  const sentence = sentenceOf(step, catalogue.steps.get(step.unit), view, version.graph);
  return [unitName(step.unit), sentence].filter(Boolean).join(' · ');
}

/** What a journey waits for. */
export function waitOf({ wait, held }: Enrolment): string {
  if (held !== undefined) return m['editor.journeys.paused']();
  switch (wait?.for) {
    case undefined:
      return '';
    case 'time':
      return dateTime(wait.until);
    case 'event':
      return wait.limit === null
        ? unitName(wait.event)
        : m['editor.journeys.eventUntil']({ event: unitName(wait.event), until: dateTime(wait.limit) });
    case 'outbox':
      return m['editor.journeys.sending']();
    case 'person':
      return m['editor.journeys.you']();
  }
}
