/** What a palette entry is called on the drag clipboard of the browser. */
const TYPE = 'application/x-ricochet-unit';

export function startDrag(event: DragEvent, unit: string): void {
  event.dataTransfer?.setData(TYPE, unit);
  event.dataTransfer?.setData('text/plain', unit);
  if (event.dataTransfer) event.dataTransfer.effectAllowed = 'copy';
}

export function isUnitDrag(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes(TYPE) ?? false;
}

export function takeDrop(event: DragEvent, take: (unit: string) => void): void {
  const unit = event.dataTransfer?.getData(TYPE) ?? '';
  if (unit === '') return;
  event.preventDefault();
  event.stopPropagation();
  take(unit);
}

/** The key of the place whose '+' is nearest to a point of the window, within `reach` pixels. */
export function nearestPlace(
  root: ParentNode,
  point: { clientX: number; clientY: number },
  reach = Infinity
): string | null {
  let nearest: { key: string; distance: number } | null = null;
  for (const button of root.querySelectorAll<HTMLElement>('[data-place]')) {
    const { left, top, width, height } = button.getBoundingClientRect();
    const distance = Math.hypot(left + width / 2 - point.clientX, top + height / 2 - point.clientY);
    const key = button.dataset['place'];
    if (key !== undefined && distance <= reach && (nearest === null || distance < nearest.distance))
      nearest = { key, distance };
  }
  return nearest?.key ?? null;
}
