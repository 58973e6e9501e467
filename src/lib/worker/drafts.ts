import type { BackupInterval } from '$lib/core/backup';
import type { Control } from '$lib/core/fields';
import type { FilterTree } from '$lib/core/filter-tree';
import type { Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import type { AttributeValue } from '$lib/core/rows/contacts';
import type { Channel, Limit, Template } from '$lib/core/rows/messages';
import type { Words } from '$lib/core/words';
import type { CompanyFields } from '$lib/records/companies';
import type { DealFields } from '$lib/records/deals';
import type { ExportColumn } from '$lib/records/contacts/export';
import type { PipelineFields } from '$lib/records/pipelines';
import type { TaskFields } from '$lib/records/tasks';
import type { UserFields } from '$lib/records/users';

/** A contact as a form gives it. Attributes left out stay as they are; null takes one away. */
export interface ContactDraft {
  id?: Id;
  email?: string;
  phone?: string;
  externalId?: string;
  attributes: Record<string, AttributeValue | null>;
  /** lists to be added to */
  listIds?: readonly Id[];
  /** null: nobody */
  ownerId?: Id | null;
  /** null: none */
  companyId?: Id | null;
}

interface Draft {
  /** Without one it is new. */
  id?: Id | undefined;
}
export type UserDraft = Draft & UserFields;
export type CompanyDraft = Draft & CompanyFields;
export type PipelineDraft = Draft & PipelineFields;
export type TaskDraft = Draft & TaskFields;
/** The pipeline is that of the stage. */
export type DealDraft = Draft & Omit<DealFields, 'pipelineId'>;

export type AttributeTable = 'attributes' | 'companyAttributes' | 'dealAttributes';
/** Which contacts a bulk action means: these, or all that a view of the table shows. */
export type ContactChoice = { ids: readonly Id[] } | { listId: Id | null; search: string; filters?: FilterTree | null };

/** What a removal is taken back by. */
export type Removal = Id;

/** Column of the file → `email`, `phone`, `externalId`, `attribute:<id>`, or null to leave it out. */
export type ImportTarget = 'email' | 'phone' | 'externalId' | `attribute:${string}` | null;

export interface ImportPlan {
  listId: Id | null;
  mapping: Record<string, ImportTarget>;
  duplicates: 'update' | 'skip';
}

/** Contacts as a file of separated values. `mark`: with the byte order mark by which spreadsheets know UTF-8. */
export interface ContactExport {
  columns: readonly { column: ExportColumn; header: string }[];
  delimiter: ',' | ';';
  mark: boolean;
  /** How yes and no are written. */
  yes: string;
  no: string;
}

export interface FilePreview {
  fileName: string;
  /** `cards`: a file of vCards, whose columns are called as `vcard.ts` calls them. */
  format: 'values' | 'cards';
  delimiter: string;
  headers: string[];
  /** The first rows, as in the file. */
  rows: string[][];
  suggested: Record<string, ImportTarget>;
}

/** What becomes of events of types, and about people, that are not known here. */
export interface EventImportPlan {
  unknownTypes: 'custom' | 'refuse';
  unknownPeople: 'create' | 'unmatched' | 'refuse';
}

export interface EventImportReport {
  lines: number;
  recorded: number;
  /** Lines whose `dedupeKey` is known already. */
  duplicates: number;
  /** Contacts that were made. */
  created: number;
  refusedCount: number;
  /** The first thousand of these. */
  refused: { line: number; reason: Words; raw: string }[];
}

export interface Progress {
  done: number;
  /** null where it is not known beforehand */
  total: number | null;
}

/** A provider account as its form gives it: secrets in clear, on their way to being encrypted; null leaves one as it is. */
export interface AccountDraft {
  id?: Id;
  provider: string;
  name: string;
  fields: Record<string, unknown>;
  /** Calls go through the user's relay. */
  throughRelay: boolean;
  /** None: as many as its provider takes. */
  limit?: Limit;
  /** The account that sends while this one cannot. */
  fallbackId?: Id;
  secrets: Record<string, string | null>;
}

/** What an account can be made for; without a channel nothing is sent through it. */
export interface AccountKind {
  id: string;
  name: string;
  channel: Channel | null;
  documentation: string;
  refusesBrowsers: boolean;
  fields: { name: string; control: Control; required: boolean; initial: unknown }[];
}

/** A template made of blocks as it was read (`updatedAt`), and its HTML under another brand. */
export interface CompiledTemplate {
  readonly id: Id;
  readonly updatedAt: Instant;
  readonly html: string;
}

/** The email of the example workspace. */
export type ExampleEmail = Pick<Template, 'subject' | 'preheader' | 'source' | 'html'>;

/** An email to be tried, compiled but not rendered. `contactId` null: as an invented contact would get it. */
export interface TestDraft extends Pick<Template, 'subject' | 'html'> {
  readonly contactId: Id | null;
  /** null: there is no sender yet */
  readonly senderId: Id | null;
  readonly to: string;
}

/**
 * Backups as they are wished for. `folder` null: to be reminded only, or `isShared`: on the remote that devices share. `passphrase` null:
 * readable by anybody, but on the remote.
 */
export interface BackupPlan {
  readonly every: BackupInterval;
  readonly keep: number;
  readonly folder: FileSystemDirectoryHandle | null;
  readonly isShared: boolean;
  readonly passphrase: string | null;
}
