import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import ts from 'typescript-eslint';
import { describe, expect, test } from 'vitest';
import { importRules, mayImport, pureFolders, purityRules } from './house.mjs';

const root = fileURLToPath(new URL('../../tests/fixtures/house', import.meta.url));
const parser = { files: ['**/*.ts'], languageOptions: { parser: ts.parser } };
const house = new ESLint({
  cwd: root,
  overrideConfigFile: true,
  overrideConfig: [parser, ...importRules({ root, project: `${root}/tsconfig.json` }), purityRules] as never
});

async function problems(path: string, code: string): Promise<string[]> {
  const [result] = await house.lintText(code, { filePath: `${root}/${path}` });
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
}

const lib = Object.keys(mayImport).filter(
  (name) => !['routes', 'relay', 'tracker', 'commands', 'service-worker', 'outside'].includes(name)
);
const fileIn = (folder: string) =>
  folder === 'service-worker' ? 'src/service-worker.ts' : `src/${lib.includes(folder) ? 'lib/' : ''}${folder}/new.ts`;
const theOthers = (folder: string) => lib.filter((name) => name !== folder);

describe('who may import whom', () => {
  const from = Object.keys(mayImport).filter((name) => name !== 'outside');

  test.each(from)('%s imports what the table allows and nothing else', async (folder) => {
    const { values = [], types = [] } = mayImport[folder] ?? {};
    for (const other of theOthers(folder)) {
      const byValue = await problems(fileIn(folder), `import { name } from '$lib/${other}/index'; console.log(name);`);
      const byType = await problems(
        fileIn(folder),
        `import type { Name } from '$lib/${other}/index'; export type Twin = Name;`
      );
      expect
        .soft(byValue, `${folder} imports ${other}`)
        .toEqual(values.includes(other) ? [] : ['boundaries/dependencies']);
      expect
        .soft(byType, `${folder} imports types of ${other}`)
        .toEqual(values.includes(other) || types.includes(other) ? [] : ['boundaries/dependencies']);
    }
  });

  // The table of the architecture, spelled out once more for the rows that matter most.
  test.each([
    ['src/lib/core/a.ts', '$lib/records/index'],
    ['src/lib/engine/a.ts', '$lib/catalogue/index'],
    ['src/lib/engine/a.ts', '$lib/records/index'],
    ['src/lib/catalogue/a.ts', '$lib/messages/index'],
    ['src/lib/records/a.ts', '$lib/storage/index'],
    ['src/lib/ui/a.ts', '$lib/core/index'],
    ['src/lib/app/a.ts', '$lib/worker/index'],
    ['src/lib/views/a.ts', '$lib/editor/index'],
    ['src/lib/views/a.ts', '$lib/storage/index'],
    ['src/lib/worker/a.ts', '$lib/ui/index'],
    ['src/routes/a.ts', '$lib/engine/index'],
    ['src/tracker/a.ts', '$lib/filters/index'],
    ['src/lib/core/a.ts', '../filters/index'],
    ['src/lib/core/a.ts', './index.test'],
    ['src/lib/core/a.ts', '../../../tests/fixtures/index']
  ])('%s must not import %s', async (path, target) => {
    expect(await problems(path, `import { name } from '${target}'; console.log(name);`)).toEqual([
      'boundaries/dependencies'
    ]);
  });

  test.each([
    ['src/lib/core/a.ts', './index'],
    ['src/lib/app/a.ts', '$lib/worker/index?worker'],
    ['src/lib/core/a.test.ts', '../../../tests/fixtures/index'],
    ['src/lib/catalogue/a.test.ts', '$lib/storage/index'],
    ['src/lib/engine/a.test.ts', '$lib/worker/index'],
    ['tests/e2e/a.ts', '../../src/lib/core/index'],
    ['src/lib/core/a.ts', 'valibot']
  ])('%s may import %s', async (path, target) => {
    expect(await problems(path, `import { name } from '${target}'; console.log(name);`)).toEqual([]);
  });

  test('dynamic imports and re-exports count', async () => {
    expect(await problems('src/lib/core/a.ts', `export * from '$lib/ui/index';`)).toEqual(['boundaries/dependencies']);
    expect(await problems('src/lib/core/a.ts', `await import('$lib/ui/index');`)).toEqual(['boundaries/dependencies']);
  });
});

describe('what a pure folder must not do', () => {
  const read = (name: string) => readFileSync(`${root}/src/lib/core/${name}`, 'utf8');

  test.each(pureFolders)('%s reads no clock and draws no chance', async (folder) => {
    const [result] = await house.lintText(read('impure.ts'), { filePath: `${root}/src/lib/${folder}/impure.ts` });
    const lines = read('impure.ts').split('\n');
    const impure = lines.flatMap((line, at) =>
      /Date\.now|Date\(\)|} = Date|performance|random|getRandomValues/.test(line) ? [at + 1] : []
    );
    expect(result?.messages.map(({ line }) => line)).toEqual(impure);
    expect(await problems(`src/lib/${folder}/pure.ts`, read('pure.ts'))).toEqual([]);
  });

  test('the worker may', async () => {
    expect(await problems('src/lib/worker/clock.ts', read('impure.ts'))).toEqual([]);
  });
});
