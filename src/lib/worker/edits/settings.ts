import { update } from '$lib/core/changes';
import { isEmptyWindow, isTimeZone } from '$lib/core/calendar';
import { failed, ok } from '$lib/core/result';
import { settingsSchema } from '$lib/core/rows/automations';
import { brandSchema } from '$lib/core/rows/emails';
import { words } from '$lib/core/words';
import * as v from 'valibot';
import type { WorkerApi } from '../api';
import type { Desk } from '../desk';
import { LARGEST_HTML } from './messages';

export function settingsEdits(desk: Desk): WorkerApi['settings'] {
  return {
    save: (settings) =>
      desk.tryEdit(async (transaction) => {
        const before = await transaction.get('settings', 'workspace');
        if (!v.is(settingsSchema, { ...before, ...settings })) return failed(words('words.settings.invalid'));
        if (settings.timeZone !== undefined && !isTimeZone(settings.timeZone))
          return failed(words('words.settings.unknown_time_zone', { timeZone: settings.timeZone }));
        if (settings.sendWindow && isEmptyWindow(settings.sendWindow))
          return failed(words('words.problem.empty_window'));
        return ok({ effect: { changes: [update('settings', 'workspace', settings)], events: [] }, value: undefined });
      }),
    saveBrand: (brand, compiled) =>
      desk.tryEdit(async (transaction) => {
        if (!v.is(brandSchema, brand)) return failed(words('words.settings.invalid'));
        if (compiled.some(({ html }) => html.length > LARGEST_HTML)) return failed(words('words.template.too_large'));
        const { templates } = await transaction.view();
        const made = [...templates.values()].filter(({ source }) => source.editor === 'blocks');
        const given = new Map(compiled.map((template) => [template.id, template]));
        if (made.some(({ id, updatedAt }) => given.get(id)?.updatedAt !== updatedAt))
          return failed(words('words.brand.templates_changed'));
        const changes = [
          update('settings', 'workspace', { brand }),
          ...made.map(({ id }) => update('templates', id, { html: given.get(id)?.html }))
        ];
        return ok({ effect: { changes, events: [] }, value: undefined });
      })
  };
}
