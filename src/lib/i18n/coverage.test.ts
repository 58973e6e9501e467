import { parse, type AST } from 'svelte/compiler';
import { describe, expect, test } from 'vitest';
import { readMessages } from '../../commands/messages.mjs';

const known = new Set(Object.keys(readMessages('fr')));
const sources = import.meta.glob<string>(
  ['../../**/*.ts', '../../**/*.svelte', '!../../**/*.test.ts', '!./paraglide/**'],
  { query: '?raw', import: 'default', eager: true }
);
const code = Object.values(sources).join('\n');

describe('words that the code writes', () => {
  test('each have a message', () => {
    const missing = Object.entries(sources).flatMap(([file, source]) =>
      [...source.matchAll(/['`](words\.[\w.]+)['`]/g)]
        .map(([, key]) => key as string)
        .filter((key) => !known.has(key))
        .map((key) => `${file}: ${key}`)
    );
    expect(missing).toEqual([]);
  });
});

describe('a message that nothing shows', () => {
  const written = new Set([...code.matchAll(/['"`]([\w-]+(?:\.[\w$-]+)+)['"`]/g)].map(([, key]) => key));
  // `outbox.status.${status}` shows every message of that shape.
  const shapes = [...code.matchAll(/`([a-z]\w*\.(?:[\w.]|\$\{[^}]*\})*)`/gi)]
    .map(([, shape]) => shape as string)
    .filter((shape) => shape.includes('${'));
  const shown = [...new Set(shapes)].map((shape) => new RegExp(`^${shape.replace(/\$\{([^}]*)\}|\./g, segments)}$`));
  /** An id may have dots in it. */
  function segments(_: string, name?: string): string {
    if (name === undefined) return '\\.';
    return /\bid$/i.test(name) ? '[\\w.-]+' : '[\\w-]+';
  }

  test('is not kept', () => {
    const unused = [...known].filter(
      // Units, ready automations and remotes have their own checks, which know what each of them shows.
      (key) =>
        !/^(catalogue|gallery\.ready|remotes)\./.test(key) &&
        !written.has(key) &&
        !shown.some((shape) => shape.test(key))
    );
    expect(unused).toEqual([]);
  });
});

/** What people read or hear, were it given as text. */
const READ = new Set(['label', 'title', 'text', 'lead', 'help', 'placeholder', 'alt', 'aria-label', 'name', 'hint']);
const LETTERS = /\p{L}{2}/u;

type Node = { type: string; [key: string]: unknown };

/** Texts between tags and in the attributes that people read, whatever they stand in. */
function textsIn(node: Node): string[] {
  if (node.type === 'Text') return [String(node.data).trim()];
  if (node.type === 'Attribute') {
    const { name, value } = node as unknown as AST.Attribute;
    if (!READ.has(name) || !Array.isArray(value)) return [];
    // The name of a field or of an icon is no text: those have no capital and no space.
    return value.flatMap((part) => (part.type === 'Text' && /^\p{Lu}|\s/u.test(part.data) ? [part.data] : []));
  }
  if (node.type === 'StyleDirective') return [];
  if (node.type === 'RegularElement' && ['code', 'style', 'script'].includes(String(node.name))) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    ['css', 'instance', 'module', 'metadata', 'expression', 'parent'].includes(key)
      ? []
      : [value].flat().flatMap((child) => (isNode(child) ? textsIn(child) : []))
  );
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

describe('a text outside the message files', () => {
  const outside = (source: string) =>
    textsIn(parse(source, { modern: true }).fragment as unknown as Node).filter((text) => LETTERS.test(text));

  test('is found between tags and in what is read aloud', () => {
    expect(
      outside(`<p class="big">Hello <b>{name}</b></p>{#if a}<i aria-label="Say it" name="x">€</i>{:else}no{/if}`)
    ).toEqual(['Hello', 'Say it', 'no']);
  });

  test('is in no component', () => {
    const found = Object.entries(sources)
      .filter(([file]) => file.endsWith('.svelte'))
      .flatMap(([file, source]) => outside(source).map((text) => `${file}: ${text}`));
    expect(found).toEqual([]);
  });
});
