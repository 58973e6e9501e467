import type { Catalogue } from '$lib/core/definitions';
import { defaultSettings, type AutomationSettings, type StepNode, type TriggerNode } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import type { Automation } from '$lib/core/rows/automations';
import type { WorkspaceView } from '$lib/core/tables';
import { hasWords, m, number, words } from '$lib/i18n';
import { branchName, unitName } from '$lib/views/catalogue/units';
import type { SyncConflict } from '$lib/views/devices/sync-types';
import { sentenceOf } from '../cards';
import { ownSettingText, settingLabel, settingText } from '../versions/setting-words';

/** One part of an automation that two devices have written, as one reads it. */
export interface ConflictPart {
  readonly pointer: string;
  readonly label: string;
  /** The step that it is of is not there any more. */
  readonly isGone: boolean;
  readonly sides: readonly { readonly stamp: string; readonly writer: string; readonly text: string; readonly holds: boolean }[]; // prettier-ignore
}

interface Around {
  readonly automation: Automation;
  readonly catalogue: Catalogue;
  readonly view: WorkspaceView;
  /** The number of a version. */
  readonly versionNumber: (id: Id) => number | undefined;
}

interface Said {
  readonly label: string;
  readonly isGone?: boolean;
  readonly text: (value: unknown) => string;
}

/** Parts in words. What this version of the app has no words for is nothing to choose. */
export function conflictParts(conflicts: readonly SyncConflict[], around: Around): ConflictPart[] {
  return conflicts.flatMap(({ pointer, sides }) => {
    const said = partOf(namesIn(pointer), sides.find(({ value }) => value !== undefined)?.value, around);
    if (said === null || sides.every(({ value }) => value === undefined)) return [];
    return {
      pointer,
      label: said.label,
      isGone: said.isGone ?? false,
      sides: sides.map(({ stamp, device, value }, at) => ({
        stamp,
        writer: device,
        text: value === undefined ? m['devices.conflicts.gone']() : said.text(value),
        holds: at === sides.length - 1
      }))
    };
  });
}

/** The names of a JSON Pointer (RFC 6901). */
function namesIn(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** `value`: what one of the sides has there. */
function partOf(names: readonly string[], value: unknown, around: Around): Said | null {
  const [table, part, name = '', id = '', ...below] = names;
  if (table === 'name') return { label: m['editor.name'](), text: plain };
  if (table === 'status')
    return {
      label: m['devices.conflicts.status'](),
      text: (value) => words({ key: `automations.status.${plain(value)}` })
    };
  if (table === 'activeVersionId')
    return { label: m['devices.conflicts.version'](), text: (value) => versionText(value, around) };
  if (table !== 'draft') return null;
  if (part === 'settings' && name in ALL_SETTINGS) return ownSetting(name as keyof AutomationSettings, around);
  if (part !== 'graph') return null;
  if (name === 'entry') return { label: m['devices.conflicts.entry'](), text: (value) => stepName(value, around) };
  if (name === 'notes' && id !== '') return { label: m['devices.conflicts.note'](), text: noteText };
  if (id === '') return null;
  return below.length === 0 ? wholeNode(value as TriggerNode | StepNode, around) : ofNode(id, below, around);
}

/** Each setting once. */
const ALL_SETTINGS: Required<{ readonly [K in keyof AutomationSettings]: true }> = {
  reentry: true,
  exit: true,
  restart: true,
  sendWindow: true,
  frequencyCap: true,
  late: true,
  ahead: true
};

function ownSetting(name: keyof AutomationSettings, { view }: Around): Said {
  return {
    label: settingLabel(name),
    text: (value) => ownSettingText(name, { ...defaultSettings(), [name]: value }, view)
  };
}

/** One device has removed it while another has changed it. */
function wholeNode(node: TriggerNode | StepNode, around: Around): Said {
  return { label: nodeName(node, around), text: () => m['devices.conflicts.stays']() };
}

function ofNode(id: Id, [part, name]: readonly string[], around: Around): Said | null {
  const node = nodeOf(id, around);
  const step = stepName(id, around);
  const said = (field: string, text: Said['text']): Said => ({
    label: m['devices.conflicts.of']({ step, field }),
    isGone: node === undefined,
    text
  });
  if (name === undefined) return null;
  if (part === 'fields') {
    const key = `catalogue.${node?.unit ?? ''}.fields.${name}`;
    const control = node && definitionOf(node.unit, around)?.fields[name]?.control;
    return said(hasWords(`${key}.label`) ? words({ key: `${key}.label` }) : name, (value) =>
      control ? settingText(control, value, key, around.view, (to) => stepName(to, around)) : bare(value)
    );
  }
  if (part !== 'next') return null;
  const branch = node && name !== 'next' ? branchName(node.unit, name, node.fields) : '';
  const way = branch === '' ? m['devices.conflicts.way']() : m['devices.conflicts.branch']({ branch });
  return said(way, (value) => stepName(value, around));
}

function nodeOf(id: Id, { automation }: Around): TriggerNode | StepNode | undefined {
  const { triggers, steps } = automation.draft.graph;
  return [...triggers, ...steps].find((node) => node.id === id);
}

function definitionOf(unit: string, { catalogue }: Around) {
  return catalogue.triggers.get(unit) ?? catalogue.steps.get(unit);
}

function stepName(id: unknown, around: Around): string {
  if (id === null) return m['editor.end']();
  const node = nodeOf(plain(id), around);
  return node === undefined ? m['journey.stepGone']() : nodeName(node, around);
}

function nodeName(node: TriggerNode | StepNode, around: Around): string {
  const sentence = sentenceOf(node, definitionOf(node.unit, around), around.view, around.automation.draft.graph);
  return [unitName(node.unit), sentence].filter(Boolean).join(' · ');
}

function versionText(id: unknown, { versionNumber }: Around): string {
  const found = versionNumber(plain(id));
  return found === undefined ? m['versions.nothing']() : m['versions.one']({ number: number(found) });
}

function noteText(note: unknown): string {
  return plain((note as { text?: unknown }).text) || m['versions.nothing']();
}

/** What nothing is known of any more is read where it is a text, and else only said to be other. */
function bare(value: unknown): string {
  return typeof value === 'object' ? m['versions.marks.changed']() : plain(value);
}

function plain(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : JSON.stringify(value);
}
