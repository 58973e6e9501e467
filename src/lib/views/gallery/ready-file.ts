import type { Brand } from '$lib/core/rows/emails';
import type { ReadyAutomation, Text } from '$lib/gallery';
import { loadTexts, textIn, type Locale } from '$lib/i18n';
import type { AutomationsFile } from '$lib/records/exchange';
import { compiledFile } from '../exchange/compiled-file';

/** The gallery's texts in a language; one that is missing is a bug. */
export function textsIn(language: Locale): Text {
  return (key) => {
    const text = textIn(language, `gallery.ready.${key}`);
    if (text === null) throw new Error(`gallery.ready.${key} is missing in ${language}`);
    return text;
  };
}

/** A ready automation as it is placed: its emails are in the language and compiled, and lead to the site. */
export async function readyFile(
  ready: ReadyAutomation,
  { language, site, brand }: { language: Locale; site: string; brand?: Brand | undefined }
): Promise<AutomationsFile> {
  await loadTexts(language);
  return compiledFile(ready.file(textsIn(language), site), { language, brand });
}
