import { m } from '$lib/i18n';

/** In the order in which they are asked: what is built on another names that one too. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(A|iOS)?\//, 'Edge'],
  [/\bOPR\/|\bOPT\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/(Chrome|CriOS)\//, 'Chrome'],
  [/\bSafari\//, 'Safari']
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMacintosh\b/, 'Mac'],
  [/\bLinux\b/, 'Linux']
];

/** What this device may be called, from what its browser says of itself: 'Chrome on Windows'. */
export function proposedName({ userAgent, maxTouchPoints }: Pick<Navigator, 'userAgent' | 'maxTouchPoints'>): string {
  const named = (names: typeof BROWSERS) => names.find(([sign]) => sign.test(userAgent))?.[1];
  const browser = named(BROWSERS);
  const said = named(SYSTEMS);
  // An iPad says that it is a Mac, of which none has a screen to touch.
  const system = said === 'Mac' && maxTouchPoints > 1 ? 'iPad' : said;
  if (browser !== undefined && system !== undefined) return m['devices.nameOn']({ browser, system });
  return browser ?? system ?? m['devices.nameNone']();
}
