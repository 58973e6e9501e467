// npm run messages: refuses to go on if a message is missing in one language, then compiles them.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile } from '@inlang/paraglide-js';

const i18n = new URL('../lib/i18n/', import.meta.url);

/**
 * What is loaded apart: the words of the frame and of the home screen; what the app itself writes, into messages, pages and workspaces,
 * with which the worker does; those of all other screens.
 */
const parts = ['shell', 'content', 'screens'];

/** @typedef {Record<string, unknown>} Messages key to text, or to variants as inlang's message format writes them */

/**
 * Every message of a language, keys joined by dots.
 * @param {string} language
 * @returns {Messages}
 */
export function readMessages(language) {
  /** @type {Messages} */
  const all = {};
  for (const name of messageFiles(language)) {
    Object.assign(all, flatten(JSON.parse(readFileSync(new URL(`messages/${language}/${name}`, i18n), 'utf8'))));
  }
  return all;
}

/** @param {string} language */
function messageFiles(language) {
  return readdirSync(new URL(`messages/${language}/`, i18n)).filter((name) => name.endsWith('.json'));
}

/**
 * Files of messages that no part's settings list, or several: their messages would not be compiled, or twice.
 * @returns {string[]}
 */
export function wronglyListedFiles() {
  const settings = parts.map((part) => JSON.parse(readFileSync(new URL(`${part}.inlang/settings.json`, i18n), 'utf8')));
  /** @type {string[]} */
  const listed = settings.flatMap((one) => one['plugin.inlang.messageFormat'].pathPattern);
  return settings[0].locales.flatMap((/** @type {string} */ language) =>
    messageFiles(language)
      .filter((name) => listed.filter((path) => path === `./messages/{locale}/${name}`).length !== 1)
      .map((name) => `${language}/${name}`)
  );
}

/**
 * Where two languages differ: a key in one only, other placeholders, an empty text. One line each.
 * @param {Record<string, Messages>} languages
 * @returns {string[]}
 */
export function parityProblems(languages) {
  const names = Object.keys(languages);
  const keys = [...new Set(names.flatMap((name) => Object.keys(languages[name] ?? {})))].sort();
  return keys.flatMap((key) => {
    const missing = names.filter((name) => !(key in (languages[name] ?? {})));
    if (missing.length > 0) return [`${key} is missing in ${missing.join(', ')}`];
    const empty = names.filter((name) => textsOf(languages[name]?.[key]).some((text) => text.trim() === ''));
    const placeholders = names.map((name) => placeholdersOf(languages[name]?.[key]));
    return [
      ...empty.map((name) => `${key} is empty in ${name}`),
      ...(new Set(placeholders).size > 1
        ? [`${key} has other placeholders: ${names.map((name, at) => `${name} {${placeholders[at]}}`).join(', ')}`]
        : [])
    ];
  });
}

/**
 * What French typography asks for and a text does not do.
 * @param {string} message
 * @returns {string[]}
 */
export function frenchProblems(message) {
  const problems = [];
  // Liquid inside a text is code.
  const text = message.replace(/\\\{\\\{.*?\\\}\\\}/g, '');
  if (/\p{L}'\p{L}/u.test(text)) problems.push("apostrophe: ’ rather than '");
  if (text.includes('"')) problems.push('quotes: « » rather than "');
  // A mark inside a word (a time, an address) is none of ours: only one that ends a word is looked at.
  if (/[^\u00a0\u202f;:!?([«](?=[;:!?]+(?:[\s\u00a0\u202f)\]»]|$))/u.test(text)) {
    problems.push('a no-break space goes before ; : ! ?');
  }
  if (/«(?![\u00a0\u202f])|(?<![\u00a0\u202f])»/u.test(text)) problems.push('a no-break space goes inside « »');
  return problems;
}

/**
 * The texts of a message: one, or one for each variant.
 * @param {unknown} message
 * @returns {string[]}
 */
export function textsOf(message) {
  if (typeof message === 'string') return [message];
  if (Array.isArray(message)) return message.flatMap((variants) => Object.values(variants.match ?? {}).map(String));
  return [];
}

/** @param {unknown} message */
function placeholdersOf(message) {
  const declared = Array.isArray(message)
    ? message.flatMap(({ declarations = [] }) =>
        declarations.flatMap((/** @type {string} */ line) => /^input (\w+)/.exec(line)?.[1] ?? [])
      )
    : [];
  // A local variable (a plural form) is not a placeholder; it only chooses.
  const local = Array.isArray(message)
    ? message.flatMap(({ declarations = [] }) =>
        declarations.flatMap((/** @type {string} */ line) => /^local (\w+)/.exec(line)?.[1] ?? [])
      )
    : [];
  const used = textsOf(message).flatMap((text) =>
    [...text.matchAll(/(?<!\\)\{(\w+)\}/g)].map(([, name]) => name ?? '')
  );
  return [...new Set([...declared, ...used])]
    .filter((name) => !local.includes(name))
    .sort()
    .join(', ');
}

/**
 * @param {Record<string, unknown>} tree
 * @param {string} [path]
 * @returns {Messages}
 */
function flatten(tree, path = '') {
  return Object.assign(
    {},
    ...Object.entries(tree)
      .filter(([key]) => key !== '$schema')
      .map(([key, value]) =>
        value !== null && typeof value === 'object' && !Array.isArray(value)
          ? flatten(/** @type {Record<string, unknown>} */ (value), `${path}${key}.`)
          : { [path + key]: value }
      )
  );
}

/**
 * A module of the messages of one language under the keys that the message files give them; the compiler's own has names that are
 * JavaScript's.
 * @param {string} index what the compiler exports: names, and the keys that they stand for
 * @param {string} messages where the messages of the language are
 */
function byKey(index, messages) {
  const names = [...index.matchAll(/^export \{ (\w+ as "[^"]+") \}$/gm)].map(([, name]) => `  ${name}`);
  // One statement: Vitest would load the module anew for each.
  return `export {\n${names.join(',\n')}\n} from '${messages}';\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = [
    ...wronglyListedFiles().map((name) => `${name} is not listed once in a settings.json of i18n/*.inlang`),
    ...parityProblems({ fr: readMessages('fr'), en: readMessages('en') })
  ];
  if (problems.length > 0) {
    console.error(`Messages:\n  ${problems.join('\n  ')}`);
    process.exit(1);
  }
  for (const part of parts) {
    const compiled = new URL(`paraglide/${part}/`, i18n);
    await compile({
      project: fileURLToPath(new URL(`${part}.inlang`, i18n)),
      outdir: fileURLToPath(compiled),
      // A module for each language: only the one that is read is loaded.
      outputStructure: 'locale-modules',
      strategy: ['baseLocale'],
      emitReadme: false,
      emitGitIgnore: false,
      emitPrettierIgnore: false
    });
    const index = readFileSync(new URL('messages/_index.js', compiled), 'utf8');
    for (const language of ['fr', 'en']) {
      writeFileSync(new URL(`messages/${language}-by-key.js`, compiled), byKey(index, `./${language}.js`));
    }
  }
}
