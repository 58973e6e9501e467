/** An email as a mail program in this theme shows it, whatever the theme of this device. */
export function inTheme(html: string, theme: 'light' | 'dark'): string {
  return html
    .replaceAll(/\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)/g, (_, asked: string) =>
      asked === theme ? '(min-width: 0)' : '(max-width: 0)'
    )
    .replaceAll(/color-scheme:\s*light dark/g, `color-scheme: ${theme}`);
}
