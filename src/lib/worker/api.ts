import type { BackupOptions, BackupPreview, StoredBackup } from '$lib/core/backup';
import type { FilterTree } from '$lib/core/filter-tree';
import type { Graph } from '$lib/core/graph';
import type { MapperDefinition } from '$lib/core/sources';
import type { Id } from '$lib/core/ids';
import type { GenericMapping } from '$lib/core/generic-mapping';
import type { InboxKind } from '$lib/core/inbox';
import type { Instant } from '$lib/core/instants';
import type { Result } from '$lib/core/result';
import type { Automation, SwitchChoice, WorkspaceSettings } from '$lib/core/rows/automations';
import type { Attribute, ImportRow } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';
import type { Form } from '$lib/core/rows/forms';
import type { LedgerType, Program, Voucher } from '$lib/core/rows/loyalty';
import type { OutboundRequest, PushTemplate, Reaction, Sender, Template } from '$lib/core/rows/messages';
import type {
  Backtest,
  BacktestRequest,
  Replay,
  Simulation,
  SimulationProgress,
  SimulationRequest
} from '$lib/core/simulation';
import type { Words } from '$lib/core/words';
import type { GoingAhead } from '$lib/engine/after-delay';
import type { FileSecrets } from '$lib/core/workspace-file';
import type { Explanation } from '$lib/filters/explain';
import type { AutomationsFile, Decisions } from '$lib/records/exchange';
import type { AnswerProblem, TypedAnswers } from '$lib/records/forms';
import type { VoucherDraft } from '$lib/records/loyalty';
import type { PersonalData } from '$lib/records/contacts/personal-data';
import type { Period, PeriodStatistics } from '$lib/engine/period-statistics';
import type { SwitchGroup } from '$lib/engine/switching';
import type { MadePasskey, Passkey } from '$lib/storage/keys/passkey';
import type {
  ContactDraft,
  UserDraft,
  CompanyDraft,
  PipelineDraft,
  TaskDraft,
  DealDraft,
  ContactChoice,
  ContactExport,
  Removal,
  ImportPlan,
  FilePreview,
  EventImportPlan,
  EventImportReport,
  Progress,
  AccountDraft,
  AccountKind,
  CompiledTemplate,
  TestDraft,
  ExampleEmail,
  BackupPlan
} from './drafts';
import type { SyncApi } from './syncing/sync-api';

export interface AttributesApi {
  save(attribute: Omit<Attribute, 'createdAt'>): Promise<Result<Id>>;
  remove(id: Id): Promise<Result<Removal>>;
}

/** The time machine: the engine on a copy in memory. It stores and sends nothing; a new run ends the one under way. */
export interface SimulatorApi {
  /** Refused with words where there is nothing to play, and where it was ended before its time. */
  run(
    request: SimulationRequest,
    onProgress?: (progress: SimulationProgress) => void
  ): Promise<Result<{ simulation: Simulation }>>;
  /** Real events of the past through the draft, from the contacts as they are now. */
  backtest(request: BacktestRequest, onProgress?: (progress: SimulationProgress) => void): Promise<Result<Backtest>>;
  /** A real journey with the reason of every decision; null where it is gone. */
  replay(enrolmentId: Id): Promise<Replay | null>;
  /** What the conditions of a split see today, branch by branch; null where something is gone. */
  why(decision: {
    enrolmentId: Id;
    versionId: Id;
    stepId: Id;
  }): Promise<{ branch: string; explanation: Explanation }[] | null>;
  cancel(): Promise<void>;
  /** A message of the last run as its reader would get it. */
  message(id: Id): Promise<OutboundRequest | null>;
}

/** What the runner is doing, for the status line. */
export interface Status {
  runner: 'here' | 'elsewhere' | 'none';
  online: boolean;
  /** Why nothing can be written here, such as that the disk is full; null where it can. */
  problem: Words | null;
  /** Keys are locked by a passphrase that has not been given. */
  locked: boolean;
  /** Keys are protected by a passphrase. */
  passphrase: boolean;
  /** What unlocks them as well; null where there is none. */
  passkey: Passkey | null;
}

/** What a page tells its worker beside its calls: that it is about to be left, and that it has stayed after all. */
export type PageNews = 'leaving' | 'staying';

/**
 * What a screen may ask of the worker, through Comlink. Every write goes through it; screens read by live queries. Expected
 * failures are results with words; a promise rejects only for bugs.
 */
export interface WorkerApi {
  status(): Promise<Status>;
  /** Looks at the clock, the sources and the outbox again: on visibility, focus and online. */
  look(): Promise<void>;
  /** Takes a removal back, for as long as the app stays open. */
  undo(removal: Removal): Promise<Result<void>>;
  /** Resolves when nothing is left to do at this instant. */
  settle(): Promise<void>;

  contacts: {
    save(draft: ContactDraft): Promise<Result<Id>>;
    /** Ids of those that meet the filters, in no order. */
    matching(filters: FilterTree): Promise<Id[]>;
    /** Hides them and holds their journeys for 30 s, then erases them everywhere. */
    remove(choice: ContactChoice): Promise<{ ids: Id[] }>;
    restore(ids: readonly Id[]): Promise<void>;
    addToList(choice: ContactChoice, listId: Id): Promise<number>;
    removeFromList(choice: ContactChoice, listId: Id): Promise<number>;
    /** A push subscription or a pass, by the provider's id. Refused where another contact has it. */
    addIdentity(identity: { contactId: Id; kind: 'push' | 'pass'; value: string }): Promise<Result<void>>;
    removeIdentity(identity: { contactId: Id; kind: 'push' | 'pass'; value: string }): Promise<void>;
    /** Chosen columns of them as a file of separated values, in batches: `goesOn` hears how far it is, and stops it by false. */
    exportFile(
      choice: ContactChoice,
      options: ContactExport,
      goesOn?: (progress: Progress) => boolean | Promise<boolean>
    ): Promise<Result<Blob>>;
    /** All that is held of one person, for the person. */
    exportData(id: Id): Promise<Result<PersonalData>>;
    /** `contact.added_manually` for each; returns how many were told. */
    addToAutomation(choice: ContactChoice, automationId: Id): Promise<number>;
  };

  imports: {
    preview(file: File): Promise<Result<FilePreview>>;
    /** Starts; the row in `imports` tells how it goes. Resolves when it has ended. */
    run(file: File, plan: ImportPlan): Promise<Result<ImportRow>>;
    resume(importId: Id, file: File): Promise<Result<ImportRow>>;
    cancel(importId: Id): Promise<void>;
    undo(importId: Id): Promise<Result<number>>;
  };

  segments: {
    save(segment: { id?: Id; name: string; filters: FilterTree }): Promise<Result<Id>>;
    remove(id: Id): Promise<Result<Removal>>;
    /** How many contacts meet the filters; null where the same asker has asked for another count in the meantime. */
    count(filters: FilterTree | null, asker: string): Promise<number | null>;
    /** Why the contact meets the filters, or does not; null where it is gone. */
    explain(filters: FilterTree, contactId: Id): Promise<Explanation | null>;
  };

  lists: {
    save(list: { id?: Id; name: string }): Promise<Result<Id>>;
    remove(id: Id): Promise<Result<Removal>>;
  };

  attributes: AttributesApi;
  companyAttributes: AttributesApi;
  dealAttributes: AttributesApi;

  users: {
    save(draft: UserDraft): Promise<Result<Id>>;
    /** Contacts, companies, deals and tasks lose their owner. */
    remove(id: Id): Promise<Result<Removal>>;
  };

  companies: {
    save(draft: CompanyDraft): Promise<Result<Id>>;
    /** Its contacts and deals stay, without it. */
    remove(id: Id): Promise<Result<Removal>>;
  };

  pipelines: {
    /** Refused where a stage with deals would go. */
    save(draft: PipelineDraft): Promise<Result<Id>>;
    /** Refused while deals are in it. */
    remove(id: Id): Promise<Result<Removal>>;
  };

  deals: {
    save(draft: DealDraft): Promise<Result<Id>>;
    move(id: Id, stageId: Id): Promise<Result<void>>;
    addNote(id: Id, text: string): Promise<Result<void>>;
    removeNote(id: Id, noteId: Id): Promise<Result<void>>;
    remove(id: Id): Promise<Result<Removal>>;
  };

  tasks: {
    save(draft: TaskDraft): Promise<Result<Id>>;
    complete(id: Id): Promise<Result<void>>;
    reopen(id: Id): Promise<Result<void>>;
    remove(id: Id): Promise<Result<Removal>>;
  };

  taskTypes: {
    save(type: { id?: Id | undefined; name: string }): Promise<Result<Id>>;
    /** Refused while tasks are of this type. */
    remove(id: Id): Promise<Result<Removal>>;
  };

  templates: {
    /** `html` is already compiled from the blocks, or written by hand. */
    save(template: Omit<Template, 'id' | 'createdAt' | 'updatedAt'> & { id?: Id }): Promise<Result<Id>>;
    remove(id: Id): Promise<Result<Removal>>;
    /** As this contact would get it; without one, as an invented contact would. */
    preview(
      template: Pick<Template, 'subject' | 'html'>,
      contactId: Id | null
    ): Promise<Result<{ subject: string; html: string; text: string }>>;
    /**
     * Sends it at once, to whoever tries it, written as this contact would get it; by the account of the sender (null: the Sandbox).
     * `mailboxId`: where the Sandbox shows it; null where it has left. No contact, journey or count is touched.
     */
    sendTest(test: TestDraft): Promise<Result<{ mailboxId: Id | null }>>;
  };

  smsTemplates: {
    save(template: { id?: Id; name: string; text: string }): Promise<Result<Id>>;
    remove(id: Id): Promise<Result<Removal>>;
    /** As this contact would get it; without one, as an invented contact would. */
    preview(text: string, kind: 'promotional' | 'transactional', contactId: Id | null): Promise<Result<string>>;
  };

  pushTemplates: {
    save(
      template: { id?: Id } & Pick<PushTemplate, 'name' | 'title' | 'body' | 'url' | 'imageUrl'>
    ): Promise<Result<Id>>;
    remove(id: Id): Promise<Result<Removal>>;
    preview(
      template: Pick<PushTemplate, 'title' | 'body'>,
      contactId: Id | null
    ): Promise<Result<{ title: string; body: string }>>;
  };

  smsSenders: {
    save(sender: { id?: Id; name: string; accountId: Id | null }): Promise<Result<Id>>;
    remove(id: Id): Promise<Result<Removal>>;
  };

  senders: {
    save(sender: Omit<Sender, 'id' | 'createdAt'> & { id?: Id }): Promise<Result<Id>>;
    remove(id: Id): Promise<Result<Removal>>;
  };

  secrets: {
    /** Keeps a secret of a step (a header, a signing secret) encrypted; the step holds its id. */
    save(value: string): Promise<Result<Id>>;
  };

  accounts: {
    /** The adapters there are, as plain data. */
    kinds(): Promise<AccountKind[]>;
    save(draft: AccountDraft): Promise<Result<Id>>;
    remove(id: Id): Promise<Result<void>>;
    /** Calls the provider with what the form holds. */
    test(draft: AccountDraft): Promise<Result<Words>>;
    resume(id: Id): Promise<void>;
  };

  /** The inbox of the user's relay: who may post to it, and what was not understood. */
  inbox: {
    /** The relay, as what an account can be made for. */
    relayKind(): Promise<AccountKind | null>;
    /** Other inboxes than the relay, which are read alike. */
    otherKinds(): Promise<AccountKind[]>;
    /** Who can post, as plain data. */
    kinds(): Promise<Pick<MapperDefinition, 'kind' | 'name' | 'documentation' | 'signs'>[]>;
    /** The relay is told first. Returns the id, which is part of the address that is posted to. */
    add(draft: { kind: InboxKind; name: string; secret: string }): Promise<Result<Id>>;
    /** Of the site that a tracker is on: `typed` separates them by commas or spaces. Returns them as they are kept. */
    setDomains(id: Id, typed: string): Promise<Result<readonly string[]>>;
    /** Tells a relay, a new one maybe, of all who may post. Returns how many. */
    tellAgain(): Promise<Result<number>>;
    remove(id: Id): Promise<Result<void>>;
    /** A post that was not understood, once more, with its body as it was mended. Returns how many facts were new. */
    takeIn(id: Id, body: string): Promise<Result<number>>;
    /** What the posts of this source, or of the account of an inbox, mean from now on. What waits of them is taken in: returns how many facts were new. */
    setMapping(id: Id, mapping: GenericMapping): Promise<Result<number>>;
    discard(ids: readonly Id[]): Promise<void>;
  };

  automations: {
    create(name: string): Promise<Id>;
    rename(id: Id, name: string): Promise<Result<void>>;
    /**
     * `from`: the draft that this one was made of. What others have written since of other parts stays; refused where it was of the same.
     * Left out, nothing of theirs stays.
     */
    saveDraft(id: Id, draft: Automation['draft'], from?: Automation['draft']): Promise<Result<void>>;
    /**
     * Refused with words while the draft has problems. `existing`: those who meet its triggers already enter too. `others`: what becomes
     * of those who are on their way through another version; left out, they finish on it.
     */
    publish(
      id: Id,
      options?: { existing?: boolean; others?: 'finish' | SwitchChoice }
    ): Promise<Result<{ versionNumber: number }>>;
    /** Who on other versions would go where: to the draft as it is saved, or to the version in force. Nothing happens. */
    switchPreview(id: Id, choice: SwitchChoice, target: 'draft' | 'active'): Promise<SwitchGroup[]>;
    /** Which messages of a draft would be handed over ahead, in the order of its steps; the others with the reason. */
    goingAhead(graph: Graph): Promise<GoingAhead[]>;
    /** Brings those on other versions to the one in force, in batches; the automation's `switching` tells how it goes. */
    switchJourneys(id: Id, choice: SwitchChoice): Promise<Result<void>>;
    pause(id: Id): Promise<Result<void>>;
    resume(id: Id): Promise<Result<void>>;
    archive(id: Id): Promise<Result<void>>;
    /** Out of the archive: paused, or a draft where it was never published. Its journeys still stand still. */
    unarchive(id: Id): Promise<Result<void>>;
    duplicate(id: Id, name: string): Promise<Result<Id>>;
    remove(id: Id): Promise<Result<Removal>>;
    /**
     * The automations of a file come in as drafts, with what they refer to, all in one transaction. Templates hold HTML that is already
     * compiled and harmless. Undecided references become what `planFor` suggests.
     */
    place(
      file: AutomationsFile,
      decisions: Decisions
    ): Promise<Result<{ automationIds: readonly Id[]; removal: Removal }>>;
    /** Takes that back, with all that came along; refused once one of them was published. */
    takeBack(removal: Removal): Promise<Result<void>>;
    /** What happened within a period, over all versions: from the journal, so nothing is kept for it. */
    statistics(id: Id, period: Period): Promise<PeriodStatistics>;
    /** Ends journeys, each with a line in its journal. */
    exit(enrolmentIds: readonly Id[]): Promise<number>;
  };

  simulator: SimulatorApi;

  events: {
    /** One event typed in by hand, as if a source had yielded it. */
    record(event: {
      type: string;
      contactId: Id;
      occurredAt?: Instant;
      properties: Record<string, unknown>;
    }): Promise<Result<EventRow>>;
    /** Each happens again now, as an event of its own; those of nobody are left out. Returns how many. */
    replay(ids: readonly Id[]): Promise<number>;
    /** JSON lines, or separated values with a column `type`. Resolves when the file has been read. */
    importFile(
      file: File,
      plan: EventImportPlan,
      onProgress?: (progress: Progress) => void
    ): Promise<Result<EventImportReport>>;
  };

  forms: {
    save(form: Omit<Form, 'id' | 'createdAt' | 'updatedAt'> & { id?: Id }): Promise<Result<Id>>;
    remove(id: Id): Promise<Result<Removal>>;
    /** Whether everybody can fill it in, on a page of the relay: it is published there, and taken away, as soon as that can be. */
    publish(id: Id, isPublic: boolean): Promise<Result<void>>;
    /** Where everybody finds it, and what is pasted into a site to have it there; null before the relay shows pages. */
    embed(id: Id): Promise<{ address: string; html: string; script: string } | null>;
    /** What somebody has typed into a form; refused with words for each field. */
    submit(id: Id, answers: TypedAnswers): Promise<Result<void, readonly AnswerProblem[]>>;
  };

  programs: {
    /** Members get the balances and tiers that follow from the change. */
    save(program: Omit<Program, 'id' | 'createdAt'> & { id?: Id }): Promise<Result<Id>>;
    /** With all memberships, points and vouchers. */
    remove(id: Id): Promise<Result<Removal>>;
  };

  loyalty: {
    join(programId: Id, contactId: Id): Promise<Result<Id>>;
    revoke(membershipId: Id, by: 'contact' | 'user'): Promise<Result<void>>;
    /** `points` is positive; of `adjusted` it is signed. */
    move(movement: {
      membershipId: Id;
      type: Exclude<LedgerType, 'expired'>;
      balanceId: Id;
      points: number;
      reason: string;
    }): Promise<Result<void>>;
    /** Without a code, one is made. */
    createVoucher(draft: VoucherDraft): Promise<Result<Voucher>>;
    redeemVoucher(code: string): Promise<Result<Voucher>>;
    revokeVoucher(id: Id): Promise<Result<Voucher>>;
  };

  mailbox: {
    /** What a reader does with a message of the Sandbox. */
    react(outboxId: Id, kind: Reaction['kind'], url?: string): Promise<Result<void>>;
  };

  /** Journeys that wait for the user at a step that has failed. */
  attention: {
    /** Each tries its step again, made from what is there now. Returns how many. */
    retry(enrolmentIds: readonly Id[]): Promise<number>;
    /** Each goes on as if the step had been done. Returns how many. */
    skip(enrolmentIds: readonly Id[]): Promise<number>;
    exit(enrolmentIds: readonly Id[]): Promise<Result<Removal>>;
  };

  outbox: {
    retry(ids: readonly Id[]): Promise<number>;
    /** The contact goes on as after a failure. */
    cancel(ids: readonly Id[]): Promise<number>;
    /** Asks the provider to give back what was handed over ahead; once it has, the contact goes on as after a failure. */
    recall(ids: readonly Id[]): Promise<number>;
    /** The user's word on uncertain rows: it did arrive. */
    confirmSent(ids: readonly Id[]): Promise<number>;
  };

  settings: {
    /**
     * Where the brand or the language changes, `compiled` is the HTML of every template made of blocks as it is under them, which is
     * saved in the same transaction. Refused with `words.settings.templates_changed`, and nothing is written, where those templates
     * are not the ones that were compiled.
     */
    save(
      settings: Partial<Omit<WorkspaceSettings, 'id' | 'createdAt'>>,
      compiled?: readonly CompiledTemplate[]
    ): Promise<Result<void>>;
  };

  keys: {
    /** Encrypts the keys under a passphrase from now on, or under the device's key alone (null). */
    setPassphrase(passphrase: string | null): Promise<Result<void>>;
    unlock(passphrase: string): Promise<Result<void>>;
    /** Closes what the passphrase has opened, in every tab: what wants a key waits for it. */
    lock(): Promise<void>;
    /** From now on the passkey unlocks as well, until the passphrase is another one. */
    addPasskey(made: MadePasskey, passphrase: string): Promise<Result<void>>;
    unlockByPasskey(secret: ArrayBuffer): Promise<Result<void>>;
    removePasskey(): Promise<void>;
  };

  sync: SyncApi;

  /** Those that are saved by themselves. How it goes is in the small database (`KeptSchedule`). */
  backups: {
    /** In the place of what was wanted before. */
    plan(plan: BackupPlan): Promise<void>;
    forget(): Promise<void>;
    /**
     * Saves one now, where a folder or the remote is wanted. Refused with words where it cannot be written to, and for the remote where
     * another device runs the automations.
     */
    run(): Promise<Result<void>>;
    /** Those on the remote that devices share, the latest first. Refused where it cannot be read. */
    stored(): Promise<Result<readonly StoredBackup[]>>;
    /** The workspace file that one of them is. Refused where anything of it is not as it was put; `goesOn` stops it by false. */
    fetch(id: string, goesOn?: (progress: Progress) => boolean | Promise<boolean>): Promise<Result<Blob>>;
    /** Takes one of them away for good. */
    remove(id: string): Promise<Result<void>>;
  };

  workspace: {
    loadExample(language: 'fr' | 'en', welcome: ExampleEmail): Promise<Result<void>>;
    removeExample(): Promise<Result<void>>;
    /** Streams the workspace file to the port in chunks of bytes. Without a passphrase it is neither sealed nor holds keys. */
    exportTo(
      stream: WritableStream<Uint8Array>,
      options: BackupOptions,
      onProgress?: (progress: Progress) => void
    ): Promise<Result<void>>;
    /** Reads the file to its end and says what is in it and what would become of it; `goesOn` stops that by false. Nothing is written. */
    preview(
      file: File,
      options: { passphrase: string | null },
      goesOn?: (progress: Progress) => boolean | Promise<boolean>
    ): Promise<Result<BackupPreview>>;
    /** Takes the file's rows into what is here, those of `secrets` under the passphrase too. Done again, it comes to the same. */
    merge(
      file: File,
      options: { passphrase: string | null; secrets: FileSecrets | null },
      onProgress?: (progress: Progress) => void
    ): Promise<Result<void>>;
    /** Streams into a new database and switches to it only when all of it is in. Each tab then reloads. */
    restore(
      file: File,
      options: { passphrase: string | null },
      onProgress?: (progress: Progress) => void
    ): Promise<Result<void>>;
  };
}
