import { describe, expect, test } from 'vitest';
import { catalogue } from '$lib/catalogue/registry';
import { emptyGraph } from '$lib/core/graph';
import * as edits from './graph-edits';
import { commandOf, neighbour } from './keys';
import { after } from './places';

const plain = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };

describe('keys', () => {
  test('mean what the help sheet says', () => {
    expect(commandOf({ ...plain, key: 'a' })).toEqual({ do: 'add' });
    expect(commandOf({ ...plain, key: 'Z', ctrlKey: true, shiftKey: true })).toEqual({ do: 'redo' });
    expect(commandOf({ ...plain, key: 'd', metaKey: true })).toEqual({ do: 'duplicate' });
    expect(commandOf({ ...plain, key: 'Delete', shiftKey: true })).toEqual({ do: 'removeBranch' });
    expect(commandOf({ ...plain, key: 'm' })).toEqual({ do: 'move' });
    expect(commandOf({ ...plain, key: 'M', shiftKey: true })).toEqual({ do: 'moveBranch' });
    expect(commandOf({ ...plain, key: 'n' })).toEqual({ do: 'addNote' });
    expect(commandOf({ ...plain, key: 'f' })).toEqual({ do: 'fit' });
    expect(commandOf({ ...plain, key: 'f', ctrlKey: true })).toBeNull();
    expect(commandOf({ ...plain, key: 'c', ctrlKey: true })).toBeNull();
    expect(commandOf({ ...plain, key: 'a', altKey: true })).toBeNull();
  });

  test('move along the path', () => {
    const unit = (id: string) => catalogue.steps.get(id)!;
    let graph = edits.addTrigger(emptyGraph(), edits.newTrigger(catalogue.triggers.get('custom.event')!, 't'));
    graph = edits.addTrigger(graph, edits.newTrigger(catalogue.triggers.get('email.opened')!, 't2'));
    graph = edits.appendStep(graph, edits.newStep(unit('rule.wait_for_event'), 'w'));
    graph = edits.appendStep(graph, edits.newStep(unit('rule.delay'), 'y'));
    graph = edits.insertStep(graph, edits.newStep(unit('rule.delay'), 'n'), after('w', 'no'));
    const go = (id: string | null, towards: 'up' | 'down' | 'left' | 'right') =>
      neighbour(graph, catalogue, id, towards);
    expect(go(null, 'down')).toBe('t');
    expect(go('t', 'right')).toBe('t2');
    expect(go('t2', 'down')).toBe('w');
    expect(go('w', 'down')).toBe('y');
    expect(go('y', 'right')).toBe('n');
    expect(go('n', 'left')).toBe('y');
    expect(go('n', 'up')).toBe('w');
    expect(go('w', 'up')).toBe('t');
    expect(go('n', 'down')).toBeNull();
  });
});
