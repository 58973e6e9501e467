import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const configuration = 'src/lib/tsconfig.pure.json';
const { config } = ts.readConfigFile(configuration, (path) => ts.sys.readFile(path)) as { config: unknown };
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, 'src/lib');
const path = join(process.cwd(), 'src/lib/core/new.ts');

/** What the compiler says about a file of a pure folder that does not exist yet. */
function problemsOf(code: string): string[] {
  const host = ts.createCompilerHost(options);
  const { getSourceFile, readFile, fileExists } = host;
  host.getSourceFile = (name, target) =>
    name === path ? ts.createSourceFile(name, code, target) : getSourceFile.call(host, name, target);
  host.readFile = (name) => (name === path ? code : readFile.call(host, name));
  host.fileExists = (name) => name === path || fileExists.call(host, name);
  const program = ts.createProgram([path, 'node_modules/vite/types/importMeta.d.ts'], options, host);
  return ts
    .getPreEmitDiagnostics(program, program.getSourceFile(path))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

describe('the types of the pure folders', () => {
  test('know neither page, nor timers, nor network, nor Node', () => {
    const globals = ['document', 'window', 'localStorage', 'indexedDB', 'setTimeout', 'fetch', 'crypto', 'process'];
    // liquidjs refers to Node's types; they must not come along.
    const code = `import { Liquid } from 'liquidjs';\nexport const liquid = Liquid;\nexport const found = [${globals.join(', ')}];`;
    const problems = problemsOf(code);
    for (const name of globals) expect(problems.join('\n')).toContain(`Cannot find name '${name}'`);
    expect(problems).toHaveLength(globals.length);
  });

  test('know import.meta.glob and the packages that are pure', () => {
    const packages = ['valibot', 'temporal-polyfill', 'rrule', 'liquidjs', 'libphonenumber-js/min'];
    const imports = packages.map((name, at) => `export * as p${at} from '${name}';`);
    expect(
      problemsOf(`${imports.join('\n')}\nexport const all = import.meta.glob('./*.ts', { eager: true });`)
    ).toEqual([]);
  });
});
