import type { IconName } from '$lib/ui/icons';

/** One screen in the navigation. */
export type NavigationEntry = {
  id: string;
  href: string;
  label: string;
  /** Where there is little room. */
  shortLabel?: string | undefined;
  icon: IconName;
  /** The everyday screens stand first, the others under 'More'. */
  group: 'main' | 'more';
  /** One of the five at the bottom of a phone. */
  onBar?: boolean | undefined;
  /** How many things there ask for a look. */
  waiting?: number | undefined;
};

/** What the line at the foot of the rail says about the state of things. */
export type ShellStatus = { tone: 'good' | 'warn' | 'bad' | 'neutral'; text: string; href?: string | undefined };

/** The entry a path belongs to: the longest address it starts with. */
export function currentEntry(entries: readonly NavigationEntry[], path: string): string | undefined {
  const tidy = path.replace(/\/+$/, '');
  return entries
    .filter(({ href }) => {
      const base = href.replace(/\/+$/, '');
      return base === '' || base === rootOf(entries) ? tidy === base : tidy === base || tidy.startsWith(`${base}/`);
    })
    .sort((one, other) => other.href.length - one.href.length)[0]?.id;
}

/** The home screen's address is the start of all others; it is current only on itself. */
function rootOf(entries: readonly NavigationEntry[]): string {
  return entries.map(({ href }) => href.replace(/\/+$/, '')).sort((one, other) => one.length - other.length)[0] ?? '';
}

/** Whether a path leads to one of the views of an automation, which have panels of their own on both sides. */
export function showsAutomation(path: string): boolean {
  return /\/automations\/(?!gallery|import)./.test(path);
}
