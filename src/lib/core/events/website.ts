import { text, url } from '../fields';
import { defineEvent } from './define';

export const pageVisited = defineEvent('page.visited', {
  url: url({ required: true }),
  title: text(),
  referrer: url()
});
