// Tests read texts at once, in both languages.
import { loadTexts, locales } from '$lib/i18n';

await Promise.all(locales.map((language) => loadTexts(language)));
