import { tick } from 'svelte';

export type Column<Row> = {
  id: string;
  label: string;
  /** The least it takes, in px where text has its usual size. */
  width: number;
  /** Its share of what is left over; 0 keeps the width. */
  grow?: number;
  /** Numbers and dates stand at the end. */
  align?: 'start' | 'end';
  sortable?: boolean;
  /** Plain cells: the text, cut when long with the whole as a tooltip; nothing is shown as '–'. Without it `cell` draws. */
  text?: (row: Row) => string | undefined;
};

export type Sort = { column: string; direction: 'ascending' | 'descending' };

/** What a click on a head asks for: its column ascending, then descending. */
export function nextSort(sort: Sort | null | undefined, column: string): Sort {
  const turned = sort?.column === column && sort.direction === 'ascending';
  return { column, direction: turned ? 'descending' : 'ascending' };
}

/** As a word of an address: `email`, descending `-email`. */
export function sortText({ column, direction }: Sort): string {
  return direction === 'descending' ? `-${column}` : column;
}

export function sortOf(text: string): Sort {
  return text.startsWith('-')
    ? { column: text.slice(1), direction: 'descending' }
    : { column: text, direction: 'ascending' };
}

export function gridTemplate<Row>(columns: readonly Column<Row>[], selectable: boolean): string {
  const tracks = columns.map(({ width, grow = 1 }) =>
    grow > 0 ? `minmax(${width / 16}rem, ${grow}fr)` : `${width / 16}rem`
  );
  return [...(selectable ? ['2.5rem'] : []), ...tracks].join(' ');
}

/** Up and down keys move between the rows, staying on the same link or box. */
export async function moveBetweenRows(
  event: KeyboardEvent,
  count: number,
  show: (index: number) => void
): Promise<void> {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const from = (event.target as HTMLElement).closest<HTMLElement>('[data-row]');
  if (step === undefined || !from) return;
  const controls = (row: Element | null | undefined) => [
    ...(row?.querySelectorAll<HTMLElement>('a, button, input') ?? [])
  ];
  const place = controls(from).indexOf(event.target as HTMLElement);
  const index = Number(from.dataset['row']) + step;
  if (place < 0 || index < 0 || index >= count) return;
  event.preventDefault();
  const body = from.parentElement;
  show(index);
  await tick();
  controls(body?.querySelector(`[data-row="${index}"]`))[place]?.focus({ preventScroll: true });
}

/** A click anywhere on a row is a click on its link, unless it was meant for something else. */
export function followRow(event: MouseEvent): void {
  const target = event.target as HTMLElement;
  if (target.closest('a, button, input, label') || getSelection()?.toString()) return;
  const { ctrlKey, metaKey } = event;
  const link = target.closest('[data-row]')?.querySelector('a');
  link?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, ctrlKey, metaKey }));
}
