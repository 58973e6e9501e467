import type { EmailBlock } from '$lib/core/rows/emails';
import { m } from '$lib/i18n';
import type { IconName } from '$lib/ui/icons';

export type BlockKind = EmailBlock['type'];

/** What can be put into an email, in the order of the palette. */
export const BLOCK_KINDS: readonly { readonly type: BlockKind; readonly icon: IconName }[] = [
  { type: 'heading', icon: 'heading' },
  { type: 'text', icon: 'align-left' },
  { type: 'image', icon: 'image' },
  { type: 'button', icon: 'mouse-pointer-click' },
  { type: 'columns', icon: 'columns-3' },
  { type: 'divider', icon: 'minus' },
  { type: 'spacer', icon: 'move-vertical' },
  { type: 'social', icon: 'share-2' },
  { type: 'products', icon: 'shopping-bag' },
  { type: 'html', icon: 'code' }
];

export function blockName(type: BlockKind): string {
  return m[`templates.block.${type}`]();
}

export function iconOf(type: BlockKind): IconName {
  return BLOCK_KINDS.find((kind) => kind.type === type)?.icon ?? 'file-text';
}

/** A block as it is when it is put in. */
export function newBlock(type: BlockKind, id: string): EmailBlock {
  switch (type) {
    case 'heading':
    case 'text':
      return { id, type, text: '' };
    case 'button':
      return { id, type, text: m['email.initial.button'](), url: '' };
    case 'image':
      return { id, type, url: '', alt: '' };
    case 'divider':
      return { id, type };
    case 'spacer':
      return { id, type, height: 24 };
    case 'social':
      return { id, type, networks: [] };
    case 'products':
      return {
        id,
        type,
        from: 'cart',
        title: m['email.initial.productsTitle'](),
        showPrice: true,
        buttonText: m['email.initial.productsButton']()
      };
    case 'html':
      return { id, type, html: '' };
    case 'columns':
      return { id, type, columns: [[], []], ratio: '1:1' };
  }
}
