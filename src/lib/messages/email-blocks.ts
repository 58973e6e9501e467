import {
  PLAIN_BRAND,
  type Alignment,
  type BlockOf,
  type Brand,
  type ColumnRatio,
  type EmailBlock,
  type SimpleBlock,
  type SocialLink
} from '$lib/core/rows/emails';
import { readable, shifted } from './colours';
import {
  BLOCK_SPACE,
  darkStyles,
  EMAIL_WIDTH,
  FONT_STACKS,
  lightPalette,
  socialName,
  type Palette
} from './email-style';
import { escapeAddress, escapeAttribute, escapeText } from './markup';
import { productsHtml } from './products';
import { richTextHtml } from './rich-text-html';

export interface EmailFrameOptions {
  readonly preheader: string;
  readonly title: string;
  readonly brand?: Brand;
  /** BCP 47, of the texts: screen readers need it. */
  readonly language?: string;
  /** Makes the HTML of html blocks harmless; without it they are left out. */
  readonly purify?: (html: string) => string;
}

/** Left and right of everything in the card, in px. */
const MARGIN = 32;

/**
 * The MJML of an email made of blocks: a card of 600 px at most, the brand above and below it. What a person typed is text; its
 * Liquid placeholders stay as they are.
 */
export function blocksToMjml(blocks: readonly EmailBlock[], options: EmailFrameOptions): string {
  const { preheader, title, brand = PLAIN_BRAND, language = 'fr' } = options;
  const place: Place = {
    brand,
    colours: lightPalette(brand),
    purify: options.purify ?? (() => ''),
    width: EMAIL_WIDTH,
    margin: MARGIN
  };
  const { colours } = place;
  return [
    `<mjml lang="${escapeAttribute(language)}"><mj-head>`,
    // MJML puts it into an attribute as well.
    `<mj-title>${escapeAttribute(title)}</mj-title>`,
    preheader === '' ? '' : `<mj-preview>${escapeText(preheader)}</mj-preview>`,
    '<mj-raw><meta name="color-scheme" content="light dark" /><meta name="supported-color-schemes" content="light dark" /></mj-raw>',
    `<mj-attributes><mj-all font-family="${FONT_STACKS[brand.textFont]}" /><mj-text font-size="16px" line-height="1.6" color="${colours.text}" /><mj-section padding="0" /><mj-column padding="0" /></mj-attributes>`,
    `<mj-style>${darkStyles(brand)}</mj-style>`,
    `</mj-head><mj-body background-color="${colours.page}" width="${EMAIL_WIDTH}px" css-class="page">`,
    header(place),
    `<mj-wrapper background-color="${colours.surface}" border-radius="10px" padding="16px 0" css-class="card">`,
    ...grouped(blocks).map((group) => section(group, place)),
    '</mj-wrapper>',
    footer(place),
    '</mj-body></mjml>'
  ].join('');
}

interface Place {
  readonly brand: Brand;
  readonly colours: Palette;
  readonly purify: (html: string) => string;
  /** of the column, in px */
  readonly width: number;
  /** left and right of a block, in px */
  readonly margin: number;
}

/** Simple blocks that follow each other share a section; columns have one of their own. */
function grouped(blocks: readonly EmailBlock[]): (BlockOf<'columns'> | SimpleBlock[])[] {
  const groups: (BlockOf<'columns'> | SimpleBlock[])[] = [];
  for (const block of blocks) {
    const last = groups.at(-1);
    if (block.type === 'columns') groups.push(block);
    else if (Array.isArray(last)) last.push(block);
    else groups.push([block]);
  }
  return groups.length > 0 ? groups : [[]];
}

const SHARES: Readonly<Record<ColumnRatio, readonly number[]>> = {
  '1:1': [50, 50],
  '1:2': [33.33, 66.67],
  '2:1': [66.67, 33.33],
  '1:1:1': [33.33, 33.33, 33.34]
};

/** How wide each column is, in percent. */
export function columnShares({ ratio, columns }: Pick<BlockOf<'columns'>, 'ratio' | 'columns'>): readonly number[] {
  const shares = SHARES[ratio ?? '1:1'];
  return shares.length === columns.length ? shares : SHARES[columns.length === 3 ? '1:1:1' : '1:1'];
}

function section(group: BlockOf<'columns'> | SimpleBlock[], place: Place): string {
  if (Array.isArray(group))
    return `<mj-section><mj-column>${group.map((block) => blockToMjml(block, place)).join('')}</mj-column></mj-section>`;
  const shares = columnShares(group);
  const inside = EMAIL_WIDTH - MARGIN;
  const colours = onGround(place, group.background);
  const columns = group.columns.map((blocks, index) => {
    const share = shares[index] ?? 50;
    const column = { ...place, colours, width: (inside * share) / 100, margin: MARGIN / 2 };
    const within = blocks.map((block) => blockToMjml(block, column, group.background !== undefined));
    return `<mj-column width="${share}%" vertical-align="top">${within.join('')}</mj-column>`;
  });
  const ground = group.background === undefined ? '' : ` background-color="${group.background}"`;
  return `<mj-section padding="${group.padding ?? 0}px ${MARGIN / 2}px"${ground}>${columns.join('')}</mj-section>`;
}

/** The colours on a ground of a block's own. */
function onGround({ colours }: Place, ground: string | undefined): Palette {
  if (ground === undefined) return colours;
  const text = readable(colours.text, ground);
  return {
    ...colours,
    surface: ground,
    text,
    muted: shifted(colours.muted, ground),
    line: shifted(ground, ground, 1.25),
    link: shifted(colours.link, ground)
  };
}

/** `isOwn`: it stands on a ground that dark mode leaves alone. */
function blockToMjml(block: SimpleBlock, place: Place, isOwn = block.background !== undefined): string {
  const colours = onGround(place, block.background);
  const onOwn = isOwn || block.background !== undefined;
  const marked = (name: string): string => (onOwn ? '' : ` css-class="${name}"`);
  const ground = block.background === undefined ? '' : ` container-background-color="${block.background}"`;
  const bleeds = block.type === 'image' && block.bleed === true;
  const own = 'padding' in block ? block.padding : undefined;
  const space = ` padding="${own ?? (bleeds ? 0 : BLOCK_SPACE[block.type])}px ${bleeds ? 0 : place.margin}px"`;
  const aligned = (usual: Alignment = 'left'): string =>
    ` align="${('align' in block ? block.align : undefined) ?? usual}"`;
  switch (block.type) {
    case 'heading': {
      const level = block.level ?? 1;
      const size = level === 1 ? 28 : 20;
      const font = FONT_STACKS[place.brand.headingFont];
      return `<mj-text${space}${ground}${aligned()}${marked('words')} font-size="${size}px" line-height="1.25" color="${colours.text}" font-family="${font}"><h${level} style="margin:0;font-size:${size}px;line-height:1.25;font-weight:bold">${lines(block.text)}</h${level}></mj-text>`;
    }
    case 'text':
      return `<mj-text${space}${ground}${aligned()}${marked('words')} color="${colours.text}">${richTextHtml(block.text, colours.link)}</mj-text>`;
    case 'button':
      return `<mj-button${space}${ground}${aligned()}${buttonLook(block, colours, onOwn)} border-radius="6px" inner-padding="12px 24px" font-size="16px" font-weight="bold" href="${escapeAddress(block.url)}">${lines(block.text)}</mj-button>`;
    case 'image':
      return image(block, place, `${space}${ground}${aligned('center')}`);
    case 'divider':
      return `<mj-divider${space}${ground}${marked('line')} border-width="1px" border-color="${colours.line}" />`;
    case 'spacer':
      return `<mj-spacer height="${block.height}px"${ground} />`;
    case 'social':
      return `<mj-text${space}${ground}${aligned('center')}${marked('words')} font-size="14px" color="${colours.text}">${socialLinks(block.networks, colours.link)}</mj-text>`;
    case 'products':
      return `<mj-text${space}${ground}${marked('words')} color="${colours.text}">${productsHtml(block, colours, FONT_STACKS[place.brand.headingFont])}</mj-text>`;
    case 'html':
      return `<mj-text${space}${ground}${marked('words')} color="${colours.text}">${place.purify(block.html)}</mj-text>`;
  }
}

function buttonLook({ style }: BlockOf<'button'>, colours: Palette, onOwn: boolean): string {
  if (style !== 'outline') return ` background-color="${colours.accent}" color="${colours.onAccent}"`;
  const marked = onOwn ? '' : ' css-class="outline"';
  return `${marked} background-color="transparent" border="2px solid ${colours.link}" color="${colours.link}"`;
}

function image(block: BlockOf<'image'>, { width, margin }: Place, look: string): string {
  if (block.url.trim() === '') return '';
  const room = block.bleed ? width : width - 2 * margin;
  const href = block.href === undefined || block.href.trim() === '' ? '' : escapeAddress(block.href);
  const link = href === '' ? '' : ` href="${href}"`;
  const shown = Math.round((room * (block.width ?? 100)) / 100);
  return `<mj-image${look} src="${escapeAddress(block.url)}" alt="${escapeAttribute(block.alt)}" width="${shown}px"${link} />`;
}

function socialLinks(links: readonly SocialLink[], colour: string): string {
  return links
    .map((link) => ({ href: escapeAddress(link.url), name: escapeText(socialName(link)) }))
    .filter(({ href, name }) => href !== '' && name !== '')
    .map(
      ({ href, name }) => `<a href="${href}" style="color:${colour};text-decoration:none;font-weight:bold">${name}</a>`
    )
    .join('<span style="color:#8a8a90">&#160; · &#160;</span>');
}

function header({ brand, colours }: Place): string {
  const { logoUrl, name } = brand;
  if (logoUrl.trim() === '' && name.trim() === '')
    return '<mj-section padding="12px 0"><mj-column><mj-spacer height="1px" /></mj-column></mj-section>';
  const content =
    logoUrl.trim() === ''
      ? `<mj-text align="center" font-family="${FONT_STACKS[brand.headingFont]}" font-size="18px" font-weight="bold" color="${shifted(colours.text, colours.page)}" css-class="around">${escapeText(name)}</mj-text>`
      : `<mj-image src="${escapeAddress(logoUrl)}" alt="${escapeAttribute(name)}" width="160px" />`;
  return `<mj-section padding="16px 0"><mj-column>${content}</mj-column></mj-section>`;
}

function footer({ brand, colours }: Place): string {
  const social =
    brand.social.length === 0
      ? ''
      : `<mj-text align="center" font-size="13px" padding="4px 24px" css-class="around">${socialLinks(brand.social, colours.onPage)}</mj-text>`;
  const words =
    brand.footer.trim() === ''
      ? ''
      : `<mj-text align="center" font-size="12px" line-height="1.5" padding="4px 24px" color="${colours.onPage}" css-class="around">${richTextHtml(brand.footer, colours.onPage)}</mj-text>`;
  return `<mj-section padding="16px 0"><mj-column>${social}${words}${social + words === '' ? '<mj-spacer height="1px" />' : ''}</mj-column></mj-section>`;
}

function lines(text: string): string {
  return escapeText(text.trim()).replaceAll('\n', '<br />');
}
