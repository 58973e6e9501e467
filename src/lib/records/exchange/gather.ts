import type { Catalogue } from '$lib/core/definitions';
import { EVENT_TYPES } from '$lib/core/events';
import type { Id } from '$lib/core/ids';
import { referredName, type ReferenceTable } from '$lib/core/references';
import type { WorkspaceView } from '$lib/core/tables';
import {
  AUTOMATIONS_FORMAT,
  AUTOMATIONS_VERSION,
  isTaken,
  takenRow,
  TAKEN_TABLES,
  type AutomationsFile,
  type TakenRow,
  type TakenTable
} from './automation-file';
import { decisionKey } from './plan';
import { filtersWith, graphWith, settingsWith, type Renaming } from './references';

/**
 * The drafts of these automations as a file, with all that they refer to, directly or through a segment, a form, a template. What is
 * somebody's own (senders, users, accounts, other automations) is named only. Secrets are left out, and so are conditions on companies.
 * Ids of automations that are gone are passed over. `exportedAt`: ISO timestamp.
 */
export function gatheredAutomations(
  ids: readonly Id[],
  { view, catalogue, exportedAt }: { view: WorkspaceView; catalogue: Catalogue; exportedAt: string }
): AutomationsFile {
  const found = new Found(view, new Set(ids));
  const automations = ids.flatMap((id) => {
    const automation = view.automations.get(id);
    if (!automation) return [];
    const { name, draft } = automation;
    const graph = graphWith(draft.graph, catalogue, found);
    const settings = settingsWith(draft.settings, found);
    found.inText({ graph, settings });
    return [{ id, name, graph, settings }];
  });
  const taken = found.taken();
  return {
    format: AUTOMATIONS_FORMAT,
    version: AUTOMATIONS_VERSION,
    exportedAt,
    automations,
    mentions: found.mentions(),
    ...(Object.fromEntries(TAKEN_TABLES.map((table) => [table, taken.get(table) ?? []])) as Pick<
      AutomationsFile,
      TakenTable
    >)
  };
}

/** `{{ contact.FIRSTNAME }}`, wherever Liquid stands. */
const NAMED_IN_TEXT = /\bcontact\.([A-Z][A-Z0-9_]*)/g;

/** What is met on the way through graphs and rows. Everything keeps its id; what is gone is left open. */
class Found implements Renaming {
  readonly #met = new Map<string, { readonly table: ReferenceTable; readonly id: Id }>();

  constructor(
    private readonly view: WorkspaceView,
    private readonly going: ReadonlySet<Id>
  ) {}

  row(table: ReferenceTable, id: Id): Id | null {
    if (referredName(this.view, table, id) === null) return null;
    const whole = this.#wholeOf(table, id);
    if (whole) this.#met.set(decisionKey(whole.table, whole.id), whole);
    return id;
  }

  option(_: unknown, __: unknown, optionId: Id): Id {
    return optionId;
  }

  /** Attributes that are named within texts. */
  inText(holder: object): void {
    for (const [, id = ''] of JSON.stringify(holder).matchAll(NAMED_IN_TEXT)) this.row('attributes', id);
  }

  /** The rows that go along, each with those that it refers to itself. */
  taken(): ReadonlyMap<TakenTable, TakenRow[]> {
    const rows = new Map<TakenTable, TakenRow[]>();
    // Rows that are met on the way join the end of the map, and have their turn.
    for (const { table, id } of this.#met.values()) {
      if (!isTaken(table)) continue;
      const row = this.#taken(table, id);
      if (row) rows.set(table, [...(rows.get(table) ?? []), row]);
    }
    return rows;
  }

  /** What stays behind. */
  mentions(): AutomationsFile['mentions'] {
    return [...this.#met.values()]
      .filter(({ table, id }) => !isTaken(table) && !(table === 'automations' && this.going.has(id)))
      .map(({ table, id }) => ({ table, id, name: referredName(this.view, table, id) ?? '' }));
  }

  /** A stage goes with its pipeline, a balance or a tier with its programme. */
  #wholeOf(table: ReferenceTable, id: Id): { table: ReferenceTable; id: Id } | undefined {
    const holds = (parts: readonly { id: Id }[]): boolean => parts.some((part) => part.id === id);
    if (table === 'stages') {
      const pipeline = [...this.view.pipelines.values()].find(({ stages }) => holds(stages));
      return pipeline && { table: 'pipelines', id: pipeline.id };
    }
    if (table === 'balances' || table === 'tiers') {
      const program = [...this.view.programs.values()].find((one) => holds(one[table]));
      return program && { table: 'programs', id: program.id };
    }
    return { table, id };
  }

  #taken(table: TakenTable, id: Id): TakenRow | undefined {
    switch (table) {
      case 'segments': {
        const row = this.view.segments.get(id);
        return row && takenRow(table, { ...row, filters: filtersWith(row.filters, this, null) });
      }
      case 'programs': {
        const row = this.view.programs.get(id);
        const rules = row?.rules.map((rule) => ({
          ...rule,
          filters: filtersWith(rule.filters, this, EVENT_TYPES.get(rule.event)?.properties ?? null)
        }));
        return row && takenRow(table, { ...row, rules });
      }
      case 'forms': {
        const row = this.view.forms.get(id);
        for (const { asks } of row?.fields ?? [])
          if (asks.for === 'attribute') this.row('attributes', asks.attributeId);
        return (
          row && takenRow(table, { ...row, listIds: row.listIds.flatMap((list) => this.row('lists', list) ?? []) })
        );
      }
      case 'templates': {
        const row = this.view.templates.get(id);
        if (!row) return undefined;
        this.inText(row);
        // Blocks are compiled again where they arrive, with the look of that workspace.
        return takenRow(table, row.source.editor === 'blocks' ? { ...row, html: '' } : row);
      }
      default: {
        const row = this.view[table].get(id);
        if (!row) return undefined;
        this.inText(row);
        return takenRow(table, row);
      }
    }
  }
}
