import { engine } from '$lib/app/engine';
import type { Template } from '$lib/core/rows/messages';
import type { Words } from '$lib/core/words';
import { compileEmail, type CompileOptions } from './compile-email';

type Content = Pick<Template, 'subject' | 'preheader' | 'source' | 'html'>;

/** How long nothing is typed before the email is compiled, in ms. */
const PAUSE = 300;

/** The email that is being written, as it would leave: compiled each time the writer pauses. */
export class Compiled {
  email = $state.raw<{ subject: string; html: string } | null>(null);
  /** Why it cannot be rendered, where it cannot. */
  broken = $state.raw<Words | null>(null);

  constructor(content: () => Content, options: () => CompileOptions) {
    let latest = 0;
    const compile = async (written: Content, how: CompileOptions): Promise<void> => {
      const mine = ++latest;
      const html = await compileEmail(written, how);
      const email = { subject: written.subject, html };
      const result = await engine().templates.preview(email, null);
      if (mine !== latest) return;
      this.email = email;
      this.broken = result.ok ? null : result.reason;
    };
    $effect(() => {
      const written = content();
      const how = options();
      const timer = setTimeout(() => void compile(written, how), latest === 0 ? 0 : PAUSE);
      return () => clearTimeout(timer);
    });
  }

  /** Once compiled; 0 before. */
  get bytes(): number {
    return this.email === null ? 0 : new TextEncoder().encode(this.email.html).length;
  }
}
