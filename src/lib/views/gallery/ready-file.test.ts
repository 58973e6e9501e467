import { expect, test } from 'vitest';
import { GALLERY } from '$lib/gallery';
import * as texts from '$lib/i18n/paraglide/screens/messages/fr-by-key.js';

const ROOT = 'gallery.ready.';

test('each message of a ready automation is shown, and each that it asks for is there', () => {
  const asked = new Set<string>();
  const text = (key: string): string => {
    asked.add(ROOT + key);
    return key;
  };
  for (const { id, file } of GALLERY) {
    for (const part of ['name', 'about', 'detail', 'needs']) text(`${id}.${part}`);
    file(text, 'https://atelier.fr');
  }
  const known = Object.keys(texts).filter((key) => key.startsWith(ROOT));
  expect([...asked].sort()).toEqual(known.sort());
});
