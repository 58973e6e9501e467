import { lines, markup } from '$lib/core/markup';
import { unsignedConfirm, type PageLanguage, type PageLook, type ShownAnswers } from '$lib/core/pages';
import type { Confirmation } from '$lib/core/rows/forms';

/** What an email that asks for a confirmation says where the form's maker has said nothing; `ignore`: for who did not sign up. */
export interface ConfirmationTexts {
  readonly subject: string;
  readonly text: string;
  readonly button: string;
  readonly ignore: string;
}

/**
 * The email that asks whoever reads an address whether the sign-up was theirs. Nothing that was typed into the form can be read in it:
 * anybody can type in an address of somebody else, and an advertisement as their name. `answers` are shown on the page to which the link
 * leads, which stands unsigned, as `unsignedConfirm` of core/pages.ts says.
 */
export function confirmationEmail(
  { subject, text, button }: Confirmation,
  texts: ConfirmationTexts,
  { name, accent, onAccent, text: colour, background, surface }: PageLook,
  language: PageLanguage,
  answers: ShownAnswers
): { readonly subject: string; readonly html: string; readonly text: string } {
  const address = unsignedConfirm(language, answers);
  const title = (subject.trim() || texts.subject).replace(/[\r\n]+/g, ' ');
  const said = text.trim() || texts.text;
  const label = button.trim() || texts.button;
  const html = markup`<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head>
<body style="margin:0;padding:24px 12px;background:${background};color:${colour};font:16px/1.5 sans-serif">
<div style="max-width:560px;margin:0 auto;padding:24px;background:${surface};border-radius:12px">
${name === '' ? [] : [markup`<p style="margin:0 0 16px;font-weight:600">${name}</p>`]}
<p style="margin:0 0 20px">${lines(said)}</p>
<p style="margin:0 0 20px"><a href="${address}" style="display:inline-block;padding:12px 20px;background:${accent};color:${onAccent};border-radius:8px;text-decoration:none;font-weight:600">${label}</a></p>
<p style="margin:0;font-size:14px">${texts.ignore}</p>
</div>
</body>
</html>
`;
  const plain = [...(name === '' ? [] : [name]), said, `${label}\n${address}`, texts.ignore];
  return { subject: title, html: html.text, text: `${plain.join('\n\n')}\n` };
}
