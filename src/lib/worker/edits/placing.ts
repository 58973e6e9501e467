import type { Id } from '$lib/core/ids';
import { failed, ok, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';
import { checkedAutomationsFile, placedAutomations, type AutomationsFile } from '$lib/records/exchange';
import type { WorkerApi } from '../api';
import type { Removal } from '../drafts';
import type { Desk } from '../desk';
import type { Removals } from '../removals';

/** A template this large is cut by mail programs long before. */
const LARGEST_HTML = 1_000_000;

/** Automations that come from elsewhere: a file, the gallery. */
export function placing(desk: Desk, removals: Removals): Pick<WorkerApi['automations'], 'place' | 'takeBack'> {
  const placed = new Map<Removal, readonly Id[]>();
  const { catalogue, storage } = desk.parts;

  return {
    place: async (given, decisions) => {
      const file = checked(given);
      if (!file.ok) return file;
      let automationIds: readonly Id[] = [];
      const removal = await removals.remove((step) =>
        step(async (transaction, { now, newId }) => {
          const view = await transaction.view();
          const made = placedAutomations(file.value, decisions, { view, catalogue, now, newId });
          automationIds = made.automationIds;
          return ok({ effect: { changes: made.changes, events: [] }, value: undefined });
        })
      );
      if (!removal.ok) return removal;
      placed.set(removal.value, automationIds);
      return ok({ automationIds, removal: removal.value });
    },
    takeBack: async (removal) => {
      const ids = placed.get(removal) ?? [];
      const rows = await storage.read((reader) => reader.getMany('automations', ids));
      // What has been published has journeys, which have to be asked about first.
      if (rows.some((row) => row && row.activeVersionId !== null)) return failed(words('words.exchange.published'));
      placed.delete(removal);
      return removals.undo(removal);
    }
  };

  function checked(given: AutomationsFile): Result<AutomationsFile> {
    try {
      const file = checkedAutomationsFile(given, catalogue);
      if (!file.ok) return file;
      return file.value.templates.some(({ html }) => html.length > LARGEST_HTML)
        ? failed(words('words.template.too_large'))
        : file;
    } catch {
      return failed(words('words.exchange.not_json'));
    }
  }
}
