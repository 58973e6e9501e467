import { applyChange, type Change } from '$lib/core/changes';
import type { Related } from '$lib/core/related';
import type { Rotation } from '$lib/core/rows/crm';

/** What belongs to the contact after a change, so that the next step sees what this one did. Parts that are not loaded stay so. */
export function relatedAfter(related: Related, change: Change): Related {
  switch (change.table) {
    case 'deals':
      return withRow(related, 'deals', change);
    case 'tasks':
      return withRow(related, 'tasks', change);
    case 'memberships':
      return withRow(related, 'memberships', change);
    case 'vouchers':
      return withRow(related, 'vouchers', change);
    case 'ledger':
      return withRow(related, 'lots', change);
    case 'companies':
      return related.company?.id === change.id
        ? { ...related, company: applyChange<'companies'>(related.company, change) ?? null }
        : related;
    case 'rotations':
      return related.rotations ? { ...related, rotations: rotationsAfter(related.rotations, change) } : related;
    default:
      return related;
  }
}

type Listed = 'deals' | 'tasks' | 'memberships' | 'vouchers' | 'lots';

function withRow(related: Related, part: Listed, change: Change): Related {
  const rows = related[part] as readonly { id: string }[] | undefined;
  if (rows === undefined) return related;
  if (change.create !== undefined) return { ...related, [part]: [...rows, change.create as { id: string }] };
  const after = rows.flatMap((row): { id: string }[] => {
    if (row.id !== change.id) return [row];
    const next = applyChange(row as never, change as never) as { id: string } | undefined;
    return next ? [next] : [];
  });
  return { ...related, [part]: after };
}

function rotationsAfter(rotations: ReadonlyMap<string, Rotation>, change: Change): ReadonlyMap<string, Rotation> {
  const id = String(change.id);
  const next = applyChange(rotations.get(id), change as never) as Rotation | undefined;
  const after = new Map(rotations);
  if (next) after.set(id, next);
  return after;
}
