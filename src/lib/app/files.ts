/** Hands a file to the person: the browser puts it where its downloads go. */
export function download(name: string, content: BlobPart | Blob, type = 'text/csv;charset=utf-8'): void {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const address = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  // Some browsers read the address after the click has returned.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** How many lines a file has, read in pieces. */
export async function lineCount(file: File): Promise<number> {
  const reader = file.stream().getReader();
  let count = 0;
  let endsWithLine = true;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return endsWithLine ? count : count + 1;
    for (const byte of value) if (byte === 10) count++;
    if (value.length > 0) endsWithLine = value[value.length - 1] === 10;
  }
}
