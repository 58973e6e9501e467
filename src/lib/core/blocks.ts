import type { EmailBlock, SimpleBlock } from './rows/emails';

/** Every block of an email in the order in which it is read, those in columns too. */
export function allBlocks(blocks: readonly EmailBlock[]): EmailBlock[] {
  return blocks.flatMap((block) => (block.type === 'columns' ? [block, ...block.columns.flat()] : [block]));
}

/** A copy with ids of its own. */
export function copyBlock(block: EmailBlock, newId: () => string): EmailBlock {
  if (block.type !== 'columns') return { ...block, id: newId() };
  return {
    ...block,
    id: newId(),
    columns: block.columns.map((inside) => inside.map((one): SimpleBlock => ({ ...one, id: newId() })))
  };
}
