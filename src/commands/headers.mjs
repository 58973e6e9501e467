import { readFileSync } from 'node:fs';

/** @typedef {{ pattern: string, matches: RegExp, headers: Record<string, string> }} HeaderRule */

/**
 * Reads a `_headers` file, the format that static hosts share: a line with a path, indented lines with its headers.
 * @param {string | URL} file
 * @returns {HeaderRule[]}
 */
export function readHeaderRules(file) {
  /** @type {HeaderRule[]} */
  const rules = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line.trim() === '' || line.trim().startsWith('#')) continue;
    if (!/^\s/.test(line)) {
      const pattern = line.trim();
      rules.push({ pattern, matches: patternToRegExp(pattern), headers: {} });
      continue;
    }
    const [, name, value] = /^\s+([^:]+):\s*(.+?)\s*$/.exec(line) ?? [];
    const rule = rules.at(-1);
    if (!name || !value || !rule) throw new Error(`_headers: cannot read "${line}"`);
    rule.headers[name] = value;
  }
  return rules;
}

/**
 * The headers of a path: later rules win over earlier ones.
 * @param {HeaderRule[]} rules
 * @param {string} path
 * @returns {Record<string, string>}
 */
export function headersOf(rules, path) {
  return Object.assign({}, ...rules.filter(({ matches }) => matches.test(path)).map(({ headers }) => headers));
}

/** @param {string} pattern */
function patternToRegExp(pattern) {
  const source = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`);
}
