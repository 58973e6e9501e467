/**
 * A hybrid logical clock stamp, as text that sorts in causal order: `<epoch ms, 15 digits>-<counter, 5 digits>-<device id>`.
 * Storage hands the changes of a commit to `capture`; sync stamps them.
 */
export type HlcStamp = `${string}-${string}-${string}`;
