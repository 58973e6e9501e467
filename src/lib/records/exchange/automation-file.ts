import type { Catalogue } from '$lib/core/definitions';
import { automationSettingsSchema, graphSchema, type Graph } from '$lib/core/graph';
import { failed, ok, type Result } from '$lib/core/result';
import { REFERENCE_TABLES } from '$lib/core/references';
import { attributeSchema, listSchema, segmentSchema } from '$lib/core/rows/contacts';
import { pipelineSchema, taskTypeSchema } from '$lib/core/rows/crm';
import { formSchema } from '$lib/core/rows/forms';
import { programSchema } from '$lib/core/rows/loyalty';
import { pushTemplateSchema, smsTemplateSchema, templateSchema } from '$lib/core/rows/messages';
import { words, type Words } from '$lib/core/words';
import { programRefusal } from '$lib/records/loyalty/programs';
import { readStages } from '$lib/records/pipelines';
import * as v from 'valibot';

export const AUTOMATIONS_FORMAT = 'ricochet-automations';
export const AUTOMATIONS_VERSION = 1;

const LONGEST_TEXT = 100_000;
const id = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const name = v.pipe(v.string(), v.maxLength(500));
const own = ['createdAt', 'example'] as const;
const changed = ['createdAt', 'updatedAt', 'example'] as const;
const some = <T extends v.GenericSchema>(schema: T) => v.optional(v.pipe(v.array(schema), v.maxLength(1_000)), []);

/** What automations refer to and take along. A row's id counts within the file alone. */
const TAKEN_ALONG = {
  attributes: v.omit(attributeSchema, ['createdAt']),
  companyAttributes: v.omit(attributeSchema, ['createdAt']),
  dealAttributes: v.omit(attributeSchema, ['createdAt']),
  lists: v.omit(listSchema, own),
  segments: v.omit(segmentSchema, changed),
  pipelines: v.omit(pipelineSchema, own),
  taskTypes: v.omit(taskTypeSchema, ['createdAt']),
  forms: v.omit(formSchema, changed),
  programs: v.omit(programSchema, own),
  templates: v.omit(templateSchema, changed),
  smsTemplates: v.omit(smsTemplateSchema, changed),
  pushTemplates: v.omit(pushTemplateSchema, changed)
} as const;

export type TakenTable = keyof typeof TAKEN_ALONG;
export const TAKEN_TABLES = Object.keys(TAKEN_ALONG) as TakenTable[];
/** Those whose rows say when they were changed last. */
export const HAVE_CHANGES: ReadonlySet<string> = new Set<TakenTable>([
  'segments',
  'forms',
  'templates',
  'smsTemplates',
  'pushTemplates'
]);
export type TakenRow<T extends TakenTable = TakenTable> = v.InferOutput<(typeof TAKEN_ALONG)[T]>;

export function isTaken(table: string): table is TakenTable {
  return Object.hasOwn(TAKEN_ALONG, table);
}

/** A row without what belongs to its workspace alone: when it was made, whether it is an example. */
export function takenRow<T extends TakenTable>(table: T, row: object): TakenRow<T> {
  return v.parse(TAKEN_ALONG[table], row);
}

/**
 * Automations as a file that another workspace can read: their drafts, what they refer to, and the names of what stays behind
 * because it is somebody's own (senders, users, provider accounts, other automations). No secrets, no contacts.
 */
export const automationsFileSchema = v.object({
  format: v.literal(AUTOMATIONS_FORMAT),
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  exportedAt: v.optional(v.pipe(v.string(), v.isoTimestamp())),
  automations: v.pipe(
    v.array(v.object({ id, name, graph: graphSchema, settings: automationSettingsSchema })),
    v.minLength(1),
    v.maxLength(200)
  ),
  /** What is named only. */
  mentions: some(v.object({ table: v.picklist(REFERENCE_TABLES), id, name })),
  attributes: some(TAKEN_ALONG.attributes),
  companyAttributes: some(TAKEN_ALONG.companyAttributes),
  dealAttributes: some(TAKEN_ALONG.dealAttributes),
  lists: some(TAKEN_ALONG.lists),
  segments: some(TAKEN_ALONG.segments),
  pipelines: some(TAKEN_ALONG.pipelines),
  taskTypes: some(TAKEN_ALONG.taskTypes),
  forms: some(TAKEN_ALONG.forms),
  programs: some(TAKEN_ALONG.programs),
  templates: some(TAKEN_ALONG.templates),
  smsTemplates: some(TAKEN_ALONG.smsTemplates),
  pushTemplates: some(TAKEN_ALONG.pushTemplates)
});
export type AutomationsFile = v.InferOutput<typeof automationsFileSchema>;

/** The file, of its text. Refused with words where it is no such file, damaged, or from a newer version of the app. */
export function readAutomationsFile(text: string, catalogue: Catalogue): Result<AutomationsFile> {
  try {
    return checkedAutomationsFile(JSON.parse(text), catalogue);
  } catch {
    // Cut off, no JSON, or nested too deeply.
    return failed(words('words.exchange.not_json'));
  }
}

/** The file, of what came from outside. Refused with words where it is damaged or from a newer version of the app. Throws where it is nested too deeply. */
export function checkedAutomationsFile(given: unknown, catalogue: Catalogue): Result<AutomationsFile> {
  const { format, version } = (given ?? {}) as { format?: unknown; version?: unknown };
  if (format === 'ricochet-workspace') return failed(words('words.exchange.is_workspace'));
  if (format !== AUTOMATIONS_FORMAT) return failed(words('words.exchange.not_ours'));
  if (typeof version === 'number' && version > AUTOMATIONS_VERSION) return failed(words('words.exchange.newer'));
  const parsed = v.safeParse(automationsFileSchema, given);
  if (!parsed.success) {
    const path = v.getDotPath(parsed.issues[0]) ?? '';
    return failed(words('words.exchange.damaged', { path: path.slice(0, 200) }));
  }
  const file = parsed.output;
  for (const { name: automation, graph } of file.automations) {
    const refused = graphRefusal(graph, automation, catalogue);
    if (refused) return failed(refused);
  }
  for (const program of file.programs) {
    const refused = programRefusal({ ...program, createdAt: 0 });
    if (refused) return failed(refused);
  }
  for (const { stages } of file.pipelines) {
    const read = readStages(stages);
    if (!read.ok) return read;
  }
  return idsAreSound(file) ? ok(file) : failed(words('words.exchange.damaged', { path: 'id' }));
}

const MOST_STEPS = 2_000;
const FARTHEST = 1_000_000;
/** Branches are keys of objects: no name that JavaScript reads otherwise. */
const BRANCH = /^(?!constructor$|prototype$)[A-Za-z0-9][\w-]{0,63}$/;

function graphRefusal(
  { triggers, steps, notes, entry }: Graph,
  automation: string,
  catalogue: Catalogue
): Words | null {
  const damaged = words('words.exchange.damaged', { path: automation.slice(0, 200) });
  const nodes = [...triggers, ...steps, ...notes];
  const ids = new Set(nodes.map((node) => node.id));
  if (nodes.length > MOST_STEPS || ids.size < nodes.length) return damaged;
  const stepIds = new Set(steps.map((step) => step.id));
  const leadsNowhere = [entry, ...steps.flatMap(({ next }) => Object.values(next))].some(
    (target) => target !== null && !stepIds.has(target)
  );
  const positions = [...steps.flatMap(({ position }) => position ?? []), ...notes.map(({ position }) => position)];
  const isFar = positions.some(({ x, y }) => !(Math.abs(x) <= FARTHEST && Math.abs(y) <= FARTHEST));
  const isLong = notes.some(({ text }) => text.length > LONGEST_TEXT);
  const isOdd = steps.some(({ next }) => Object.keys(next).some((branch) => !BRANCH.test(branch)));
  if (leadsNowhere || isFar || isLong || isOdd) return damaged;
  for (const { unit, version } of [...triggers, ...steps]) {
    const definition = catalogue.triggers.get(unit) ?? catalogue.steps.get(unit);
    if (!definition) return words('words.exchange.unit_unknown', { unit: unit.slice(0, 100) });
    if (version > definition.version) return words('words.exchange.newer');
  }
  return null;
}

/** Each id once in its table; those of stages, balances and tiers once in the file. */
function idsAreSound(file: AutomationsFile): boolean {
  const areOnce = (ids: readonly string[]): boolean => new Set(ids).size === ids.length;
  const parts = [
    ...file.pipelines.flatMap(({ stages }) => stages),
    ...file.programs.flatMap(({ balances, tiers }) => [...balances, ...tiers])
  ];
  return (
    [file.automations, ...TAKEN_TABLES.map((table) => file[table])].every((rows) =>
      areOnce(rows.map((row) => row.id))
    ) && areOnce(parts.map((part) => part.id))
  );
}
