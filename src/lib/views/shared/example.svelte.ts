import { engine } from '$lib/app/engine';
import { locale, m } from '$lib/i18n';
import { toast } from '$lib/ui/toasts.svelte';
import { valueOf } from './outcome';

/** Loads the made-up workspace, once however often it is asked. */
export class ExampleLoad {
  isLoading = $state(false);

  async load(): Promise<void> {
    if (this.isLoading) return;
    this.isLoading = true;
    try {
      // The compiler of emails is of no use to whoever starts with nothing.
      const { exampleEmail } = await import('./example-email');
      if (await valueOf(engine().workspace.loadExample(locale(), await exampleEmail(locale()))))
        toast({ tone: 'good', text: m['home.exampleLoaded']() });
    } finally {
      this.isLoading = false;
    }
  }
}
