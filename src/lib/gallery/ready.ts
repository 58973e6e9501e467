import type { AutomationsFile } from '$lib/records/exchange';

/** What a ready automation is for: the filter of the gallery. */
export const PURPOSES = ['welcome', 'sell', 'keep', 'serve'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** The text of a message below `gallery.ready.`, in the language of the templates. */
export type Text = (key: string) => string;

/** An automation that is ready to be used, with its templates and what else it needs. */
export interface ReadyAutomation {
  /** Its texts are the messages `gallery.ready.<id>`. */
  readonly id: string;
  readonly icon: string;
  readonly purpose: Purpose;
  /** `site`: the address that its buttons lead to, without a slash at the end. */
  readonly file: (text: Text, site: string) => AutomationsFile;
}

/** Under these ids a ready automation names who its messages come from. */
export const SENDER = 'sender';
export const SMS_SENDER = 'smsSender';
