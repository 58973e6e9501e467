import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./app.css', import.meta.url), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--color-([\w-]+):\s*light-dark\(oklch\(([^)]+)\),\s*oklch\(([^)]+)\)\)/g)].map(
    ([, name, light, dark]) => [name!, { light: luminance(light!), dark: luminance(dark!) }]
  )
);

const grounds = ['paper', 'surface', 'raised', 'sunken', 'chip', 'picked'];
const states = ['good', 'warn', 'bad'];
const kinds = ['trigger', 'action', 'rule'];

/** Pairs of what is drawn and what it is drawn on. */
const text: [string, string][] = [
  ...grounds.map((ground): [string, string] => ['ink', ground]),
  ...grounds.map((ground): [string, string] => ['muted', ground]),
  ...['paper', 'surface', 'raised', 'picked', 'accent-tint'].map((ground): [string, string] => ['accent-ink', ground]),
  ...states.flatMap((state) =>
    ['paper', 'surface', 'raised', `${state}-tint`].map((ground): [string, string] => [state, ground])
  ),
  ...[...kinds, ...states, 'accent'].map((tinted): [string, string] => ['ink', `${tinted}-tint`]),
  ['on-ink', 'ink'],
  ['on-ink-muted', 'ink'],
  ['on-bad', 'bad']
];
const marks: [string, string][] = [
  ...kinds.flatMap((kind) =>
    ['paper', 'surface', 'raised', `${kind}-tint`].map((ground): [string, string] => [kind, ground])
  ),
  ...['paper', 'surface', 'raised', 'sunken'].map((ground): [string, string] => ['accent', ground]),
  ...['paper', 'surface', 'raised'].map((ground): [string, string] => ['edge', ground])
];

describe.each(['light', 'dark'] as const)('contrast in the %s theme', (theme) => {
  it.each(text)('%s can be read on %s', (over, ground) => {
    expect(contrast(over, ground, theme)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(marks)('%s can be told from %s', (over, ground) => {
    expect(contrast(over, ground, theme)).toBeGreaterThanOrEqual(3);
  });
});

function contrast(over: string, ground: string, theme: 'light' | 'dark'): number {
  const [one, other] = [over, ground].map((name) => {
    const token = tokens.get(name);
    if (!token) throw new Error(`no colour token ${name}`);
    return token[theme];
  }) as [number, number];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

/** WCAG's relative luminance of `L C h`, clipped to sRGB as a screen would. */
function luminance(oklch: string): number {
  const [lightness, chroma, hue] = oklch.split(/[\s/]+/).map(Number) as [number, number, number];
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (channel: number) => Math.min(1, Math.max(0, channel));
  return (
    0.2126 * clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s) +
    0.7152 * clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s) +
    0.0722 * clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s)
  );
}
