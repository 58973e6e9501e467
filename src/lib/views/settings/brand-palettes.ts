import type { Brand } from '$lib/core/rows/emails';

export type BrandColours = Pick<Brand, 'accent' | 'text' | 'background' | 'surface'>;

/** Colours that go together, to begin with. Named by `settings.brand.palette.ID`. */
export const BRAND_PALETTES = [
  { id: 'clay', accent: '#b93a24', text: '#1d1f2b', background: '#f6f4ef', surface: '#ffffff' },
  { id: 'sea', accent: '#1f6f8b', text: '#14252d', background: '#edf3f5', surface: '#ffffff' },
  { id: 'forest', accent: '#2f6b3f', text: '#1c2620', background: '#f0f4ec', surface: '#fffefb' },
  { id: 'plum', accent: '#7b3f74', text: '#2a1d2a', background: '#f7f1f5', surface: '#ffffff' },
  { id: 'honey', accent: '#b97a00', text: '#2b2418', background: '#faf3e1', surface: '#fffdf7' },
  { id: 'night', accent: '#f0b64a', text: '#f1efe9', background: '#15171f', surface: '#1f222d' }
] as const satisfies readonly (BrandColours & { id: string })[];

/** The colours alone. */
export function coloursOf({ accent, text, background, surface }: BrandColours): BrandColours {
  return { accent, text, background, surface };
}

export function isSameColours(one: BrandColours, other: BrandColours): boolean {
  return JSON.stringify(coloursOf(one)) === JSON.stringify(coloursOf(other));
}
