import type { RemovedAttribute, RemovedElement } from 'dompurify';
import type { Brand } from '$lib/core/rows/emails';
import type { Template } from '$lib/core/rows/messages';
import { blocksToMjml } from '$lib/messages/email-blocks';

export interface CompileOptions {
  /** as of the workspace; a plain one where it has none */
  readonly brand?: Brand | undefined;
  readonly language?: 'fr' | 'en' | undefined;
}

/** What runs, asks for input or loads something else. */
const FORBIDDEN = ['script', 'iframe', 'object', 'embed', 'form', 'input', 'button', 'base', 'link'];

const WHOLE = {
  WHOLE_DOCUMENT: true,
  ADD_TAGS: ['meta', 'title'],
  ADD_ATTR: ['target', 'http-equiv', 'content', 'charset', 'name'],
  FORBID_TAGS: FORBIDDEN,
  RETURN_TRUSTED_TYPE: false as const
};

/** Of an html block: what may stand in the middle of an email. */
const PART = {
  FORBID_TAGS: [...FORBIDDEN, 'meta', 'style', 'svg', 'math'],
  FORBID_ATTR: ['id', 'class'],
  ADD_ATTR: ['target'],
  RETURN_TRUSTED_TYPE: false as const
};

/**
 * The HTML that a template sends, before Liquid. Blocks are compiled by MJML, HTML written by hand is taken as it is; both are made
 * harmless. The compiler is large: it is loaded with the first call.
 */
export async function compileEmail(
  { source, html, preheader, subject }: Pick<Template, 'source' | 'html' | 'preheader' | 'subject'>,
  { brand, language }: CompileOptions = {}
): Promise<string> {
  const { default: purifier } = await import('dompurify');
  const purified = (whole: string): string => `<!doctype html>${purifier.sanitize(whole, WHOLE)}`;
  if (source.editor === 'html') return purified(html);
  const purify = (part: string): string => purifier.sanitize(part, PART);
  const compiled = await compileMjml(
    blocksToMjml(source.blocks, {
      preheader,
      title: subject,
      purify,
      ...(brand ? { brand } : {}),
      ...(language ? { language } : {})
    })
  );
  const harmless = purified(compiled);
  // Cleaning takes out what Outlook needs. It is ours, not the user's: it stays where nothing else had to go.
  const isClean = purifier.removed.every(isForOutlook);
  return isClean ? compiled.trim() : harmless;
}

/** A conditional comment, or a namespace of the root. */
function isForOutlook(removed: RemovedElement | RemovedAttribute): boolean {
  if ('element' in removed) return removed.element.nodeType === Node.COMMENT_NODE;
  return removed.attribute?.name.startsWith('xmlns') === true;
}

async function compileMjml(mjml: string): Promise<string> {
  const { default: mjml2html } = await import('mjml-browser');
  return mjml2html(mjml, { validationLevel: 'skip', keepComments: false, fonts: {} }).html;
}
