import * as v from 'valibot';

const id = v.pipe(v.string(), v.minLength(1));

/** `#rrggbb`. */
export const colourSchema = v.pipe(v.string(), v.regex(/^#[0-9a-fA-F]{6}$/));

export const ALIGNMENTS = ['left', 'center', 'right'] as const;
export type Alignment = (typeof ALIGNMENTS)[number];

export const SOCIAL_NETWORKS = [
  'website',
  'instagram',
  'facebook',
  'linkedin',
  'youtube',
  'tiktok',
  'x',
  'threads',
  'bluesky',
  'mastodon',
  'pinterest',
  'whatsapp',
  'telegram',
  'podcast'
] as const;
export type SocialNetwork = (typeof SOCIAL_NETWORKS)[number];

export const socialLinkSchema = v.object({
  network: v.picklist(SOCIAL_NETWORKS),
  url: v.string(),
  /** What is read instead of the network's name. */
  label: v.optional(v.string())
});
export type SocialLink = v.InferOutput<typeof socialLinkSchema>;

/** What any block may have: a background, and the space above and below it in px. */
const look = { background: v.optional(colourSchema), padding: v.optional(v.pipe(v.number(), v.minValue(0))) };
const align = v.optional(v.picklist(ALIGNMENTS));

const simpleBlocks = [
  v.object({
    id,
    type: v.literal('heading'),
    text: v.string(),
    /** 1 (the title, where it is missing) or 2. */
    level: v.optional(v.picklist([1, 2])),
    align,
    ...look
  }),
  /** The text is as messages/rich-text.ts reads it: paragraphs, lists, **bold**, *italic*, [links](https://…). */
  v.object({ id, type: v.literal('text'), text: v.string(), align, ...look }),
  v.object({
    id,
    type: v.literal('button'),
    text: v.string(),
    url: v.string(),
    align,
    style: v.optional(v.picklist(['filled', 'outline'])),
    ...look
  }),
  v.object({
    id,
    type: v.literal('image'),
    url: v.string(),
    alt: v.string(),
    href: v.optional(v.string()),
    /** Percent of the room there is, 10 to 100. */
    width: v.optional(v.pipe(v.number(), v.minValue(10), v.maxValue(100))),
    /** From edge to edge, without the margin that other blocks keep. */
    bleed: v.optional(v.boolean()),
    align,
    ...look
  }),
  v.object({ id, type: v.literal('divider'), ...look }),
  /** `height` in px. */
  v.object({ id, type: v.literal('spacer'), height: v.pipe(v.number(), v.minValue(1)), background: look.background }),
  v.object({ id, type: v.literal('social'), networks: v.array(socialLinkSchema), align, ...look }),
  /** The items of the event that let the contact in: of a cart or an order. Nothing where it has none. */
  v.object({
    id,
    type: v.literal('products'),
    from: v.picklist(['cart', 'order']),
    title: v.optional(v.string()),
    showPrice: v.optional(v.boolean()),
    /** A button to the event's own address (a cart's); none where it is empty. */
    buttonText: v.optional(v.string()),
    ...look
  }),
  /** Made harmless when it is compiled, before it is sent. */
  v.object({ id, type: v.literal('html'), html: v.string(), ...look })
] as const;

export const simpleBlockSchema = v.variant('type', [...simpleBlocks]);
/** A block that may stand in a column. */
export type SimpleBlock = v.InferOutput<typeof simpleBlockSchema>;

export const COLUMN_RATIOS = ['1:1', '1:2', '2:1', '1:1:1'] as const;
export type ColumnRatio = (typeof COLUMN_RATIOS)[number];

/** Side by side on a computer, below each other on a phone. As many columns as the ratio has parts. */
const columnsBlock = v.object({
  id,
  type: v.literal('columns'),
  columns: v.pipe(v.array(v.array(simpleBlockSchema)), v.minLength(2), v.maxLength(3)),
  ratio: v.optional(v.picklist(COLUMN_RATIOS)),
  ...look
});

/** A block of an email made with the block editor. Texts and addresses hold Liquid. */
export const emailBlockSchema = v.variant('type', [...simpleBlocks, columnsBlock]);
export type EmailBlock = v.InferOutput<typeof emailBlockSchema>;
export type BlockOf<Type extends EmailBlock['type']> = Extract<EmailBlock, { type: Type }>;

/** Stacks of typefaces that mail programs have. */
export const FONTS = ['georgia', 'palatino', 'arial', 'verdana', 'trebuchet', 'system', 'courier'] as const;
export type Font = (typeof FONTS)[number];

/** How every email made of blocks looks. Applied when it is compiled. */
export const brandSchema = v.object({
  /** Read above the email where there is no logo; none where it is empty. */
  name: v.string(),
  logoUrl: v.string(),
  /** Buttons and links. */
  accent: colourSchema,
  text: colourSchema,
  /** Around the email. */
  background: colourSchema,
  /** The email itself. */
  surface: colourSchema,
  headingFont: v.picklist(FONTS),
  textFont: v.picklist(FONTS),
  /** Below the email: the postal address, why one gets it. As a text block's text. */
  footer: v.string(),
  social: v.array(socialLinkSchema)
});
export type Brand = v.InferOutput<typeof brandSchema>;

export const PLAIN_BRAND: Brand = {
  name: '',
  logoUrl: '',
  accent: '#b93a24',
  text: '#1d1f2b',
  background: '#f6f4ef',
  surface: '#ffffff',
  headingFont: 'georgia',
  textFont: 'georgia',
  footer: '',
  social: []
};
