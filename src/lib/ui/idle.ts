/** Runs what nobody waits for yet once the browser has nothing else to do. Returns what calls it off. */
export function whenIdle(run: () => void): () => void {
  // Safari has none; a second is long after a screen has been drawn.
  if (!('requestIdleCallback' in globalThis)) {
    const timer = setTimeout(run, 1_000);
    return () => clearTimeout(timer);
  }
  const callback = requestIdleCallback(run);
  return () => cancelIdleCallback(callback);
}
