import { folded, m, words } from '$lib/i18n';
import type { IconName } from '$lib/ui/icons';

/** The screens that guides lead to, by name. */
const SCREENS = {
  '/': m['nav.home'],
  '/attention': m['attention.title'],
  '/automations/gallery': m['gallery.title'],
  '/contacts/import': m['imports.title'],
  '/forms': m['forms.title'],
  '/join': m['devices.join.title'],
  '/lists': m['nav.lists'],
  '/outbox': m['nav.outbox'],
  '/segments': m['nav.segments'],
  '/settings': m['nav.settings'],
  '/settings/backup': m['settings.backup.title'],
  '/settings/devices': m['devices.title'],
  '/settings/relay': m['relay.title'],
  '/settings/providers': m['settings.providers.title'],
  '/settings/security': m['settings.security.title'],
  '/settings/senders': m['settings.senders.title'],
  '/settings/storage': m['settings.storage.title']
};
type ScreenPath = keyof typeof SCREENS;

/** A part of a guide; its texts are the messages `guides.<guide>.<id>`. */
export interface GuideSection {
  readonly id: string;
  /** The screen that it speaks of. */
  readonly path?: ScreenPath;
}

/** What the help explains beyond single units; its texts are the messages `guides.<id>`. */
export interface Guide {
  readonly id: string;
  readonly icon: IconName;
  readonly sections: readonly GuideSection[];
}

/** In the order in which somebody new would read them. */
export const GUIDES: readonly Guide[] = [
  {
    id: 'start',
    icon: 'sparkles',
    sections: [
      { id: 'example', path: '/' },
      { id: 'contacts', path: '/contacts/import' },
      { id: 'ready', path: '/automations/gallery' },
      { id: 'try' },
      { id: 'publish' }
    ]
  },
  {
    id: 'timing',
    icon: 'clock',
    sections: [
      { id: 'entry' },
      { id: 'steps' },
      { id: 'waits' },
      { id: 'daily' },
      { id: 'hours', path: '/settings' },
      { id: 'loops' }
    ]
  },
  {
    id: 'closed',
    icon: 'moon',
    sections: [{ id: 'waits' }, { id: 'again' }, { id: 'late' }, { id: 'tabs' }, { id: 'open' }]
  },
  {
    id: 'providers',
    icon: 'plug',
    sections: [
      { id: 'how' },
      { id: 'brevo', path: '/settings/providers' },
      { id: 'others', path: '/settings/providers' },
      { id: 'sms', path: '/settings/providers' },
      { id: 'senders', path: '/settings/senders' },
      { id: 'keys', path: '/settings/security' },
      { id: 'webhooks' },
      { id: 'relay', path: '/settings/relay' },
      { id: 'inboxes', path: '/settings/relay' },
      { id: 'site', path: '/settings/relay' }
    ]
  },
  {
    id: 'trouble',
    icon: 'circle-alert',
    sections: [
      { id: 'retry', path: '/outbox' },
      { id: 'paused', path: '/settings/providers' },
      { id: 'doubt' },
      { id: 'decide', path: '/attention' },
      { id: 'policy' }
    ]
  },
  {
    id: 'changing',
    icon: 'git-branch',
    sections: [{ id: 'draft' }, { id: 'underway' }, { id: 'versions' }, { id: 'pause' }, { id: 'journal' }]
  },
  {
    id: 'personal',
    icon: 'user-pen',
    sections: [{ id: 'placeholders' }, { id: 'fallback' }, { id: 'events' }, { id: 'conditions' }]
  },
  {
    id: 'people',
    icon: 'users',
    sections: [{ id: 'lists', path: '/lists' }, { id: 'segments', path: '/segments' }, { id: 'filters' }, { id: 'why' }]
  },
  {
    id: 'forms',
    icon: 'sticky-note',
    sections: [
      { id: 'ways', path: '/forms' },
      { id: 'page', path: '/settings/relay' },
      { id: 'agreeing' },
      { id: 'confirming' },
      { id: 'strangers' },
      { id: 'profile', path: '/forms' },
      { id: 'robots' },
      { id: 'kiosk', path: '/forms' }
    ]
  },
  {
    id: 'consent',
    icon: 'shield-check',
    sections: [{ id: 'kinds' }, { id: 'leaving' }, { id: 'access' }, { id: 'erase' }]
  },
  {
    id: 'devices',
    icon: 'smartphone',
    sections: [
      { id: 'setUp', path: '/settings/devices' },
      { id: 'join', path: '/join' },
      { id: 'runs', path: '/settings/devices' },
      { id: 'offline' },
      { id: 'conflicts' },
      { id: 'lost', path: '/settings/devices' },
      { id: 'server' }
    ]
  },
  {
    id: 'data',
    icon: 'hard-drive',
    sections: [
      { id: 'where' },
      { id: 'keep', path: '/settings/storage' },
      { id: 'backup', path: '/settings/backup' },
      { id: 'keys' }
    ]
  }
];

export const guideTitle = (id: string): string => words({ key: `guides.${id}.title` });
export const guideLead = (id: string): string => words({ key: `guides.${id}.lead` });
export const sectionTitle = (guide: string, id: string): string => words({ key: `guides.${guide}.${id}.title` });

/** The paragraphs of a section. */
export function sectionText(guide: string, id: string): string[] {
  return words({ key: `guides.${guide}.${id}.text` }).split('\n');
}

/** All of its text, for search. */
export function guideText({ id, sections }: Guide): string {
  return [
    guideTitle(id),
    guideLead(id),
    ...sections.flatMap((section) => [sectionTitle(id, section.id), ...sectionText(id, section.id)])
  ].join(' ');
}

/** Guides that hold all the words asked for, anywhere in their text. */
export function guidesAbout(query: string): Guide[] {
  const asked = folded(query).split(/\s+/).filter(Boolean);
  return GUIDES.filter((guide) => {
    const text = folded(guideText(guide));
    return asked.every((word) => text.includes(word));
  });
}

/** What the screen at an address is called. */
export function screenName(path: ScreenPath): string {
  return SCREENS[path]();
}
