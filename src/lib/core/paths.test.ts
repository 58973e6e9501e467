import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePath, valueAt, type Path } from './paths';

const name = fc.stringMatching(/^[A-Za-z_$][\w $-]{0,8}[\w$]$/);
const tail = fc.oneof(name, fc.nat(99));
const written = ([first, ...rest]: Path) =>
  rest.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${part}`),
    typeof first === 'number' ? `[${first}]` : (first ?? '')
  );

test('a path is read as it was written, and finds what was put there', () => {
  fc.assert(
    fc.property(fc.tuple(tail, fc.array(tail, { maxLength: 5 })), fc.jsonValue(), ([first, rest], leaf) => {
      const path = [first, ...rest];
      expect(parsePath(written(path))).toEqual(path);
      const value = path.reduceRight<unknown>((inner, part) => {
        if (typeof part === 'string') return Object.fromEntries([[part, inner]]);
        return Object.assign([], { [part]: inner });
      }, leaf);
      expect(valueAt(value, path)).toEqual(leaf);
    })
  );
});

test('whatever is written, reading never throws and never leaves the value', () => {
  fc.assert(
    fc.property(fc.string(), fc.jsonValue(), (text, value) => {
      const path = parsePath(text);
      if (path) expect(typeof valueAt(value, path)).not.toBe('function');
    })
  );
});

test.each(['', '.', 'a.', '.a', 'a..b', 'a[', 'a[x]', 'a[-1]', 'a]b', 'a[0]b', 'a.[0]'])('%s is no path', (text) => {
  expect(parsePath(text)).toBeNull();
});

test.each(['__proto__', 'constructor', 'constructor.name', 'a.toString', 'a.__proto__.polluted', 'list.length'])(
  '%s is not the value’s own',
  (text) => {
    expect(valueAt({ a: {}, list: [1] }, parsePath(text)!)).toBeUndefined();
  }
);
