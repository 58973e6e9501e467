import { fetchBackup, isSealedFile, mergeWorkspace, previewWorkspace, restoreWorkspace } from '$lib/app/backup';
import type { BackupPreview, StoredBackup } from '$lib/core/backup';
import type { Result } from '$lib/core/result';
import { m, words } from '$lib/i18n';
import { toast } from '$lib/ui/toasts.svelte';
import { plainDay } from '../shared/file-name';
import { orSayBug } from '../shared/outcome';

interface Progress {
  readonly done: number;
  readonly total: number | null;
}

/** A backup on its way back: chosen, opened where it is sealed, read through, and then put in the place of what is here or merged with it. */
export class Restoring {
  file = $state.raw<File | null>(null);
  passphrase = $state('');
  isSealed = $state(false);
  preview = $state.raw<BackupPreview | null>(null);
  /** What is being done, and how far it is. */
  under = $state.raw<{ label: string; progress: Progress; canStop: boolean } | null>(null);
  error = $state.raw<{ title: string; text: string } | null>(null);
  /** The choice that is under way: one that has taken its place makes it void. */
  #choice = 0;

  async choose(file: File): Promise<void> {
    this.#choice++;
    this.file = file;
    this.preview = null;
    this.error = null;
    this.passphrase = '';
    this.isSealed = await isSealedFile(file);
    if (!this.isSealed) await this.read();
  }

  /** Fetches one from the remote that devices share, which is then as a file that was chosen. */
  async fetch({ id, at }: StoredBackup): Promise<void> {
    const choice = ++this.#choice;
    const isCurrent = (): boolean => choice === this.#choice;
    this.file = null;
    this.preview = null;
    const fetched = await this.#doing(m['settings.backup.stored.fetching'](), true, (heard) =>
      fetchBackup(id, (progress) => {
        if (isCurrent()) heard(progress);
        return isCurrent();
      })
    );
    if (!isCurrent()) return;
    if (fetched.ok) await this.choose(new File([fetched.value], `ricochet-${plainDay(new Date(at))}.ricochet.json`));
    else this.#refuse(m['settings.backup.stored.notFetched'](), fetched);
  }

  /** Reads the file through. What cannot be taken in says so before anything is asked. */
  async read(): Promise<void> {
    const { file } = this;
    if (!file) return;
    const choice = ++this.#choice;
    const isCurrent = (): boolean => choice === this.#choice;
    const found = await this.#doing(m['settings.backup.reading'](), true, (heard) =>
      previewWorkspace(file, this.#given, (progress) => {
        if (isCurrent()) heard(progress);
        return isCurrent();
      })
    );
    if (!isCurrent()) return;
    if (found.ok) this.preview = found.value;
    else this.#refuse(m['settings.backup.notRead'](), found);
  }

  stop(): void {
    this.#choice++;
    this.under = null;
    this.file = null;
  }

  async merge(): Promise<void> {
    const { file, preview } = this;
    if (!file || !preview) return;
    const options = { passphrase: this.#given, secrets: preview.secrets };
    const merged = await this.#doing(m['settings.backup.merging'](), false, (heard) =>
      mergeWorkspace(file, options, heard)
    );
    if (!merged.ok) {
      this.#refuse(m['settings.backup.notMerged'](), merged);
      return;
    }
    toast({ tone: 'good', text: m['settings.backup.merged']() });
    this.file = null;
    this.preview = null;
  }

  /** Every tab loads again once it is done: nothing is said here. */
  async replace(): Promise<void> {
    const { file } = this;
    if (!file) return;
    const replaced = await this.#doing(m['settings.backup.restoring'](), false, (heard) =>
      restoreWorkspace(file, this.#given, heard)
    );
    if (!replaced.ok) this.#refuse(m['settings.backup.notRestored'](), replaced);
  }

  get #given(): string | null {
    return this.passphrase === '' ? null : this.passphrase;
  }

  #refuse(title: string, result: Result<unknown>): void {
    this.error = result.ok ? null : { title, text: words(result.reason) };
  }

  async #doing<T>(
    label: string,
    canStop: boolean,
    work: (heard: (progress: Progress) => void) => Promise<T>
  ): Promise<T> {
    this.error = null;
    const mine = { label, canStop };
    let shown = (this.under = { ...mine, progress: { done: 0, total: null } });
    const heard = (progress: Progress): void => {
      if (this.under === shown) this.under = shown = { ...mine, progress } as typeof shown;
    };
    try {
      return await orSayBug(work(heard));
    } finally {
      if (this.under === shown) this.under = null;
    }
  }
}
