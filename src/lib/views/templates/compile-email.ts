import type { Template } from '$lib/core/rows/messages';
import { blocksToMjml } from '$lib/messages/email-blocks';

/**
 * The HTML that a template sends, before Liquid. Blocks are compiled by MJML, HTML written by hand is taken as it is; both are made
 * harmless. The compiler is large: it is loaded with the first call.
 */
export async function compileEmail({
  source,
  html,
  preheader,
  subject
}: Pick<Template, 'source' | 'html' | 'preheader' | 'subject'>): Promise<string> {
  const { default: DOMPurify } = await import('dompurify');
  const whole =
    source.editor === 'html' ? html : await compileMjml(blocksToMjml(source.blocks, { preheader, title: subject }));
  return `<!doctype html>${DOMPurify.sanitize(whole, {
    WHOLE_DOCUMENT: true,
    ADD_TAGS: ['meta', 'title'],
    ADD_ATTR: ['target', 'http-equiv', 'content', 'charset', 'name'],
    FORBID_TAGS: ['script', 'iframe', 'object', 'embed', 'form', 'input', 'button', 'base', 'link'],
    RETURN_TRUSTED_TYPE: false
  })}`;
}

async function compileMjml(mjml: string): Promise<string> {
  const { default: mjml2html } = await import('mjml-browser');
  return mjml2html(mjml, { validationLevel: 'skip', keepComments: false }).html;
}
