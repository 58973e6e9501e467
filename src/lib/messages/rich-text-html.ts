import { escapeAddress, escapeText } from './markup';
import { parseRichText, type Run } from './rich-text';

/** The HTML of a text block's text, with what mail programs need in each tag. `link`: the colour of links, `#rrggbb`. */
export function richTextHtml(source: string, link: string): string {
  return parseRichText(source)
    .map((part, index) => {
      const space = index === 0 ? '0' : '16px 0 0';
      if (part.kind === 'paragraph') return `<p style="margin:${space}">${runsHtml(part.runs, link)}</p>`;
      const tag = part.ordered ? 'ol' : 'ul';
      const items = part.items.map((runs) => `<li style="margin:4px 0 0">${runsHtml(runs, link)}</li>`);
      return `<${tag} style="margin:${space};padding:0 0 0 24px">${items.join('')}</${tag}>`;
    })
    .join('');
}

function runsHtml(runs: readonly Run[], link: string): string {
  let html = '';
  let open: string | undefined;
  for (const run of runs) {
    if (run.url !== open) {
      if (open !== undefined) html += '</a>';
      if (run.url !== undefined)
        html += `<a href="${escapeAddress(run.url)}" style="color:${link};text-decoration:underline">`;
      open = run.url;
    }
    const text = escapeText(run.liquid ?? run.text).replaceAll('\n', '<br />');
    const slanted = run.italic ? `<em>${text}</em>` : text;
    html += run.bold ? `<strong>${slanted}</strong>` : slanted;
  }
  return open === undefined ? html : `${html}</a>`;
}
