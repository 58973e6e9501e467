// npm run catalogue: the units as a JSON array, one object a row. With --schema: the JSON Schema of the workspace file. With --readme:
// the table of the README is written anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { importSource, root } from './import-source.mjs';

if (process.argv.includes('--schema')) {
  /** @type {typeof import('../lib/storage/backup/json-schema')} */
  const { workspaceJsonSchema } = await importSource('/src/lib/storage/backup/json-schema.ts');
  console.log(JSON.stringify(workspaceJsonSchema(), null, 2));
} else {
  /** @type {typeof import('../lib/catalogue/registry')} */
  const { catalogue } = await importSource('/src/lib/catalogue/registry.ts');
  const { triggers, steps } = catalogue;
  const rows = [...triggers.values(), ...steps.values()].map(rowOf);
  if (process.argv.includes('--readme')) await writeTable(rows);
  else console.log(JSON.stringify(rows, null, 2));
}

/** @param {ReturnType<typeof rowOf>[]} rows */
async function writeTable(rows) {
  const readme = `${root}README.md`;
  const lines = rows.map(({ id, kind, name, filters = [], settings }) => {
    const set = [...settings, ...filters.map((filter) => `*${filter}*`)].join(', ');
    return `| \`${id}\` | ${kind} | ${name.fr} | ${name.en} | ${set} |`;
  });
  const table = [
    '| id | kind | français | English | settings, *filters* |',
    '| --- | --- | --- | --- | --- |',
    ...lines
  ];
  const [before, , after] = readFileSync(readme, 'utf8').split(
    /(?<=<!-- catalogue -->\n)|(?=<!-- end of catalogue -->)/
  );
  const options = { ...(await resolveConfig(readme)), parser: 'markdown' };
  writeFileSync(readme, await format(`${before}\n${table.join('\n')}\n\n${after}`, options));
}

/** @param {import('../lib/core/definitions').UnitDefinition} unit */
function rowOf(unit) {
  const names = { fr: nameIn('fr', unit.id), en: nameIn('en', unit.id) };
  const filters = unit.kind === 'trigger' ? filtersOf(unit) : undefined;
  const settings = Object.keys(unit.fields).filter((name) => unit.fields[name]?.control.kind !== 'eventFilters');
  return {
    kind: unit.kind,
    id: unit.id,
    group: unit.group,
    name: names,
    ...(filters ? { filters } : {}),
    settings,
    examples: unit.examples.length
  };
}

/**
 * The properties of the event that the trigger's filters may name.
 * @param {import('../lib/core/definitions').TriggerDefinition} trigger
 */
function filtersOf({ fields }) {
  const control = fields.filters?.control;
  return control?.kind === 'eventFilters' ? Object.keys(control.properties ?? {}) : [];
}

/**
 * @param {'fr' | 'en'} language
 * @param {string} id
 */
function nameIn(language, id) {
  /** @type {unknown} */
  let message = JSON.parse(readFileSync(`${root}src/lib/i18n/messages/${language}/catalogue.json`, 'utf8'));
  for (const part of ['catalogue', ...id.split('.'), 'name'])
    message = /** @type {Record<string, unknown> | undefined} */ (message)?.[part];
  if (typeof message !== 'string') throw new Error(`${id} has no name in ${language}`);
  return message;
}
