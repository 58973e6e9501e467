import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allBlocks } from '$lib/core/blocks';
import { placeOf } from './block-edits';
import { BLOCK_KINDS } from './block-kinds';
import { EmailDraft } from './email-draft.svelte';

function draftOf(now?: () => number): EmailDraft {
  let ids = 0;
  return new EmailDraft(
    { name: 'Lettre', subject: '', preheader: '', source: { editor: 'blocks', blocks: [] }, html: '' },
    () => `b${++ids}`,
    now
  );
}

type Step = (draft: EmailDraft) => void;
const nth = (draft: EmailDraft, at: number) => {
  const blocks = allBlocks(draft.blocks);
  return blocks[at % Math.max(blocks.length, 1)];
};
const small = fc.nat(20);

/** A place there is: at the top, or in a column of the `at`th block where it has some. */
function placeAt(draft: EmailDraft, at: number, index: number) {
  const holder = draft.blocks[at % Math.max(draft.blocks.length, 1)];
  if (holder?.type === 'columns' && at % 2 === 1) {
    const column = at % holder.columns.length;
    return { columnsId: holder.id, column, index: index % ((holder.columns[column]?.length ?? 0) + 1) };
  }
  return { columnsId: null, column: 0, index: index % (draft.blocks.length + 1) };
}

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.constantFrom(...BLOCK_KINDS), small, small).map(
    ([{ type }, at, index]): Step =>
      (draft) =>
        void draft.insert(type, placeAt(draft, at, index))
  ),
  small.map(
    (at): Step =>
      (draft) =>
        draft.remove(nth(draft, at)?.id ?? '')
  ),
  small.map(
    (at): Step =>
      (draft) =>
        draft.duplicate(nth(draft, at)?.id ?? '')
  ),
  fc.tuple(small, small, small).map(
    ([at, to, index]): Step =>
      (draft) =>
        draft.move(nth(draft, at)?.id ?? '', placeAt(draft, to, index))
  ),
  fc.tuple(small, fc.constantFrom(-1 as const, 1 as const)).map(
    ([at, by]): Step =>
      (draft) =>
        void draft.nudge(nth(draft, at)?.id ?? '', by)
  ),
  fc.tuple(small, fc.string()).map(
    ([at, padding]): Step =>
      (draft) =>
        draft.update(nth(draft, at)?.id ?? '', { padding: padding.length })
  ),
  fc.string().map(
    (text): Step =>
      (draft) =>
        draft.set('subject', text)
  )
);

describe('the blocks of an email', () => {
  test('what is done is undone, all of it, and done again', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let at = 0;
        const draft = draftOf(() => (at += 5_000));
        const past = [draft.state];
        for (const one of steps) {
          one(draft);
          if (draft.state !== past.at(-1)) past.push(draft.state);
        }
        for (const state of [...past].reverse().slice(1)) {
          draft.undo();
          expect(draft.state).toBe(state);
        }
        expect(draft.canUndo).toBe(false);
        for (const state of past.slice(1)) {
          draft.redo();
          expect(draft.state).toBe(state);
        }
      })
    );
  });

  test('no edit loses a block, doubles an id, or puts columns into columns', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const draft = draftOf();
        for (const one of steps) {
          const before = allBlocks(draft.blocks).length;
          const wasChosen = draft.state;
          one(draft);
          const ids = allBlocks(draft.blocks).map(({ id }) => id);
          expect(new Set(ids).size).toBe(ids.length);
          for (const id of ids) expect(placeOf(draft.blocks, id)).toBeDefined();
          expect(
            draft.blocks.every(
              (block) =>
                block.type !== 'columns' || block.columns.flat().every(({ type }) => (type as string) !== 'columns')
            )
          ).toBe(true);
          if (wasChosen === draft.state) expect(ids.length).toBe(before);
        }
      })
    );
  });

  test('a word that is typed is one step', () => {
    let at = 0;
    const draft = draftOf(() => (at += 100));
    const id = draft.insert('text', draft.placeToAdd);
    for (const text of ['B', 'Bo', 'Bon']) draft.update(id, { text });
    draft.undo();
    expect(draft.selected).toEqual({ id, type: 'text', text: '' });
    draft.undo();
    expect(draft.blocks).toEqual([]);
    expect(draft.selectedId).toBeNull();
  });
});
