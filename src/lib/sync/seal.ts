import type { Result } from '$lib/core/result';
import type { RemoteName } from './remote';

/** What makes unreadable what leaves the device. What is opened was sealed under this very name, for this remote and generation. */
export interface Seal {
  readonly generation: number;
  seal(name: RemoteName, plain: Uint8Array): Promise<Uint8Array>;
  open(name: RemoteName, bytes: Uint8Array): Promise<Result<Uint8Array>>;
}
