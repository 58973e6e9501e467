import { text } from '../fields';
import { defineEvent } from './define';

/** An event under a name of the user's own. Its other properties lie beside `name`. */
export const customEvent = defineEvent('custom.event', { name: text({ required: true, max: 200 }) });
