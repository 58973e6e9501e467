import { engine } from '$lib/app/engine';
import { hasWords, words } from '$lib/i18n';
import { initialValues, refusalsIn, type TypedFields } from '../fields/typed-fields';
import { orSayBug } from '../shared/outcome';
import type { RemoteKind, RemotePlace } from './sync-types';

/** A remote as its fields are being typed, and what is there. */
export class RemoteForm implements TypedFields {
  readonly kind: RemoteKind;
  values = $state<Record<string, unknown>>({});
  secrets = $state<Record<string, string>>({});
  errors = $state<Record<string, string>>({});
  isBusy = $state(false);
  #answer = $state.raw<{ of: string; found: 'nothing' | 'workspace' | null; problem: string } | null>(null);

  readonly place: RemotePlace = $derived.by(() => ({
    remote: this.kind.id,
    fields: Object.fromEntries(
      this.fields.map(({ name, control }) => [
        name,
        control.kind === 'secret' ? this.secrets[name] || null : trimmed(this.values[name])
      ])
    )
  }));
  readonly #of = $derived(JSON.stringify(this.place));

  constructor(kind: RemoteKind) {
    this.kind = kind;
    this.values = initialValues(kind.fields);
  }

  get fields(): RemoteKind['fields'] {
    return this.kind.fields;
  }
  /** What is there; null while nobody has looked, or where something else has been typed since. */
  get found(): 'nothing' | 'workspace' | null {
    return this.#answer?.of === this.#of ? this.#answer.found : null;
  }
  /** Why it cannot be used as it is typed. */
  get problem(): string {
    return this.#answer?.of === this.#of ? this.#answer.problem : '';
  }

  isKept(): boolean {
    return false;
  }

  wordsOf(name: string, part: 'label' | 'help', option?: string): string | undefined {
    const { id } = this.kind;
    const key =
      option === undefined ? `remotes.${id}.fields.${name}.${part}` : `remotes.${id}.fields.${name}.options.${option}`;
    return hasWords(key) ? words({ key }) : undefined;
  }

  async examine(): Promise<void> {
    this.errors = refusalsIn(this);
    if (Object.keys(this.errors).length > 0) return;
    const of = this.#of;
    this.isBusy = true;
    try {
      const said = await orSayBug(engine().sync.examine($state.snapshot(this.place)));
      this.#answer = said.ok
        ? { of, found: said.value, problem: '' }
        : { of, found: null, problem: words(said.reason) };
    } finally {
      this.isBusy = false;
    }
  }
}

function trimmed(value: unknown): unknown {
  return typeof value === 'string' ? value.trim() : value;
}
