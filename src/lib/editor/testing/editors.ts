import { emptyView } from '$lib/app/workspace-view';
import { catalogue } from '$lib/catalogue/registry';
import { defaultSettings, emptyGraph, type Graph } from '$lib/core/graph';
import type { Attribute, List } from '$lib/core/rows/contacts';
import type { WorkspaceView } from '$lib/core/tables';
import { NO_COUNTS, type Counts } from '../cards';
import { EditorContext } from '../editor-context.svelte';
import { EditorState } from '../editor-state.svelte';
import { appendStep, newStep, newTrigger, addTrigger } from '../graph-edits';

const list = (id: string, name: string): List => ({ id, name, createdAt: 0 });

const attributes: Attribute[] = [
  { id: 'CITY', name: 'Ville', kind: 'text', createdAt: 0 },
  { id: 'POINTS', name: 'Points', kind: 'number', createdAt: 0 },
  { id: 'STATUS', name: 'Statut', kind: 'choice', options: [{ id: 'gold', name: 'Or' }], createdAt: 0 }
];

export function sampleView(): WorkspaceView {
  return {
    ...emptyView(),
    lists: new Map([list('l1', 'Lettre du jeudi'), list('l2', 'Fidélité')].map((row) => [row.id, row])),
    attributes: new Map(attributes.map((row) => [row.id, row])),
    pipelines: new Map([
      ['p1', { id: 'p1', name: 'Ventes', stages: [{ id: 'won', name: 'Gagné', outcome: 'won' }], createdAt: 0 }]
    ])
  };
}

/** `t`: added to a list → `s1`, `s2` ...: the units named, along the main path. */
export function sampleGraph(...units: string[]): Graph {
  const trigger = catalogue.triggers.get('contact.added_to_list');
  let graph = trigger ? addTrigger(emptyGraph(), newTrigger(trigger, 't')) : emptyGraph();
  units.forEach((unit, at) => {
    const definition = catalogue.steps.get(unit);
    if (definition) graph = appendStep(graph, newStep(definition, `s${at + 1}`));
  });
  return graph;
}

export function sampleEditor(graph: Graph, counts: Counts = NO_COUNTS): EditorContext {
  const view = sampleView();
  let ids = 0;
  const editing = new EditorState({
    automationId: 'a1',
    draft: { graph, settings: defaultSettings() },
    catalogue,
    view: () => view,
    save: () => Promise.resolve({ ok: true, value: undefined }),
    newId: () => `n${++ids}`,
    pause: 0
  });
  return new EditorContext(editing, () => counts);
}
