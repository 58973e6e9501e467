/** Where an element was, from itself outwards: its ancestors, and its place in each of them. */
type Whereabouts = { element: HTMLElement; path: readonly { parent: Element; at: number }[] };

/** What lies above the page for a while. */
const OVERLAY = '[role=dialog], [role=alertdialog], [role=menu], section[aria-live]';
const FOCUSABLE = 'a[href], button, input, select, textarea, summary, [tabindex="0"], [contenteditable=true]';

/**
 * Whoever works by keyboard goes on from where they were: when what has the focus vanishes (a row that is removed, a button that
 * is replaced, a dialog opened from a menu that is gone), the focus goes to what stands in its place, or beside it. On another
 * page it begins at the beginning; a pointer, and the keyboard that a touch screen would call up, are left alone.
 */
export function keepFocus(document: Document): () => void {
  let byKeyboard = false;
  let last: Whereabouts | null = null;
  let lastBelow: Whereabouts | null = null;
  let address = '';
  let frame = 0;

  /** The search is part of where one is on a page, not of which page it is. */
  const here = () => location.pathname + location.hash;

  function onkeydown({ key }: KeyboardEvent) {
    byKeyboard = true;
    // Where it leads out of the page the focus is not lost.
    if (key === 'Tab') last = null;
  }
  const onpointerdown = () => (byKeyboard = false);

  function onfocusin({ target }: FocusEvent) {
    if (!(target instanceof HTMLElement) || target === document.body) return;
    last = whereaboutsOf(target);
    if (!target.closest(OVERLAY)) lastBelow = last;
    address = here();
  }

  const isLost = () => byKeyboard && last !== null && document.activeElement === document.body;
  /** What is disabled keeps the focus until it is drawn. */
  const isGoing = () => byKeyboard && last !== null && last.element.matches(':disabled, [hidden], [inert] *');

  function onmutation() {
    if (address !== here()) last = lastBelow = null;
    if (frame !== 0 || !(isLost() || isGoing())) return;
    // Dialogs give the focus back themselves, a frame later.
    frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        frame = 0;
        if (!isLost() || !last || address !== here()) return;
        const next = standIn(last) ?? (lastBelow && standIn(lastBelow));
        next?.focus({ preventScroll: true });
      });
    });
  }

  const observer = new MutationObserver(onmutation);
  observer.observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['disabled', 'hidden', 'inert']
  });
  document.addEventListener('keydown', onkeydown, { capture: true });
  document.addEventListener('pointerdown', onpointerdown, { capture: true });
  document.addEventListener('focusin', onfocusin);
  return () => {
    observer.disconnect();
    cancelAnimationFrame(frame);
    document.removeEventListener('keydown', onkeydown, { capture: true });
    document.removeEventListener('pointerdown', onpointerdown, { capture: true });
    document.removeEventListener('focusin', onfocusin);
  };
}

function whereaboutsOf(element: HTMLElement): Whereabouts {
  const path: { parent: Element; at: number }[] = [];
  for (let one: Element = element; one.parentElement; one = one.parentElement)
    path.push({ parent: one.parentElement, at: Array.prototype.indexOf.call(one.parentElement.children, one) });
  return { element, path };
}

/** The element itself while it can be focused, else the nearest that can: first after its place, then before it. */
function standIn({ element, path }: Whereabouts): HTMLElement | null {
  if (isFocusable(element)) return element;
  for (const { parent, at } of path) {
    if (!parent.isConnected) continue;
    if (parent === document.body) return null;
    const children = [...parent.children];
    const after = children.slice(at).flatMap(focusableIn);
    const before = children.slice(0, at).flatMap(focusableIn);
    const next = after[0] ?? before.at(-1);
    if (next) return next;
    // Beyond the page or the dialog there is nothing that would be its neighbour.
    if (parent.matches(`main, ${OVERLAY}`)) return null;
  }
  return null;
}

function focusableIn(element: Element): HTMLElement[] {
  return [element, ...element.querySelectorAll(FOCUSABLE)].filter((one) => one.matches(FOCUSABLE)).filter(isFocusable);
}

function isFocusable(element: Element): element is HTMLElement {
  return (
    element instanceof HTMLElement &&
    element.isConnected &&
    element.tabIndex >= 0 &&
    !element.matches(':disabled') &&
    !element.closest('[inert], [data-state=closed][role]') &&
    (typeof element.checkVisibility !== 'function' || element.checkVisibility({ visibilityProperty: true }))
  );
}
