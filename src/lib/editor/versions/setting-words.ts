import type { Catalogue } from '$lib/core/definitions';
import type { Assignment, Control, Moment } from '$lib/core/fields';
import { conditionsOf, type FilterTree } from '$lib/core/filter-tree';
import type { AutomationSettings, EventCondition, FrequencyCap, Late, Reentry, TimeWindow } from '$lib/core/graph';
import type { Money } from '$lib/core/money';
import { referredName } from '$lib/core/references';
import type { WorkspaceView } from '$lib/core/tables';
import { durationWords } from '$lib/core/words';
import { settingsOf, type NodeDiff, type VersionDiff } from '$lib/engine/version-diff';
import { conditionWords } from '$lib/filters/words';
import { dateTime, hasWords, list, locale, m, money, number, words } from '$lib/i18n';
import { unitName } from '$lib/views/catalogue/units';

/** A setting that differs, as one reads it. */
export interface SettingChange {
  readonly label: string;
  readonly before: string;
  readonly after: string;
}

/** What differs in the settings of a trigger or step, old and new. */
export function nodeChanges(
  diff: NodeDiff,
  catalogue: Catalogue,
  view: WorkspaceView,
  stepName: (id: string) => string
) {
  const { before, after, fields } = diff;
  if (!before || !after) return [];
  const definition = catalogue.triggers.get(after.unit) ?? catalogue.steps.get(after.unit);
  const old = settingsOf(before, catalogue);
  const now = settingsOf(after, catalogue);
  return fields.map((name): SettingChange => {
    const control = definition?.fields[name]?.control;
    const label = words({ key: `catalogue.${after.unit}.fields.${name}.label` });
    const said = (value: unknown) =>
      control ? settingText(control, value, `catalogue.${after.unit}.fields.${name}`, view, stepName) : plain(value);
    return differing({ label, before: said(old[name]), after: said(now[name]) });
  });
}

/** Two settings that read the same are said to differ all the same. */
function differing(change: SettingChange): SettingChange {
  return change.before === change.after ? { ...change, after: m['versions.otherwise']() } : change;
}

/** What a setting of a trigger or step says. `key`: of the field's messages. */
export function settingText(
  control: Control,
  value: unknown,
  key: string,
  view: WorkspaceView,
  stepName: (id: string) => string
): string {
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0))
    return m['versions.nothing']();
  switch (control.kind) {
    case 'yesNo':
      return value === true ? m['events.yes']() : m['events.no']();
    case 'number':
      return typeof value === 'number' ? number(value) : plain(value);
    case 'choice':
      return hasWords(`${key}.options.${plain(value)}`)
        ? words({ key: `${key}.options.${plain(value)}` })
        : plain(value);
    case 'instant':
      return dateTime(value as number);
    case 'money':
      return money(value as Money);
    case 'duration':
    case 'limit':
      return words(durationWords(value as { amount: number; unit: string }));
    case 'window':
      return windowText(value as TimeWindow);
    case 'reference': {
      const ids = Array.isArray(value) ? (value as string[]) : [value as string];
      return list(ids.map((id) => referredName(view, control.table, id) ?? m['versions.gone']()));
    }
    case 'step':
      return stepName(value as string);
    case 'filters':
    case 'eventFilters':
      return filtersText(value as FilterTree, view);
    case 'triggerFields': {
      const { filters = null, ...others } = value as { filters?: FilterTree | null };
      const said = Object.values(others).map(plain).filter(Boolean);
      return [...said, ...(filters ? [filtersText(filters, view)] : [])].join(' · ') || m['versions.nothing']();
    }
    case 'branches':
      return (value as { name: string; filters: FilterTree | null }[])
        .map(({ name, filters }) => (filters ? `${name} (${filtersText(filters, view)})` : name))
        .join(' · ');
    case 'assignment': {
      const { attributeId, value: assigned } = value as Assignment;
      const name = view.attributes.get(attributeId)?.name ?? attributeId;
      const to = Object.entries(assigned).flatMap(([part, one]) => (part === 'from' ? [] : [plain(one)]));
      return [name, words({ key: `fields.ways.${assigned.from}` }), ...to].join(' · ');
    }
    case 'eventType':
      return unitName(plain(value));
    case 'moment': {
      const moment = value as Moment;
      return moment.at === 'instant'
        ? dateTime(moment.instant)
        : `${words({ key: 'words.duration.days', params: { count: moment.days } })} · ${moment.time}`;
    }
    case 'secret':
      return m['versions.secret']();
    case 'pairs':
      return (value as { name: string; value: string; secret?: boolean }[])
        .map(({ name, value: one, secret }) => `${name}: ${secret ? m['versions.secret']() : one}`) // prettier-ignore
        .join(' · ');
    default:
      return plain(value);
  }
}

/** What differs in the settings of an automation. */
export function settingsChanges(
  { settings: names }: VersionDiff,
  before: AutomationSettings,
  after: AutomationSettings,
  view: WorkspaceView
): SettingChange[] {
  return names.map((name) =>
    differing({
      label: settingLabel(name),
      before: ownSettingText(name, before, view),
      after: ownSettingText(name, after, view)
    })
  );
}

/** What a setting of an automation is called. */
export function settingLabel(name: keyof AutomationSettings): string {
  const labels: { readonly [K in keyof AutomationSettings]-?: () => string } = {
    reentry: m['editor.settings.reentry'],
    exit: m['editor.settings.exit'],
    restart: m['editor.settings.restart'],
    sendWindow: m['editor.settings.window'],
    frequencyCap: m['editor.settings.cap'],
    late: m['editor.settings.late'],
    ahead: m['editor.settings.ahead']
  };
  return labels[name]();
}

/** What a setting of an automation says. */
export function ownSettingText(
  name: keyof AutomationSettings,
  settings: AutomationSettings,
  view: WorkspaceView
): string {
  const said: { readonly [K in keyof AutomationSettings]-?: (settings: AutomationSettings) => string } = {
    reentry: ({ reentry }) => reentryText(reentry),
    exit: ({ exit }) => conditionsText(exit, view),
    restart: ({ restart }) => conditionsText(restart, view),
    sendWindow: ({ sendWindow }) => (sendWindow ? windowText(sendWindow) : m['versions.inherited']()),
    frequencyCap: ({ frequencyCap }) => (frequencyCap ? capText(frequencyCap) : m['versions.inherited']()),
    late: ({ late }) => lateText(late ?? null),
    ahead: ({ ahead = false }) => (ahead ? m['events.yes']() : m['events.no']())
  };
  return said[name](settings);
}

function lateText(late: Late | null): string {
  const does = words({ key: `editor.settings.lateness.${late?.does ?? 'run'}` });
  return late ? `${does} · ${words(durationWords(late.after))}` : does;
}

function reentryText(reentry: Reentry): string {
  const mode = words({ key: `editor.settings.modes.${reentry.mode}.label` });
  if (reentry.mode === 'parallel') return `${mode} · ${reentry.keyProperty}`;
  return reentry.mode === 'after_leaving' && reentry.pause ? `${mode} · ${words(durationWords(reentry.pause))}` : mode;
}

function conditionsText(conditions: readonly EventCondition[], view: WorkspaceView): string {
  const said = conditions.map(({ event, filters }) =>
    filters ? `${unitName(event)} (${filtersText(filters, view)})` : unitName(event)
  );
  return said.join(' · ') || m['versions.nothing']();
}

function capText({ count, days }: FrequencyCap): string {
  return m['versions.cap']({
    count: number(count),
    days: words({ key: 'words.duration.days', params: { count: days } })
  });
}

function windowText({ days, from, to }: TimeWindow): string {
  // 1 January 2024 was a Monday.
  const names = days.map((day) => new Intl.DateTimeFormat(locale(), { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2024, 0, day))); // prettier-ignore
  return `${days.length === 7 ? m['versions.everyDay']() : list(names)} · ${from}–${to}`;
}

function filtersText(tree: FilterTree, view: WorkspaceView): string {
  return conditionsOf(tree)
    .map((condition) => words(conditionWords(condition, view)))
    .join(' · ');
}

function plain(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : JSON.stringify(value);
}
