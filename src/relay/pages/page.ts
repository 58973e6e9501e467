import type { PageLanguage, PageLook } from '$lib/core/pages';
import { html, Html, lines, NOTHING } from './html';

interface Page {
  readonly language: PageLanguage;
  readonly look: PageLook;
  readonly title: string;
  readonly lead: string;
  readonly body?: Html;
  readonly status?: number;
  /** Whether sites may show it in a frame of theirs. */
  readonly mayBeFramed?: boolean;
}

/**
 * A whole page: no script, nothing from elsewhere, no cookie. It is in no search and no cache, and tells its address, which may hold a
 * token, to nobody.
 */
export async function page({ status = 200, mayBeFramed = false, ...content }: Page): Promise<Response> {
  const style = styleOf(content.look);
  const policy = [
    `default-src 'none'`,
    `style-src 'sha256-${await sha256(style)}'`,
    `form-action 'self'`,
    `base-uri 'none'`,
    `frame-ancestors ${mayBeFramed ? '*' : `'none'`}`
  ];
  return new Response(documentOf(content, style).markup, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy.join('; '),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
      'cache-control': 'no-store'
    }
  });
}

function documentOf({ language, look, title, lead, body = NOTHING }: Omit<Page, 'status'>, style: string): Html {
  const name = look.name === '' ? NOTHING : html`<p class="name">${look.name}</p>`;
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <title>${look.name === '' ? title : `${title} – ${look.name}`}</title>
        ${new Html(`<style>${style}</style>`)}
      </head>
      <body>
        <main>
          ${name}
          <h1>${title}</h1>
          ${lead === '' ? NOTHING : html`<p class="lead">${lines(lead)}</p>`} ${body}
        </main>
      </body>
    </html> `;
}

/** Nothing but colours of the look goes in: whatever else its owner typed is none. */
function styleOf({ accent, onAccent, text, background, surface }: PageLook): string {
  return `:root{color-scheme:light}*{box-sizing:border-box}body{margin:0;padding:2rem 1rem;background:${background};color:${text};
font:1.0625rem/1.55 system-ui,sans-serif;overflow-wrap:anywhere}main{max-width:34rem;margin:0 auto;padding:2rem 1.5rem;
background:${surface};border-radius:.75rem}h1{margin:0 0 .75rem;font-size:1.6rem;line-height:1.2}p{margin:0 0 1rem}
.name{font-weight:600}form{margin:1.5rem 0 0}button{font:inherit;font-weight:600;min-height:2.75rem;padding:.5rem 1.25rem;
border:1px solid ${text};border-radius:.5rem;background:${accent};color:${onAccent};cursor:pointer}
:focus-visible{outline:3px solid ${text};outline-offset:2px}`;
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}
