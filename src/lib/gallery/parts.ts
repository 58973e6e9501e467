import { defaultSettings, type AutomationSettings, type Graph, type StepNode, type TimeWindow } from '$lib/core/graph';
import type { Assignment, Moment } from '$lib/core/fields';
import type { FilterTree } from '$lib/core/filter-tree';
import type { EmailBlock } from '$lib/core/rows/emails';
import {
  AUTOMATIONS_FORMAT,
  AUTOMATIONS_VERSION,
  TAKEN_TABLES,
  type AutomationsFile,
  type TakenRow
} from '$lib/records/exchange';
import { SENDER, SMS_SENDER, type Text } from './ready';

/* What ready automations are put together from: steps, templates, and the file around them. Ids count within one file. */

type Amount = `${number} ${'minutes' | 'hours' | 'days' | 'weeks' | 'months'}`;

/** Every day, when nobody is woken. */
export const BY_DAY: TimeWindow = { days: [1, 2, 3, 4, 5, 6, 7], from: '09:00', to: '20:00' };
export const OFFICE_HOURS: TimeWindow = { days: [1, 2, 3, 4, 5], from: '09:00', to: '18:00' };

export function sendEmail(
  id: string,
  template: string,
  next: string | null,
  { type = 'marketing' }: { type?: 'marketing' | 'transactional' } = {}
): StepNode {
  const fields = { templateId: template, senderId: SENDER, type, tag: '', onFailure: 'wait' };
  return { id, unit: 'email.send', version: 1, fields, next: { sent: next, failed: null } };
}

export function sendSms(id: string, template: string, next: string | null): StepNode {
  const fields = {
    templateId: template,
    text: '',
    senderId: SMS_SENDER,
    type: 'transactional',
    tag: '',
    onFailure: 'wait'
  };
  return { id, unit: 'sms.send', version: 1, fields, next: { sent: next, failed: null } };
}

export function delay(id: string, amount: Amount, next: string | null, window: TimeWindow | null = null): StepNode {
  return { id, unit: 'rule.delay', version: 1, fields: { duration: durationOf(amount), window }, next: { next } };
}

export function waitFor(
  id: string,
  event: string,
  limit: Amount,
  { yes, no }: { yes: string | null; no: string | null },
  settings: Readonly<Record<string, unknown>> = {}
): StepNode {
  const fields = { event, settings, limit: durationOf(limit), window: 'auto' };
  return { id, unit: 'rule.wait_for_event', version: 2, fields, next: { yes, no } };
}

export function split(
  id: string,
  branches: readonly { id: string; name: string; filters: FilterTree; next: string | null }[],
  otherwise: string | null
): StepNode {
  return {
    id,
    unit: 'rule.split',
    version: 1,
    fields: { branches: branches.map(({ next: _next, ...branch }) => branch) },
    next: { ...Object.fromEntries(branches.map((branch) => [branch.id, branch.next])), default: otherwise }
  };
}

export function createTask(id: string, title: string, due: Moment, next: string | null): StepNode {
  const fields = { typeId: 'taskType', title, due, ownerId: null, note: '' };
  return { id, unit: 'task.create', version: 1, fields, next: { next } };
}

export function assign(id: string, assignment: Assignment, next: string | null): StepNode {
  return { id, unit: 'contact.update_attribute', version: 1, fields: { assignment }, next: { next } };
}

export function addToList(id: string, listId: string, next: string | null): StepNode {
  return { id, unit: 'contact.add_to_list', version: 1, fields: { listId }, next: { next } };
}

export function removeFromList(id: string, listId: string, next: string | null): StepNode {
  return { id, unit: 'contact.remove_from_list', version: 1, fields: { listId }, next: { next } };
}

/** What is in the cart, or was ordered. */
export function products(from: 'cart' | 'order'): EmailBlock {
  return { id: 'products', type: 'products', from };
}

/** So many days on, at an hour. */
export function inDays(days: number, time = '10:00'): Moment {
  return { at: 'days', days, time };
}

export function durationOf(amount: Amount) {
  const [count, unit] = amount.split(' ') as [string, 'days'];
  return { amount: Number(count), unit };
}

/** An email of the automation `of`: heading, text, a button, what comes after it, the sender's name. */
export function emailOf(
  text: Text,
  of: string,
  id: string,
  { url, after, more = [] }: { url?: string; after?: boolean; more?: readonly EmailBlock[] } = {}
): TakenRow<'templates'> {
  const said = (part: string): string => text(`${of}.emails.${id}.${part}`);
  return {
    id,
    name: said('name'),
    channel: 'email',
    subject: said('subject'),
    preheader: said('preheader'),
    source: {
      editor: 'blocks',
      blocks: [
        { id: 'heading', type: 'heading', text: said('heading') },
        { id: 'text', type: 'text', text: said('text') },
        ...more,
        ...(url === undefined ? [] : [{ id: 'button', type: 'button' as const, text: said('button'), url }]),
        ...(after ? [{ id: 'after', type: 'text' as const, text: said('after') }] : []),
        { id: 'sign', type: 'text', text: text('shared.sign') }
      ]
    },
    html: ''
  };
}

/** The file of one automation; what it does not need is left out. */
export function fileOf(
  text: Text,
  {
    id,
    graph,
    settings = {},
    note,
    mentions = [{ table: 'senders', id: SENDER, name: '' }],
    ...rows
  }: {
    id: string;
    graph: Omit<Graph, 'notes'>;
    settings?: Partial<AutomationSettings>;
    /** What the creator has to do first, beside the way in. */
    note?: string;
  } & Partial<Omit<AutomationsFile, 'format' | 'version' | 'automations'>>
): AutomationsFile {
  const notes = note === undefined ? [] : [{ id: 'note', text: note, position: { x: -376, y: 0 } }];
  return {
    format: AUTOMATIONS_FORMAT,
    version: AUTOMATIONS_VERSION,
    automations: [
      { id, name: text(`${id}.name`), graph: { ...graph, notes }, settings: { ...defaultSettings(), ...settings } }
    ],
    mentions,
    ...(Object.fromEntries(TAKEN_TABLES.map((table) => [table, rows[table] ?? []])) as Pick<
      AutomationsFile,
      (typeof TAKEN_TABLES)[number]
    >)
  };
}
