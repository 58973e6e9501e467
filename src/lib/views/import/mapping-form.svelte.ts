import type { Attribute } from '$lib/core/rows/contacts';
import { m } from '$lib/i18n';
import { suggestMapping } from '$lib/records/contacts/import/mapping';
import { columnName } from './column-name';
import { standardAttributes } from './standard';
import type { FilePreview, ImportTarget } from './runs.svelte';

interface TargetOption {
  value: string;
  label: string;
}

/** In a select: what a column is not. */
export const LEAVE_OUT = '';
export const NEW_ATTRIBUTE = '+';

/** What each column of a file becomes, as it is being decided. */
export class MappingForm {
  readonly preview: FilePreview;
  targets = $state<Record<string, ImportTarget>>({});

  constructor(preview: FilePreview, attributes: readonly Attribute[]) {
    this.preview = preview;
    this.targets = suggestMapping(preview.headers, [...attributes, ...standardAttributes(attributes)]);
  }

  /** The first values of a column that say something. */
  examples(column: number, most = 3): string[] {
    return [...new Set(this.preview.rows.map((row) => (row[column] ?? '').trim()).filter(Boolean))].slice(0, most);
  }

  readonly isKnown = $derived(
    Object.values(this.targets).some((target) => target === 'email' || target === 'phone' || target === 'externalId')
  );

  /** Why a column cannot be what it was said to be. */
  problemOf(header: string): string | undefined {
    const target = this.targets[header];
    if (!target) return undefined;
    const other = Object.keys(this.targets).find((one) => one !== header && this.targets[one] === target);
    return other === undefined ? undefined : m['imports.targetTwice']({ column: columnName(this.preview, other) });
  }

  get isSound(): boolean {
    return this.isKnown && this.preview.headers.every((header) => this.problemOf(header) === undefined);
  }
}

/** What a column may become. */
export function targetOptions(
  attributes: readonly Attribute[]
): (TargetOption | { label: string; options: TargetOption[] })[] {
  return [
    { value: LEAVE_OUT, label: m['imports.leaveOut']() },
    {
      label: m['imports.whoItIs'](),
      options: [
        { value: 'email', label: m['contacts.email']() },
        { value: 'phone', label: m['contacts.phone']() },
        { value: 'externalId', label: m['contacts.externalId']() }
      ]
    },
    {
      label: m['imports.attributes'](),
      options: [
        ...[...attributes, ...standardAttributes(attributes)].map(({ id, name }) => ({
          value: `attribute:${id}`,
          label: name
        })),
        { value: NEW_ATTRIBUTE, label: m['imports.newAttribute']() }
      ]
    }
  ];
}
