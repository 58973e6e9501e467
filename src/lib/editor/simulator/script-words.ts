import type { Catalogue } from '$lib/core/definitions';
import type { Graph } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import type { ScriptLine } from '$lib/core/simulation';
import type { WorkspaceView } from '$lib/core/tables';
import { durationWords } from '$lib/core/words';
import { m, number, percent, words } from '$lib/i18n';
import { unitName } from '$lib/views/catalogue/units';
import { sentenceOf } from '../cards';
import { stepIn } from '../places';

/** The steps of a graph for a choice, each with what its settings say. */
export function stepChoices(graph: Graph, catalogue: Catalogue, view: WorkspaceView): { value: Id; label: string }[] {
  return graph.steps.map((step) => {
    const sentence = sentenceOf(step, catalogue.steps.get(step.unit), view, graph);
    return { value: step.id, label: [unitName(step.unit), sentence].filter(Boolean).join(' · ') };
  });
}

export function whoWords({ who }: Pick<ScriptLine, 'who'>, nameOf: (id: Id) => string): string {
  if (who.of === 'contact') return nameOf(who.contactId);
  return who.percent >= 100 ? m['simulator.everyone']() : percent(who.percent / 100);
}

/** '2 heures après « Envoyer un email », sur 1 jour' */
export function whenWords({ when }: Pick<ScriptLine, 'when'>, graph: Graph): string {
  const spread = when.spread === null ? null : m['simulator.spreadOver']({ span: words(durationWords(when.spread)) });
  return [beginning(when, graph), spread].filter(Boolean).join(', ');
}

function beginning(when: ScriptLine['when'], graph: Graph): string {
  if (when.from === 'every') return m['simulator.everyDays']({ count: when.days, shown: number(when.days) });
  const after = when.after === null ? null : words(durationWords(when.after));
  switch (when.from) {
    case 'step': {
      const step = stepIn(graph, when.stepId);
      const name = step ? unitName(step.unit) : m['simulator.stepGone']();
      return after === null
        ? m['simulator.rightAtStep']({ step: name })
        : m['simulator.afterStep']({ after, step: name });
    }
    case 'entry':
      return after === null ? m['simulator.rightAtEntry']() : m['simulator.afterEntry']({ after });
    case 'start':
      return after === null ? m['simulator.rightAtStart']() : m['simulator.afterStart']({ after });
  }
}

/** '0,4 s' */
export function secondsWords(took: number): string {
  return number(Math.max(100, took) / 1_000, { style: 'unit', unit: 'second', maximumFractionDigits: 1 });
}
