import type { NamedRow, SearchedTable } from '$lib/app/queries';
import type { Contact } from '$lib/core/rows/contacts';
import { words } from '$lib/i18n';
import type { CommandItem } from '$lib/ui/commands';
import type { IconName } from '$lib/ui/icons';
import { contactName } from '../contacts/contact-words';
import { address } from '../shared/address';

/** Where each kind of row is shown, and its sign. */
const SHOWN: Readonly<Record<SearchedTable, { icon: IconName; path: (id: string) => `/${string}` }>> = {
  automations: { icon: 'workflow', path: (id) => `/automations/${id}` },
  lists: { icon: 'list', path: (id) => `/contacts?list=${id}` },
  segments: { icon: 'chart-pie', path: (id) => `/segments/${id}` },
  templates: { icon: 'mail', path: (id) => `/messages/${id}` },
  smsTemplates: { icon: 'message-square', path: (id) => `/messages/sms/${id}` },
  pushTemplates: { icon: 'bell', path: (id) => `/messages/push/${id}` },
  forms: { icon: 'sticky-note', path: (id) => `/forms/${id}` },
  companies: { icon: 'building-2', path: (id) => `/companies?company=${id}` },
  deals: { icon: 'kanban', path: (id) => `/deals?deal=${id}` },
  tasks: { icon: 'clipboard-check', path: (id) => `/tasks?task=${id}` },
  programs: { icon: 'gift', path: (id) => `/loyalty/${id}` }
};

export function recordItem({ table, id, name }: NamedRow): CommandItem & { also: string } {
  const { icon, path } = SHOWN[table];
  const kind = words({ key: `search.kind.${table}` });
  return {
    id: `${table} ${id}`,
    label: name,
    detail: kind,
    also: kind,
    icon,
    href: address(path(encodeURIComponent(id)))
  };
}

export function contactItem(contact: Contact): CommandItem {
  const label = contactName(contact);
  const detail = contact.email ?? contact.phone;
  return {
    id: `contacts ${contact.id}`,
    label,
    detail: detail === label ? undefined : detail,
    icon: 'user-round',
    href: address(`/contacts/${encodeURIComponent(contact.id)}`)
  };
}
