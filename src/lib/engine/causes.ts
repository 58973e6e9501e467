import type { Change } from '$lib/core/changes';
import type { Catalogue, Render, Settled } from '$lib/core/definitions';
import type { NewId } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import type { Needs, Related } from '$lib/core/related';
import type { Enrolment, JournalEntry, Version } from '$lib/core/rows/automations';
import type { Contact } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';
import type { WorkspaceView } from '$lib/core/tables';
import type { AheadLimits, Sending } from './ahead';
import type { Destination } from './switching';

/** All that an advance may look at. It never reads a clock, a database or the network. */
export interface Surroundings {
  readonly catalogue: Catalogue;
  readonly view: WorkspaceView;
  readonly render: Render;
  readonly now: Instant;
  readonly newId: NewId;
  readonly contact: Contact;
  /** How far ahead this message can be handed over; null where it cannot. Left out: none can. */
  readonly ahead?: (sending: Sending) => AheadLimits | null;
  /** What was loaded of what belongs to the contact; nothing at first. */
  readonly related: Related;
}

/** Why an enrolment moves. */
export type Cause =
  | { readonly by: 'entry' }
  /** `unread`: the source that could not be read up to then, and is waited for no longer. */
  | { readonly by: 'time'; readonly unread?: string }
  | { readonly by: 'event'; readonly event: EventRow }
  | { readonly by: 'outbox'; readonly result: Settled }
  /** The message that it waits for was taken back, and never leaves: it is made again. */
  | { readonly by: 'recall' }
  /** A person's word on a journey that stands still: try the step again, go on as if it had been done, or (a message) send it once more. */
  | { readonly by: 'person'; readonly does: 'retry' | 'skip' | 'send_again' }
  /** Its automation got another version. */
  | { readonly by: 'version'; readonly from: Version; readonly to: Version; readonly destination: Destination };

export interface Advanced {
  readonly enrolment: Enrolment;
  readonly contact: Contact;
  readonly related?: Related;
  readonly changes: readonly Change[];
  readonly events: readonly EventRow[];
  readonly entries: readonly JournalEntry[];
}

/** It cannot go on without these: load them, and what was loaded before, and call again. */
export interface Needy {
  readonly needs: Needs;
}
