/** A line of a text file, or that it was too long to be one. Lines count from 1; empty ones are left out. */
export type FileLine =
  | { readonly line: number; readonly text: string }
  | { readonly line: number; readonly tooLong: true; readonly raw: string };

const CHUNK_BYTES = 1 << 20;
/** Characters. An event is a hundred times shorter. */
const LONGEST_LINE = 1 << 20;

/** The lines of a UTF-8 file as they are read; a line that is too long is passed over without being held. */
export async function* linesOf(file: Blob): AsyncIterable<FileLine[]> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  let line = 1;
  let isSkipping = false;
  for (let offset = 0; offset < file.size; offset += CHUNK_BYTES) {
    const bytes = await file.slice(offset, offset + CHUNK_BYTES).arrayBuffer();
    const pieces = (rest + decoder.decode(bytes, { stream: offset + CHUNK_BYTES < file.size })).split('\n');
    rest = offset + CHUNK_BYTES < file.size ? (pieces.pop() ?? '') : '';
    const lines: FileLine[] = [];
    for (const piece of pieces) {
      const text = piece.trim();
      if (!isSkipping && text.length > LONGEST_LINE) lines.push({ line, tooLong: true, raw: text.slice(0, 200) });
      else if (!isSkipping && text !== '') lines.push({ line, text });
      isSkipping = false;
      line++;
    }
    if (rest.length > LONGEST_LINE) {
      if (!isSkipping) lines.push({ line, tooLong: true, raw: rest.slice(0, 200) });
      isSkipping = true;
      rest = '';
    }
    if (lines.length > 0) yield lines;
  }
}
