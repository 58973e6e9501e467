/** Keys as the keyboard in front of the person names them: 'Ctrl' is another key on a Mac. Given as 'Ctrl', 'Ctrl Z'. */
export function namedKeys(keys: string): string {
  return /mac|iphone|ipad/i.test(navigator.userAgent) ? keys.replace('Ctrl', '⌘') : keys;
}
