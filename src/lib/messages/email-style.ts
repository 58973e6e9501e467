import type { Brand, Font, SimpleBlock, SocialLink, SocialNetwork } from '$lib/core/rows/emails';
import { readable, shifted } from './colours';

/** The widest an email is, in px. */
export const EMAIL_WIDTH = 600;

/** Above and below each kind of block where it says nothing itself, in px. */
export const BLOCK_SPACE: Readonly<Record<SimpleBlock['type'], number>> = {
  heading: 8,
  text: 8,
  button: 12,
  image: 8,
  divider: 12,
  spacer: 0,
  social: 8,
  products: 8,
  html: 0
};

/** Typefaces that mail programs have, with what stands in for them. */
export const FONT_STACKS: Readonly<Record<Font, string>> = {
  georgia: "Georgia, 'Times New Roman', serif",
  palatino: "'Palatino Linotype', Palatino, 'Book Antiqua', serif",
  arial: 'Arial, Helvetica, sans-serif',
  verdana: 'Verdana, Geneva, sans-serif',
  trebuchet: "'Trebuchet MS', Tahoma, sans-serif",
  system: "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif",
  courier: "'Courier New', Courier, monospace"
};

/** Typefaces by the names that people know them by; the system's own is named in the reader's language. */
export const FONT_NAMES: Readonly<Record<Exclude<Font, 'system'>, string>> = {
  georgia: 'Georgia',
  palatino: 'Palatino',
  arial: 'Arial',
  verdana: 'Verdana',
  trebuchet: 'Trebuchet MS',
  courier: 'Courier New'
};

/** Networks by the names that they give themselves; a website is named by its address. */
export const NETWORK_NAMES: Readonly<Record<Exclude<SocialNetwork, 'website'>, string>> = {
  instagram: 'Instagram',
  facebook: 'Facebook',
  linkedin: 'LinkedIn',
  youtube: 'YouTube',
  tiktok: 'TikTok',
  x: 'X',
  threads: 'Threads',
  bluesky: 'Bluesky',
  mastodon: 'Mastodon',
  pinterest: 'Pinterest',
  whatsapp: 'WhatsApp',
  telegram: 'Telegram',
  podcast: 'Podcast'
};

export function socialName({ network, url, label }: SocialLink): string {
  if (label !== undefined && label.trim() !== '') return label.trim();
  if (network !== 'website') return NETWORK_NAMES[network];
  return url
    .trim()
    .replace(/^https?:\/\/(www\.)?/i, '')
    .replace(/[/?#][\s\S]*$/, '');
}

/** All colours of an email: the brand's, and those that follow from it, each to be read on its ground. */
export interface Palette {
  readonly page: string;
  readonly surface: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly accent: string;
  readonly link: string;
  readonly onAccent: string;
  readonly onPage: string;
}

export function lightPalette({ background, surface, text, accent }: Brand): Palette {
  return {
    page: background,
    surface,
    text,
    muted: shifted('#7a7a80', surface),
    line: shifted(surface, surface, 1.25),
    accent,
    link: shifted(accent, surface),
    onAccent: readable('#ffffff', accent),
    onPage: shifted('#7a7a80', background)
  };
}

const DARK = { page: '#141417', surface: '#1f1f24', text: '#f1efe9', line: '#3d3d45' } as const;

/** What mail apps with dark mode are asked to show instead. Buttons keep the brand's colour. */
export function darkPalette({ accent }: Brand): Palette {
  return {
    ...DARK,
    muted: shifted('#8a8a90', DARK.surface),
    accent,
    link: shifted(accent, DARK.surface),
    onAccent: readable('#ffffff', accent),
    onPage: shifted('#8a8a90', DARK.page)
  };
}

/** Blocks with a background of their own keep it, and their colours: they carry none of these classes. */
export function darkStyles(brand: Brand): string {
  const dark = darkPalette(brand);
  return [
    ':root { color-scheme: light dark; supported-color-schemes: light dark; }',
    '@media (prefers-color-scheme: dark) {',
    `body, .page { background-color: ${dark.page} !important; }`,
    `.card, .card > table, .card > table > tbody > tr > td { background-color: ${dark.surface} !important; }`,
    `.words div, .words p, .words li, .words h1, .words h2, .words td, .words strong { color: ${dark.text} !important; }`,
    `.words a { color: ${dark.link} !important; }`,
    `.words .muted { color: ${dark.muted} !important; }`,
    `.line p { border-top-color: ${dark.line} !important; }`,
    `.words .row { border-color: ${dark.line} !important; }`,
    `.outline table td, .outline table a { color: ${dark.link} !important; border-color: ${dark.link} !important; }`,
    `.around div, .around p, .around a, .around li { color: ${dark.onPage} !important; }`,
    '}'
  ].join(' ');
}
