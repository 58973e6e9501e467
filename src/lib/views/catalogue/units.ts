import { GROUPS, type Catalogue, type UnitDefinition } from '$lib/core/definitions';
import { folded, words } from '$lib/i18n';

/** Names of units, of their fields and of events, from their ids. */
export function unitName(id: string): string {
  return words({ key: `catalogue.${id}.name` });
}

export function unitHelp(id: string): string {
  return words({ key: `catalogue.${id}.help` });
}

export function branchName(unit: string, branch: string, fields: Readonly<Record<string, unknown>>): string {
  const own = Array.isArray(fields.branches) ? (fields.branches as { id: string; name: string }[]) : [];
  return own.find(({ id }) => id === branch)?.name ?? words({ key: `catalogue.${unit}.branches.${branch}` });
}

export interface PaletteGroup {
  readonly id: string;
  readonly name: string;
  readonly units: readonly UnitDefinition[];
}

/** All units under headings: rules, actions by group, triggers by group. Nothing is listed by hand. */
export function paletteGroups(
  catalogue: Catalogue,
  query: string,
  kinds: 'all' | 'steps' | 'triggers'
): PaletteGroup[] {
  const needles = folded(query).split(/\s+/).filter(Boolean);
  const fits = (unit: UnitDefinition): boolean => {
    const hay = folded(`${unitName(unit.id)} ${words({ key: `catalogue.groups.${unit.group}` })}`);
    return needles.every((needle) => hay.includes(needle));
  };
  const steps = kinds === 'triggers' ? [] : [...catalogue.steps.values()].filter(fits);
  const triggers = kinds === 'steps' ? [] : [...catalogue.triggers.values()].filter(fits);
  const rules = steps.filter(({ kind }) => kind === 'rule');
  const actions = steps.filter(({ kind }) => kind === 'action');
  return [
    { id: 'rule', name: words({ key: 'catalogue.kinds.rule' }), units: rules },
    ...GROUPS.map((group) => ({
      id: `action ${group}`,
      name: words({ key: `catalogue.groups.${group}` }),
      units: actions.filter((unit) => unit.group === group)
    })),
    ...GROUPS.map((group) => ({
      id: `trigger ${group}`,
      name: words({
        key: 'editor.palette.triggersOf',
        params: { group: words({ key: `catalogue.groups.${group}` }) }
      }),
      units: triggers.filter((unit) => unit.group === group)
    }))
  ].filter(({ units }) => units.length > 0);
}
