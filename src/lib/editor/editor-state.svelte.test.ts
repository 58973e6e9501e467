import * as fc from 'fast-check';
import { flushSync } from 'svelte';
import { describe, expect, test, vi } from 'vitest';
import { emptyView } from '$lib/app/workspace-view';
import { catalogue } from '$lib/catalogue/registry';
import { defaultSettings, emptyGraph } from '$lib/core/graph';
import type { Result } from '$lib/core/result';
import type { Write } from './autosave.svelte';
import { EditorState, type Draft } from './editor-state.svelte';

const saved: Result<void> = { ok: true, value: undefined };

function open(save: Write<Draft> = () => Promise.resolve(saved)) {
  let ids = 0;
  const draft: Draft = { graph: emptyGraph(), settings: defaultSettings() };
  const view = emptyView();
  return new EditorState({
    automationId: 'a1',
    draft,
    catalogue,
    view: () => view,
    save,
    newId: () => `n${++ids}`,
    pause: 0
  });
}

const delay = catalogue.steps.get('rule.delay')!;

describe('an automation being edited', () => {
  test('goes back as many steps as were made, and forward again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('add', 'remove', 'double', 'field', 'tidy'), { maxLength: 250 }),
        (series) => {
          const editor = open();
          const drafts = [editor.graph];
          for (const kind of series) {
            const last = editor.graph.steps.at(-1)?.id;
            if (kind === 'add') editor.addStep(delay);
            else if (kind === 'remove' && last) editor.remove(last);
            else if (kind === 'double' && last) editor.duplicate(last);
            else if (kind === 'field' && last) editor.edit((graph) => ({ ...graph, notes: [...graph.notes] }));
            if (editor.graph !== drafts.at(-1)) drafts.push(editor.graph);
          }
          for (const draft of drafts.slice(0, -1).reverse()) {
            editor.undo();
            expect(editor.graph).toBe(draft);
          }
          expect(editor.canUndo).toBe(false);
          for (const draft of drafts.slice(1)) {
            editor.redo();
            expect(editor.graph).toBe(draft);
          }
          expect(editor.canRedo).toBe(false);
        }
      ),
      { numRuns: 30 }
    );
  });

  test('undoes a typed word at once, not letter by letter', () => {
    const editor = open();
    editor.addStep(catalogue.steps.get('email.send')!);
    const id = editor.chosenId!;
    for (const tag of ['b', 'bo', 'bon']) editor.setField(id, 'tag', tag);
    editor.undo();
    expect(editor.node(id)?.fields.tag).toBe('');
    editor.redo();
    expect(editor.node(id)?.fields.tag).toBe('bon');
  });

  test('adds after the chosen step, and chooses what it added', () => {
    const editor = open();
    editor.addStep(delay);
    const first = editor.chosenId!;
    editor.addStep(catalogue.steps.get('email.send')!);
    editor.choose(first);
    editor.addStep(catalogue.steps.get('rule.wait_for_event')!);
    expect(editor.graph.steps.find(({ id }) => id === first)?.next.next).toBe(editor.chosenId);
    editor.remove(editor.chosenId!);
    expect(editor.chosenId).toBe(first);
  });

  test('knows what is wrong, live', () => {
    const editor = open();
    expect(editor.errors.map(({ words }) => words.key)).toEqual(['words.problem.no_trigger', 'words.problem.no_step']);
    editor.addTrigger(catalogue.triggers.get('contact.added_manually')!);
    editor.addStep(delay);
    expect(editor.errors).toEqual([]);
  });

  test('pastes what it copied, and nothing else', () => {
    const editor = open();
    editor.addStep(delay);
    const text = editor.copy(editor.chosenId!)!;
    expect(editor.paste(text)).toBe(true);
    expect(editor.graph.steps).toHaveLength(2);
    expect(editor.paste('some text')).toBe(false);
  });
});

describe('the draft', () => {
  test('is written once after some edits, and at once on leaving', async () => {
    const save = vi.fn(() => Promise.resolve(saved));
    const editor = open(save);
    editor.addStep(delay);
    editor.addStep(delay);
    expect(editor.saving.isPending).toBe(true);
    await editor.saving.flush();
    expect(save).toHaveBeenCalledOnce();
    expect(save).toHaveBeenLastCalledWith(expect.objectContaining({ graph: editor.graph }), expect.anything());
    expect(editor.saving.state).toBe('saved');
  });

  test('that was refused is kept and tried again with the next edit', async () => {
    const save = vi.fn<(draft: Draft) => Promise<Result<void>>>(() => Promise.resolve(saved));
    save.mockRejectedValueOnce(new Error('worker gone'));
    const editor = open(save);
    editor.addStep(delay);
    await editor.saving.flush();
    expect(editor.saving.state).toBe('failed');
    await editor.saving.flush();
    expect(save).toHaveBeenCalledTimes(2);
    expect(editor.saving.state).toBe('saved');
  });

  test('coming back from the database as it was written changes nothing', async () => {
    const written: Draft[] = [];
    const editor = open((draft) => {
      written.push(draft);
      return Promise.resolve(saved);
    });
    editor.addStep(delay);
    await editor.saving.flush();
    editor.addStep(delay);
    const graph = editor.graph;
    editor.receive(structuredClone(written[0]!));
    expect(editor.graph).toBe(graph);
  });

  test('as other devices write it, with its properties in another order, is still its own', () => {
    const editor = open();
    const { graph, settings } = editor;
    editor.receive({ settings: structuredClone(settings), graph: structuredClone(graph) });
    expect(editor.graph).toBe(graph);
    expect(editor.canUndo).toBe(false);
  });
  test('of another tab is taken over, and can be undone', () => {
    const editor = open();
    const other = open();
    other.addStep(delay);
    editor.receive({ graph: other.graph, settings: other.settings });
    expect(editor.graph).toEqual(other.graph);
    editor.undo();
    expect(editor.graph.steps).toEqual([]);
  });

  test('of another tab while there are edits here waits until these are written, beside what they were made of', async () => {
    const save = vi.fn<Write<Draft>>(() => Promise.resolve(saved));
    const editor = open(save);
    const before = { graph: editor.graph, settings: editor.settings };
    const other = open();
    other.addStep(delay);
    editor.addStep(delay);
    const ours = editor.graph;
    editor.receive({ graph: other.graph, settings: other.settings });
    expect([editor.graph, editor.theirs]).toEqual([ours, null]);
    await editor.saving.flush();
    expect(save).toHaveBeenLastCalledWith(expect.objectContaining({ graph: ours }), before);
    const together = { graph: { ...ours, steps: [...ours.steps, ...other.graph.steps] }, settings: editor.settings };
    editor.receive(together);
    expect(editor.graph).toEqual(together.graph);
    editor.undo();
    await editor.saving.flush();
    expect(save).toHaveBeenLastCalledWith(expect.objectContaining({ graph: ours }), together);
  });

  test('of both, which the database shows before it has answered, is taken over with the answer', async () => {
    const other = open();
    other.addStep(delay);
    other.addStep(delay);
    let shown = $state.raw<Draft>({ graph: emptyGraph(), settings: defaultSettings() });
    const editor = open((draft) => {
      shown = { ...draft, graph: { ...draft.graph, steps: [...draft.graph.steps, ...other.graph.steps] } };
      flushSync();
      return Promise.resolve(saved);
    });
    // As the screen has it.
    const end = $effect.root(() => {
      $effect(() => editor.receive(shown));
    });
    flushSync();
    editor.addStep(delay);
    await editor.saving.flush();
    flushSync();
    expect(editor.graph.steps).toHaveLength(3);
    expect(editor.saving.isPending).toBe(false);
    end();
  });

  test('that cannot go together with another tab’s is for the person to choose', async () => {
    const refused = { ok: false as const, reason: { key: 'words.automation.changed_meanwhile' } };
    const save = vi.fn<Write<Draft>>(() => Promise.resolve(refused));
    const editor = open(save);
    const other = open();
    other.addStep(delay);
    other.addStep(delay);
    const theirs = { graph: other.graph, settings: other.settings };
    editor.addStep(delay);
    const ours = editor.graph;
    await editor.saving.flush();
    expect(editor.theirs).toBeNull();
    editor.receive(theirs);
    expect(editor.theirs).toBe(theirs);
    save.mockResolvedValue(saved);
    editor.keepOurs();
    await editor.saving.flush();
    expect(save).toHaveBeenLastCalledWith(expect.objectContaining({ graph: ours }), theirs);
    expect([editor.graph, editor.theirs]).toEqual([ours, null]);
    save.mockResolvedValueOnce(refused);
    editor.addStep(delay);
    await editor.saving.flush();
    other.addStep(delay);
    editor.receive({ graph: other.graph, settings: other.settings });
    editor.takeTheirs();
    expect([editor.graph, editor.theirs, editor.saving.failure]).toEqual([other.graph, null, null]);
  });
});
