import { update } from '$lib/core/changes';
import { isEmptyWindow, isTimeZone } from '$lib/core/calendar';
import { failed, ok } from '$lib/core/result';
import { settingsSchema } from '$lib/core/rows/automations';
import { words } from '$lib/core/words';
import * as v from 'valibot';
import type { WorkerApi } from '../api';
import type { Desk } from '../desk';
import { LARGEST_HTML } from './messages';

export function settingsEdits(desk: Desk): WorkerApi['settings'] {
  return {
    save: (settings, compiled = []) =>
      desk.tryEdit(async (transaction) => {
        const before = await transaction.get('settings', 'workspace');
        if (!v.is(settingsSchema, { ...before, ...settings })) return failed(words('words.settings.invalid'));
        if (settings.timeZone !== undefined && !isTimeZone(settings.timeZone))
          return failed(words('words.settings.unknown_time_zone', { timeZone: settings.timeZone }));
        if (settings.sendWindow && isEmptyWindow(settings.sendWindow))
          return failed(words('words.problem.empty_window'));
        if (compiled.some(({ html }) => html.length > LARGEST_HTML)) return failed(words('words.template.too_large'));
        const { brand, language = before?.language } = settings;
        const made =
          brand !== undefined || language !== before?.language
            ? [...(await transaction.view()).templates.values()].filter(({ source }) => source.editor === 'blocks')
            : [];
        const given = new Map(compiled.map((template) => [template.id, template]));
        if (made.some(({ id, updatedAt }) => given.get(id)?.updatedAt !== updatedAt))
          return failed(words('words.settings.templates_changed'));
        const changes = [
          update('settings', 'workspace', settings),
          ...made.map(({ id }) => update('templates', id, { html: given.get(id)?.html }))
        ];
        return ok({ effect: { changes, events: [] }, value: undefined });
      })
  };
}
