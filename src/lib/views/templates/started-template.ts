import type { Template } from '$lib/core/rows/messages';
import { m } from '$lib/i18n';

/** What a new template begins with. */
export function startedTemplate(
  newId: () => string = () => crypto.randomUUID()
): Pick<Template, 'name' | 'subject' | 'preheader' | 'source' | 'html'> {
  const blocks = [
    { id: newId(), type: 'heading' as const, text: m['templates.startHeading']() },
    { id: newId(), type: 'text' as const, text: m['templates.startText']() }
  ];
  return { name: '', subject: '', preheader: '', source: { editor: 'blocks', blocks }, html: '' };
}
