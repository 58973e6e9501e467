import { lines, markup, Markup, NO_MARKUP } from '$lib/core/markup';
import type { PageLanguage, PageLook } from '$lib/core/pages';

interface Page {
  readonly language: PageLanguage;
  readonly look: PageLook;
  readonly title: string;
  readonly lead: string;
  readonly body?: Markup;
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
  return new Response(documentOf(content, style).text, {
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

function documentOf({ language, look, title, lead, body = NO_MARKUP }: Omit<Page, 'status'>, style: string): Markup {
  const name = look.name === '' ? NO_MARKUP : markup`<p class="name">${look.name}</p>`;
  return markup`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
        <title>${look.name === '' ? title : `${title} – ${look.name}`}</title>
        ${new Markup(`<style>${style}</style>`)}
      </head>
      <body>
        <main>
          ${name}
          <h1>${title}</h1>
          ${lead === '' ? NO_MARKUP : markup`<p class="lead">${lines(lead)}</p>`} ${body}
        </main>
      </body>
    </html> `;
}

/** Nothing but colours of the look goes in: whatever else its owner typed is none. */
function styleOf({ accent, onAccent, text, background, surface }: PageLook): string {
  return `:root{color-scheme:light}*{box-sizing:border-box}body{margin:0;padding:2rem 1rem;background:${background};color:${text};
font:1.0625rem/1.55 system-ui,sans-serif;overflow-wrap:anywhere}main{max-width:34rem;margin:0 auto;padding:2rem 1.5rem;
background:${surface};border-radius:.75rem}h1{margin:0 0 .75rem;font-size:1.6rem;line-height:1.2}p{margin:0 0 1rem}
h2{margin:1.5rem 0 .5rem;font-size:1rem}dl{margin:0 0 1rem;padding:.5rem 1rem;border:1px solid #6b6b76;border-radius:.5rem}dt{margin:.35rem 0 0;font-size:.9rem;font-weight:600}
dd{margin:0 0 .35rem}a{color:inherit}.ways{display:flex;flex-wrap:wrap;gap:.75rem;margin:1.5rem 0}.ways form{margin:0}
.name{font-weight:600}form{margin:1.5rem 0 0}label,legend{display:block;font-weight:600}label:has(input[type=checkbox]){display:flex;gap:.6rem;font-weight:400}
fieldset{margin:0 0 1rem;padding:0;border:0}small,strong{display:block;font-size:.9rem}label small,legend small{display:inline;font-weight:400}
strong{color:#a3160b}[role=alert]{padding:.75rem 1rem;border:2px solid #a3160b;border-radius:.5rem}input:not([type=checkbox]),select{font:inherit;width:100%;min-height:2.75rem;
padding:.4rem .75rem;border:1px solid #6b6b76;border-radius:.5rem;background:#fff;color:#1d1f2b}input[type=checkbox]{flex:none;width:1.25rem;height:1.25rem}
button{font:inherit;font-weight:600;min-height:2.75rem;padding:.5rem 1.25rem;
border:1px solid ${text};border-radius:.5rem;background:${accent};color:${onAccent};cursor:pointer}.quiet{background:${surface};color:${text}}
:focus-visible{outline:3px solid ${text};outline-offset:2px}`;
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}
