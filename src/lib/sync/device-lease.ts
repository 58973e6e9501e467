import * as v from 'valibot';
import type { Instant, Milliseconds } from '$lib/core/instants';
import { parsedJson } from '$lib/core/json';
import { failed, ok, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';
import {
  claimed,
  isDue,
  isHeld,
  isIts,
  leaseSchema,
  mayClaim,
  released,
  renewed,
  watched,
  type LeaseDocument,
  type Tenure,
  type Watch
} from './lease-document';
import type { Remote } from './remote';
import type { Seal } from './seal';

const NAME = 'lease';

/** `sealed`: what is there does not open with this device's key. */
interface Found {
  readonly lease: LeaseDocument | 'sealed' | null;
  readonly revision: string | null;
}

export interface DeviceLeaseParts {
  readonly remote: Pick<Remote, 'read' | 'write'>;
  readonly seal: Seal;
  readonly device: string;
  readonly now: () => Instant;
  /** How long the holder may be silent, in ms. */
  readonly silence: () => Milliseconds;
  /** The greatest number that this device has seen before it was closed, under the remote's present key: another counts anew. */
  readonly fence?: number;
}

/**
 * The right to run the journeys, among the devices of one user. What it knows is this device's belief: it ends by itself, by the
 * device's clock, where the remote cannot be asked. Fails where the remote does; what was believed before still is.
 */
export class DeviceLease {
  private tenure: Tenure | null = null;
  private watch: Watch | null = null;
  private last: LeaseDocument | null = null;
  private greatest: number;
  private confirmed: Instant = -Infinity;
  private sealed = false;

  constructor(private readonly parts: DeviceLeaseParts) {
    this.greatest = parts.fence ?? 0;
  }

  /** The greatest number that was seen. */
  get fence(): number {
    return this.greatest;
  }

  /** When the remote has last said that this device holds it, by this device's clock; -Infinity: never. */
  get confirmedAt(): Instant {
    return this.confirmed;
  }

  /** The number under which this device runs the journeys; null while another does, or it is not known. */
  get held(): number | null {
    return this.tenure !== null && isHeld(this.tenure, this.parts.now()) ? this.tenure.fence : null;
  }

  /** The device that holds it, as it was last seen on the remote; null: none. */
  get holder(): string | null {
    return this.last?.holder ?? null;
  }

  /** Whether what was last seen there does not open: it was written under another key, or damaged. */
  get isSealed(): boolean {
    return this.sealed;
  }

  /** Asks the remote: takes the lease where it may, renews it where it is due, notices where it is lost. Gives `held`. */
  async keep(): Promise<Result<number | null>> {
    const { device, now } = this.parts;
    const at = now();
    const found = await this.find();
    if (!found.ok) return found;
    const { lease, revision } = found.value;
    const { tenure } = this;
    if (lease === 'sealed') return failed(words('words.sync.not_opened'));
    if (tenure !== null && isIts(lease, device, tenure.fence)) {
      if (isDue(tenure, at)) return this.write(renewed(lease, at, this.parts.silence()), revision, at);
      this.confirmed = at;
      return ok(this.held);
    }
    this.tenure = null;
    this.watch = revision === null ? null : watched(this.watch, revision, at);
    return mayClaim(lease, this.watch, device, at) ? this.claim(found.value, at) : ok(null);
  }

  /**
   * Takes it from whoever has it, because the user says so, or over what does not open where this device's key is the remote's: the
   * other device may go on until it asks the remote, or its time ends.
   */
  async takeOver(): Promise<Result<number | null>> {
    const found = await this.find();
    return found.ok ? this.claim(found.value, this.parts.now()) : found;
  }

  /** Gives it back, so that another device may go on at once. This one stops before it says so. */
  async handOver(): Promise<Result<void>> {
    const { tenure } = this;
    this.tenure = null;
    if (tenure === null) return ok(undefined);
    const found = await this.find();
    if (!found.ok) return found;
    const { lease } = found.value;
    const next = lease === 'sealed' ? null : released(lease, this.parts.device, tenure.fence);
    if (next === null) return ok(undefined);
    const written = await this.put(next, found.value.revision);
    return written.ok ? ok(undefined) : written;
  }

  private claim({ lease, revision }: Found, at: Instant): Promise<Result<number | null>> {
    const { device } = this.parts;
    return this.write(
      claimed(lease === 'sealed' ? null : lease, {
        device,
        now: at,
        silence: this.parts.silence(),
        least: this.greatest
      }),
      revision,
      at
    );
  }

  /** `at`: from before it was written, so that it ends here before it does for others. */
  private async write(next: LeaseDocument, over: string | null, at: Instant): Promise<Result<number | null>> {
    const written = await this.put(next, over);
    if (!written.ok) return written;
    // Another was quicker; or an earlier call of this device's was carried out, which the next look finds.
    if (written.value === 'conflict') return ok(this.held);
    this.last = next;
    this.sealed = false;
    this.greatest = next.fence;
    this.confirmed = at;
    this.tenure = { fence: next.fence, since: at, silence: next.silence };
    return ok(this.held);
  }

  private async put(
    next: LeaseDocument,
    over: string | null
  ): Promise<Result<{ readonly revision: string } | 'conflict'>> {
    const bytes = await this.parts.seal.seal(NAME, new TextEncoder().encode(JSON.stringify(next)));
    return this.parts.remote.write(NAME, bytes, over);
  }

  private async find(): Promise<Result<Found>> {
    const read = await this.parts.remote.read(NAME);
    if (!read.ok) return read;
    this.sealed = false;
    if (read.value === null) {
      this.last = null;
      return ok({ lease: null, revision: null });
    }
    const plain = await this.parts.seal.open(NAME, read.value.bytes);
    if (!plain.ok) {
      this.sealed = true;
      return ok({ lease: 'sealed', revision: read.value.revision });
    }
    const parsed = v.safeParse(leaseSchema, parsedJson(new TextDecoder().decode(plain.value)));
    if (!parsed.success) return failed(words('words.sync.not_a_batch'));
    if (parsed.output.fence < this.greatest) return failed(words('words.sync.older'));
    this.greatest = parsed.output.fence;
    this.last = parsed.output;
    return ok({ lease: parsed.output, revision: read.value.revision });
  }
}
