import type { EmailBlock } from '$lib/core/rows/emails';
import type { Template } from '$lib/core/rows/messages';

type Source = Template['source'];

/** A template as its editor holds it, until it is saved. */
export class TemplateDraft {
  name = $state('');
  subject = $state('');
  preheader = $state('');
  editor = $state<Source['editor']>('blocks');
  blocks = $state<EmailBlock[]>([]);
  html = $state('');

  constructor(
    template: Pick<Template, 'name' | 'subject' | 'preheader' | 'source' | 'html'>,
    private readonly newId: () => string = () => crypto.randomUUID()
  ) {
    this.name = template.name;
    this.subject = template.subject;
    this.preheader = template.preheader;
    this.editor = template.source.editor;
    this.blocks = template.source.editor === 'blocks' ? structuredClone([...template.source.blocks]) : [];
    this.html = template.html;
  }

  /** What is saved, before it is compiled. */
  get content(): Pick<Template, 'subject' | 'preheader' | 'source' | 'html'> {
    const { subject, preheader, editor, html } = this;
    return {
      subject,
      preheader,
      html,
      source: editor === 'blocks' ? { editor, blocks: $state.snapshot(this.blocks) } : { editor }
    };
  }

  add(type: EmailBlock['type'], at = this.blocks.length): void {
    this.blocks.splice(at, 0, emptyBlock(type, this.newId()));
  }

  remove(id: string): void {
    this.blocks = this.blocks.filter((block) => block.id !== id);
  }

  /** Up (-1) or down (1). */
  move(id: string, by: -1 | 1): void {
    const from = this.blocks.findIndex((block) => block.id === id);
    const to = from + by;
    const block = this.blocks[from];
    if (!block || to < 0 || to >= this.blocks.length) return;
    this.blocks.splice(from, 1);
    this.blocks.splice(to, 0, block);
  }
}

function emptyBlock(type: EmailBlock['type'], id: string): EmailBlock {
  switch (type) {
    case 'heading':
    case 'text':
      return { id, type, text: '' };
    case 'button':
      return { id, type, text: '', url: 'https://' };
    case 'image':
      return { id, type, url: '', alt: '' };
    case 'divider':
      return { id, type };
    case 'spacer':
      return { id, type, height: 24 };
    case 'social':
      return { id, type, networks: [] };
    case 'products':
      return { id, type, from: 'cart' };
    case 'html':
      return { id, type, html: '' };
    case 'columns':
      return { id, type, columns: [[], []] };
  }
}
