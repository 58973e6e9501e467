import { update } from '$lib/core/changes';
import { isEmptyWindow, isTimeZone } from '$lib/core/calendar';
import { failed, ok } from '$lib/core/result';
import { settingsSchema } from '$lib/core/rows/automations';
import { words } from '$lib/core/words';
import * as v from 'valibot';
import type { WorkerApi } from '../api';
import type { Desk } from '../desk';

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
      })
  };
}
