// npm run messages: refuses to go on if a message is missing in one language, then compiles them.
import { readdirSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const i18n = new URL('../lib/i18n/', import.meta.url);

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
 * Files of messages that the project's settings do not list: their messages would not be compiled.
 * @returns {string[]}
 */
export function unlistedFiles() {
  const settings = JSON.parse(readFileSync(new URL('project.inlang/settings.json', i18n), 'utf8'));
  /** @type {string[]} */
  const listed = settings['plugin.inlang.messageFormat'].pathPattern;
  return settings.locales.flatMap((/** @type {string} */ language) =>
    messageFiles(language)
      .filter((name) => !listed.includes(`./messages/{locale}/${name}`))
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = [
    ...unlistedFiles().map((name) => `${name} is not listed in project.inlang/settings.json`),
    ...parityProblems({ fr: readMessages('fr'), en: readMessages('en') })
  ];
  if (problems.length > 0) {
    console.error(`Messages:\n  ${problems.join('\n  ')}`);
    process.exit(1);
  }
  const compiler = fileURLToPath(new URL('../../node_modules/@inlang/paraglide-js/bin/run.js', import.meta.url));
  const project = ['--project', 'src/lib/i18n/project.inlang', '--outdir', 'src/lib/i18n/paraglide'];
  const strategy = ['--strategy', 'localStorage', 'preferredLanguage', 'baseLocale', '--silent'];
  const { status } = spawnSync(process.execPath, [compiler, 'compile', ...project, ...strategy], { stdio: 'inherit' });
  process.exit(status ?? 1);
}
