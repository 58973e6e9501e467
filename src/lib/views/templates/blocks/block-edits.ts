import { allBlocks } from '$lib/core/blocks';
import type { BlockOf, EmailBlock, SimpleBlock } from '$lib/core/rows/emails';

/** Before the `index`th block of the email (`columnsId` null), or of a column of a columns block. */
export interface Place {
  readonly columnsId: string | null;
  readonly column: number;
  readonly index: number;
}

type Blocks = readonly EmailBlock[];

export function blockById(blocks: Blocks, id: string): EmailBlock | undefined {
  return allBlocks(blocks).find((block) => block.id === id);
}

export function placeOf(blocks: Blocks, id: string): Place | undefined {
  for (const [index, block] of blocks.entries()) {
    if (block.id === id) return { columnsId: null, column: 0, index };
    if (block.type !== 'columns') continue;
    for (const [column, inside] of block.columns.entries()) {
      const at = inside.findIndex((one) => one.id === id);
      if (at >= 0) return { columnsId: block.id, column, index: at };
    }
  }
  return undefined;
}

/** The blocks that a place is among. */
export function siblingsAt(blocks: Blocks, { columnsId, column }: Place): Blocks {
  if (columnsId === null) return blocks;
  const holder = blocks.find((block) => block.id === columnsId);
  return holder?.type === 'columns' ? (holder.columns[column] ?? []) : [];
}

/** Columns hold no columns: there they are put after the ones they were to go into. */
export function insertBlock(blocks: Blocks, block: EmailBlock, place: Place): Blocks {
  const { columnsId, column, index } = place;
  if (columnsId === null) return [...blocks.slice(0, index), block, ...blocks.slice(index)];
  const holder = blocks.findIndex(({ id }) => id === columnsId);
  if (holder < 0) return blocks;
  if (block.type === 'columns') return insertBlock(blocks, block, { columnsId: null, column: 0, index: holder + 1 });
  return inColumn(blocks, columnsId, column, (inside) => [...inside.slice(0, index), block, ...inside.slice(index)]);
}

export function removeBlock(blocks: Blocks, id: string): Blocks {
  return blocks
    .filter((block) => block.id !== id)
    .map((block) =>
      block.type === 'columns' && block.columns.some((inside) => inside.some((one) => one.id === id))
        ? { ...block, columns: block.columns.map((inside) => inside.filter((one) => one.id !== id)) }
        : block
    );
}

/** Nothing changes where a block would go into itself, or where it is. */
export function moveBlock(blocks: Blocks, id: string, to: Place): Blocks {
  const block = blockById(blocks, id);
  const from = placeOf(blocks, id);
  if (!block || !from || to.columnsId === id) return blocks;
  const isNear = from.columnsId === to.columnsId && from.column === to.column;
  if (isNear && (to.index === from.index || to.index === from.index + 1)) return blocks;
  if (block.type === 'columns' && to.columnsId !== null) return blocks;
  const index = isNear && to.index > from.index ? to.index - 1 : to.index;
  return insertBlock(removeBlock(blocks, id), block, { ...to, index });
}

/** Up (-1) or down (1) among its siblings. */
export function nudgeBlock(blocks: Blocks, id: string, by: -1 | 1): Blocks {
  const from = placeOf(blocks, id);
  if (!from) return blocks;
  const index = from.index + by;
  if (index < 0 || index >= siblingsAt(blocks, from).length) return blocks;
  return moveBlock(blocks, id, { ...from, index: by === 1 ? index + 1 : index });
}

export function updateBlock(blocks: Blocks, id: string, change: Partial<EmailBlock>): Blocks {
  const changed = <B extends EmailBlock>(block: B): B => (block.id === id ? { ...block, ...change } : block);
  return blocks.map((block) => {
    const next = changed(block);
    if (next.type !== 'columns' || !next.columns.some((inside) => inside.some((one) => one.id === id))) return next;
    return { ...next, columns: next.columns.map((inside) => inside.map(changed)) };
  });
}

/** Two or three columns: what a column that goes has held goes to the last that stays. */
export function withRatio(
  block: BlockOf<'columns'>,
  ratio: NonNullable<BlockOf<'columns'>['ratio']>
): BlockOf<'columns'> {
  const wanted = ratio.split(':').length;
  const columns = block.columns.slice(0, wanted);
  const rest = block.columns.slice(wanted).flat();
  while (columns.length < wanted) columns.push([]);
  if (rest.length > 0) columns[wanted - 1] = [...(columns[wanted - 1] ?? []), ...rest];
  return { ...block, ratio, columns };
}

function inColumn(
  blocks: Blocks,
  columnsId: string,
  column: number,
  change: (inside: readonly SimpleBlock[]) => SimpleBlock[]
): Blocks {
  return blocks.map((block) =>
    block.id === columnsId && block.type === 'columns'
      ? { ...block, columns: block.columns.map((inside, at) => (at === column ? change(inside) : inside)) }
      : block
  );
}
