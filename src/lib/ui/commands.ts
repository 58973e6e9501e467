import type { IconName } from './icons';

/** One line of a command dialog. */
export interface CommandItem {
  readonly id: string;
  readonly label: string;
  /** Small, at the right: what kind of thing it is, an address. */
  readonly detail?: string | undefined;
  readonly icon: IconName | (string & {});
  /** Where it leads. */
  readonly href?: string | undefined;
  readonly onselect?: (() => void) | undefined;
}

export interface CommandGroup {
  readonly id: string;
  readonly label: string;
  readonly items: readonly CommandItem[];
}
