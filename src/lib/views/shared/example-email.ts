import { workspaceDatabase } from '$lib/app/database';
import { settings } from '$lib/app/queries';
import type { EmailBlock } from '$lib/core/rows/emails';
import type { Template } from '$lib/core/rows/messages';
import { loadTexts, textIn, type Locale } from '$lib/i18n';
import { compileEmail } from '../templates/compile-email';

/** The welcome email of the example workspace, compiled in the workspace's colours. */
export async function exampleEmail(
  language: Locale
): Promise<Pick<Template, 'subject' | 'preheader' | 'source' | 'html'>> {
  await loadTexts(language);
  const text = (key: 'subject' | 'preheader' | 'heading' | 'intro' | 'body' | 'button' | 'sign') =>
    textIn(language, `example.email_${key}`) ?? '';
  const blocks: EmailBlock[] = [
    { id: 'heading', type: 'heading', text: text('heading') },
    { id: 'intro', type: 'text', text: `${text('intro')}\n\n${text('body')}` },
    { id: 'button', type: 'button', text: text('button'), url: 'https://atelier-lea.example/lettres' },
    { id: 'sign', type: 'text', text: text('sign') }
  ];
  const email = {
    subject: text('subject'),
    preheader: text('preheader'),
    source: { editor: 'blocks' as const, blocks },
    html: ''
  };
  const brand = (await settings(await workspaceDatabase()))?.brand;
  return { ...email, html: await compileEmail(email, { brand, language }) };
}
