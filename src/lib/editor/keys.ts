import type { Catalogue } from '$lib/core/definitions';
import type { Graph } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import { jumpOf } from './branches';
import { stepIn } from './places';

/** What a key asks of the editor. */
export type Command =
  | { do: 'go'; towards: Direction }
  | {
      do:
        | 'open'
        | 'remove'
        | 'removeBranch'
        | 'move'
        | 'moveBranch'
        | 'undo'
        | 'redo'
        | 'duplicate'
        | 'add'
        | 'addTrigger'
        | 'addNote'
        | 'fit'
        | 'help'
        | 'leave';
    };
export type Direction = 'up' | 'down' | 'left' | 'right';

/** For the help sheet, in its order: message and keys. */
export const KEYS: readonly { message: string; keys: readonly (readonly string[])[] }[] = [
  { message: 'editor.keys.move', keys: [['↑'], ['↓'], ['←'], ['→']] },
  { message: 'editor.keys.open', keys: [['↵']] },
  { message: 'editor.keys.add', keys: [['+'], ['A']] },
  { message: 'editor.keys.addTrigger', keys: [['T']] },
  { message: 'editor.keys.addNote', keys: [['N']] },
  { message: 'editor.keys.moveStep', keys: [['M']] },
  { message: 'editor.keys.moveBranch', keys: [['⇧', 'M']] },
  { message: 'editor.keys.dragBranch', keys: [['⇧']] },
  { message: 'editor.keys.remove', keys: [['Del']] },
  { message: 'editor.keys.removeBranch', keys: [['⇧', 'Del']] },
  { message: 'editor.keys.undo', keys: [['Ctrl', 'Z']] },
  { message: 'editor.keys.redo', keys: [['Ctrl', '⇧', 'Z']] },
  { message: 'editor.keys.copy', keys: [['Ctrl', 'C']] },
  { message: 'editor.keys.cut', keys: [['Ctrl', 'X']] },
  { message: 'editor.keys.paste', keys: [['Ctrl', 'V']] },
  { message: 'editor.keys.duplicate', keys: [['Ctrl', 'D']] },
  { message: 'editor.keys.fit', keys: [['F']] },
  { message: 'editor.keys.leave', keys: [['Esc']] },
  { message: 'editor.keys.help', keys: [['?']] }
];

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right'
};

/** Copying, cutting and pasting come as events of their own, which know the clipboard. Null: the key is not ours. */
export function commandOf(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>
): Command | null {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.altKey) return null;
  if (event.ctrlKey || event.metaKey) {
    if (key === 'z') return { do: event.shiftKey ? 'redo' : 'undo' };
    if (key === 'y') return { do: 'redo' };
    return key === 'd' ? { do: 'duplicate' } : null;
  }
  const towards = ARROWS[key];
  if (towards) return { do: 'go', towards };
  if (key === 'Delete' || key === 'Backspace') return { do: event.shiftKey ? 'removeBranch' : 'remove' };
  if (key === 'm') return { do: event.shiftKey ? 'moveBranch' : 'move' };
  const plain: Readonly<Record<string, Command>> = {
    Enter: { do: 'open' },
    ' ': { do: 'open' },
    '+': { do: 'add' },
    a: { do: 'add' },
    t: { do: 'addTrigger' },
    n: { do: 'addNote' },
    f: { do: 'fit' },
    '?': { do: 'help' },
    Escape: { do: 'leave' }
  };
  return plain[key] ?? null;
}

/** The node beside one along the path: below by its first branch, above where it comes from, sideways its neighbours in its row. */
export function neighbour(graph: Graph, catalogue: Catalogue, id: Id | null, towards: Direction): Id | null {
  const triggers = graph.triggers.map((trigger) => trigger.id);
  if (id === null) return triggers[0] ?? graph.entry;
  const step = stepIn(graph, id);
  if (towards === 'down') {
    if (!step) return graph.entry;
    return Object.values(step.next).find((target) => target !== null) ?? jumpOf(step, catalogue);
  }
  if (towards === 'up') {
    if (!step) return null;
    if (graph.entry === id) return triggers[0] ?? null;
    return graph.steps.find(({ next }) => Object.values(next).includes(id))?.id ?? null;
  }
  const row = step ? (rowOf(graph, id) ?? [id]) : triggers;
  const at = row.indexOf(id) + (towards === 'left' ? -1 : 1);
  return row[at] ?? null;
}

/** The steps on the branches of the step before: where one chooses between ways. */
function rowOf(graph: Graph, id: Id): Id[] | undefined {
  const parent = graph.steps.find(({ next }) => Object.values(next).includes(id));
  return parent && [...new Set(Object.values(parent.next).filter((target) => target !== null))];
}
