/** What this browser remembers about its person. The language is kept by i18n. `static/theme.js` reads `theme` before the first paint. */
export type Theme = 'system' | 'light' | 'dark';

const themes: readonly string[] = ['system', 'light', 'dark'] satisfies Theme[];
const stored = (name: string) =>
  typeof localStorage === 'undefined' ? null : localStorage.getItem(`ricochet.${name}`);

let theme = $state<Theme>(initialTheme());
let railCollapsed = $state(stored('rail') === 'collapsed');
let checklistHidden = $state(stored('checklist') === 'hidden');
/** Kinds and ids of what was opened from the search, last first. */
let recent = $state<readonly string[]>(stored('recent')?.split('\n').filter(Boolean) ?? []);
let testAddress = $state(stored('test-address') || null);
let minimapHidden = $state(stored('minimap') === 'hidden');
let lockAfter = $state<number | null>(Number(stored('lock-after')) || null);
let hasContacts = stored('contacts') === 'some';
let contactColumns = $state<readonly string[] | null>(stored('contact-columns')?.split(' ').filter(Boolean) ?? null);

export const preferences = {
  get theme(): Theme {
    return theme;
  },
  set theme(next: Theme) {
    theme = next;
    localStorage.setItem('ricochet.theme', next);
    if (next === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = next;
  },
  get railCollapsed(): boolean {
    return railCollapsed;
  },
  set railCollapsed(next: boolean) {
    railCollapsed = next;
    localStorage.setItem('ricochet.rail', next ? 'collapsed' : 'open');
  },
  /** The first steps on the home page were put away. */
  get checklistHidden(): boolean {
    return checklistHidden;
  },
  set checklistHidden(next: boolean) {
    checklistHidden = next;
    localStorage.setItem('ricochet.checklist', next ? 'hidden' : 'shown');
  },
  /** The small map of large automations was put away. */
  get minimapHidden(): boolean {
    return minimapHidden;
  },
  set minimapHidden(next: boolean) {
    minimapHidden = next;
    localStorage.setItem('ricochet.minimap', next ? 'hidden' : 'shown');
  },
  /** Ids of the columns of the contacts table, without the name; null until somebody has chosen. */
  get contactColumns(): readonly string[] | null {
    return contactColumns;
  },
  set contactColumns(next: readonly string[] | null) {
    contactColumns = next;
    localStorage.setItem('ricochet.contact-columns', (next ?? []).join(' '));
  },
  /** After how many minutes without anybody there the keys are locked; null: not before the app is closed. */
  get lockAfter(): number | null {
    return lockAfter;
  },
  set lockAfter(next: number | null) {
    lockAfter = next;
    localStorage.setItem('ricochet.lock-after', String(next ?? ''));
  },
  /** Whether there were contacts when they were looked at last: then their table is loaded before it is known that there are. */
  get hasContacts(): boolean {
    return hasContacts;
  },
  set hasContacts(next: boolean) {
    hasContacts = next;
    localStorage.setItem('ricochet.contacts', next ? 'some' : 'none');
  },
  /** Where emails are sent to be tried; null until one was. */
  get testAddress(): string | null {
    return testAddress;
  },
  set testAddress(next: string | null) {
    testAddress = next;
    localStorage.setItem('ricochet.test-address', next ?? '');
  },
  /** What was found and opened last: `contacts <id>`, `automations <id>` … */
  get recent(): readonly string[] {
    return recent;
  },
  remember(found: string): void {
    recent = [found, ...recent.filter((one) => one !== found)].slice(0, RECENT);
    localStorage.setItem('ricochet.recent', recent.join('\n'));
  }
};

const RECENT = 5;

function initialTheme(): Theme {
  const found = stored('theme');
  return themes.includes(found ?? '') ? (found as Theme) : 'system';
}
