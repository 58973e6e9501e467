import type { EmailBlock } from '$lib/core/rows/messages';

/**
 * The MJML of an email made of blocks: one column on a card, 600 px at most. What a person typed is text; its Liquid placeholders stay
 * as they are.
 */
export function blocksToMjml(
  blocks: readonly EmailBlock[],
  { preheader, title }: { preheader: string; title: string }
): string {
  return [
    '<mjml><mj-head>',
    `<mj-title>${escapeText(title)}</mj-title>`,
    preheader === '' ? '' : `<mj-preview>${escapeText(preheader)}</mj-preview>`,
    '<mj-attributes><mj-all font-family="Georgia, serif" /><mj-text font-size="16px" line-height="1.6" color="#1d1f2b" /></mj-attributes>',
    '</mj-head><mj-body background-color="#f6f4ef" width="600px"><mj-section padding="24px 0"><mj-column background-color="#ffffff" border-radius="10px" padding="16px 8px">',
    ...blocks.map(blockToMjml),
    '</mj-column></mj-section></mj-body></mjml>'
  ].join('');
}

function blockToMjml(block: EmailBlock): string {
  switch (block.type) {
    case 'heading':
      return `<mj-text font-size="28px" line-height="1.2" font-weight="bold"><h1 style="margin:0;font-size:28px;line-height:1.2">${lines(block.text)}</h1></mj-text>`;
    case 'text':
      return `<mj-text>${paragraphs(block.text)}</mj-text>`;
    case 'button':
      return `<mj-button align="left" background-color="#b93a24" color="#ffffff" border-radius="6px" font-family="Arial, sans-serif" font-size="15px" href="${escapeAddress(block.url)}">${lines(block.text)}</mj-button>`;
    case 'image':
      return block.url === '' ? '' : `<mj-image src="${escapeAddress(block.url)}" alt="${escapeText(block.alt)}" />`;
    case 'divider':
      return '<mj-divider border-width="1px" border-color="#e3ded3" />';
  }
}

function paragraphs(text: string): string {
  const parts = text.split(/\n{2,}/).filter((part) => part.trim() !== '');
  return parts.map((part, index) => `<p style="margin:${index === 0 ? '0' : '16px'} 0 0">${lines(part)}</p>`).join('');
}

function lines(text: string): string {
  return escapeText(text.trim()).replaceAll('\n', '<br />');
}

const LIQUID = /(\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\})/;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;'
};

/** Escapes all but placeholders, whose quotes Liquid needs; a placeholder with markup in it is no placeholder. */
function escapeText(text: string): string {
  return text
    .split(LIQUID)
    .map((part, index) =>
      index % 2 === 1 && !/[<>"&]/.test(part) ? part : part.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)
    )
    .join('');
}

/** Only addresses that a reader may open; anything else leads nowhere. */
function escapeAddress(url: string): string {
  const address = url.trim();
  return /^(https?:|mailto:|tel:|\{\{)/i.test(address) ? escapeText(address) : '';
}
