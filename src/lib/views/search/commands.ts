import { preferences, type Theme } from '$lib/app/preferences.svelte';
import { catalogue } from '$lib/catalogue/registry';
import { locale, locales, m, setLocale, words } from '$lib/i18n';
import type { CommandItem } from '$lib/ui/commands';
import type { IconName } from '$lib/ui/icons';
import { createAutomation } from '../automations/create';
import { unitHelp, unitName } from '../catalogue/units';
import { GUIDES, guideText, guideTitle } from '../help/guides';
import { address } from '../shared/address';

type Item = CommandItem & { also?: string | undefined };

const THEMES: Readonly<Record<Theme, IconName>> = { light: 'sun', dark: 'moon', system: 'monitor' };

/** What can be done from anywhere. */
export function actions(): Item[] {
  const leads = (id: string, icon: IconName, path: `/${string}`): Item => ({
    id: `do ${id}`,
    label: words({ key: `search.do.${id}` }),
    icon,
    href: address(path)
  });
  return [
    {
      id: 'do newAutomation',
      label: m['search.do.newAutomation'](),
      icon: 'workflow',
      onselect: () => void createAutomation()
    },
    leads('gallery', 'layout-template', '/automations/gallery'),
    leads('importAutomations', 'import', '/automations/import'),
    leads('newContact', 'user-plus', '/contacts?new'),
    leads('newEmail', 'mail', '/messages/new'),
    leads('importContacts', 'file-text', '/contacts/import'),
    leads('exportContacts', 'download', '/contacts?export'),
    leads('newDeal', 'briefcase-business', '/deals?new'),
    leads('newTask', 'clipboard-check', '/tasks?new'),
    leads('newList', 'list', '/lists?new'),
    leads('newSegment', 'chart-pie', '/segments/new'),
    leads('newForm', 'sticky-note', '/forms?new'),
    leads('newCompany', 'building-2', '/companies?new'),
    leads('recordEvent', 'activity', '/events?new'),
    leads('brand', 'palette', '/settings/brand'),
    leads('attention', 'circle-alert', '/attention'),
    leads('devices', 'smartphone', '/settings/devices'),
    leads('backup', 'hard-drive', '/settings/backup'),
    ...(Object.keys(THEMES) as Theme[])
      .filter((theme) => theme !== preferences.theme)
      .map((theme) => ({
        id: `do ${theme}`,
        label: words({ key: `search.do.${theme}` }),
        icon: THEMES[theme],
        onselect: () => (preferences.theme = theme)
      })),
    ...locales
      .filter((language) => language !== locale())
      .map((language) => ({
        id: `do ${language}`,
        label: words({ key: `language.${language}` }),
        also: m['language.label'](),
        icon: 'languages' as const,
        onselect: () => void setLocale(language)
      }))
  ];
}

/** What the help explains, and what it says of each trigger, action and rule. */
export function helpItems(): Item[] {
  const guides = GUIDES.map((guide): Item => ({
    id: `guide ${guide.id}`,
    label: guideTitle(guide.id),
    detail: m['search.kind.guide'](),
    also: guideText(guide),
    icon: guide.icon,
    href: address(`/help/${guide.id}`)
  }));
  const units = [...catalogue.triggers.values(), ...catalogue.steps.values()].map(({ id, kind, icon }): Item => ({
    id: `help ${id}`,
    label: unitName(id),
    detail: words({ key: `search.kind.${kind}` }),
    also: unitHelp(id),
    icon,
    href: address(`/help?unit=${encodeURIComponent(id)}`)
  }));
  return [...guides, ...units];
}
