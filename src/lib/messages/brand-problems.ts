import type { Brand } from '$lib/core/rows/emails';
import { words, type Words } from '$lib/core/words';
import { contrast, shifted } from './colours';

/** What readers would have trouble with, of which setting, and a colour near the chosen one that is free of it. */
export interface BrandProblem {
  readonly setting: 'text' | 'accent' | 'logoUrl' | 'footer';
  readonly words: Words;
  readonly better?: string;
}

/** Text needs WCAG's contrast of 4.5, the shape of a button 3. Links are darkened as far as they need: they are no problem. */
export function brandProblems({ text, accent, surface, logoUrl, footer }: Brand): BrandProblem[] {
  const problems: BrandProblem[] = [];
  if (contrast(text, surface) < 4.5)
    problems.push({ setting: 'text', words: words('words.brand.text_faint'), better: shifted(text, surface) });
  if (contrast(accent, surface) < 3)
    problems.push({ setting: 'accent', words: words('words.brand.accent_faint'), better: shifted(accent, surface, 3) });
  if (logoUrl.trim() !== '' && !/^https:\/\/[^\s]+$/i.test(logoUrl.trim()))
    problems.push({ setting: 'logoUrl', words: words('words.brand.logo_not_https') });
  if (footer.trim() === '') problems.push({ setting: 'footer', words: words('words.brand.no_address') });
  return problems;
}
