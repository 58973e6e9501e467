import type { Id } from '$lib/core/ids';
import type { EmailRequest } from '$lib/core/rows/messages';
import { LINK_PARAMETER } from '$lib/core/tracking';

/** What links are marked with, and which. */
export interface LinkMark {
  /** Says to the user's own site whose email it was. */
  readonly token: Id;
  /** Of the user's own site; what is below them is meant as well. */
  readonly domains: readonly string[];
  /** Hosts below them that the mark is none of the business of, such as the relay's. */
  readonly except: readonly string[];
}

const HREF = /(<a\b[^>]*?\shref=")([^"]*)(")/gi;
const ADDRESS = /https?:\/\/[^\s<>"()]+/gi;

/**
 * The email with links to the user's own site by which its tracker knows the reader. Links to anywhere else stay as they are, and so
 * does the way out.
 */
export function withRecognisedLinks({ html, text, ...request }: EmailRequest, mark: LinkMark): EmailRequest {
  const isWayOut = (url: string) =>
    Object.values(request.headers ?? {}).some((header) => header.includes(`<${url.replaceAll('&amp;', '&')}>`));
  const marked = (url: string, and: string): string =>
    isOwn(url, mark) && !isWayOut(url) ? withParameter(url, mark.token, and) : url;
  return {
    ...request,
    ...(html === undefined
      ? {}
      : {
          html: html.replace(
            HREF,
            (_, before: string, url: string, after: string) => before + marked(url, '&amp;') + after
          )
        }),
    ...(text === undefined ? {} : { text: text.replace(ADDRESS, (url) => marked(url, '&')) })
  };
}

function isOwn(url: string, { domains, except }: LinkMark): boolean {
  const host = /^https?:\/\/([^/?#:@]+)(?::\d+)?(?:[/?#]|$)/i.exec(url.trim())?.[1]?.toLowerCase();
  if (host === undefined || except.includes(host)) return false;
  return domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
}

/** Before the fragment, which does not reach a server and may be a page's own affair. */
function withParameter(url: string, token: string, and: string): string {
  const [, address = '', fragment = ''] = /^([^#]*?)(\s*(?:#.*)?)$/s.exec(url) ?? [];
  // A query may hold question marks of its own.
  const [, query] = /\?(.*)$/s.exec(address) ?? [];
  if (query !== undefined && new RegExp(`(?:^|&|;)${LINK_PARAMETER}=`).test(query)) return url;
  const sign = query === undefined ? '?' : query === '' ? '' : and;
  return `${address}${sign}${LINK_PARAMETER}=${encodeURIComponent(token)}${fragment}`;
}
