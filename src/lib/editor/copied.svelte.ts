import { readClip, type Clip } from './clipboard';

let clip = $state.raw<Clip | null>(null);

/** What was copied last in this window: every '+' offers it, since a phone has no keys to paste with. */
export function lastCopied(): Clip | null {
  return clip;
}

export function keepCopied(text: string): void {
  clip = readClip(text);
}
