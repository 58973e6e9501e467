/** Which key brings the focus nearer to what is wanted. */
export type Way =
  | { kind: 'keys'; key: string; times: number; focus: string }
  /** What opens or closes just now has not yet taken the focus, or given it back. */
  | { kind: 'wait' }
  /** The focus is on it. `works`: the key that works it; null where one types. */
  | { kind: 'there'; works: 'Enter' | 'Space' | null }
  | { kind: 'none'; why: string };

/** Runs in the page, so that all of it is inside. Looks, and touches nothing. */
export function wayTo(target: Element, patient: boolean): Way {
  const document = target.ownerDocument;
  const active = document.activeElement ?? document.body;
  const OVERLAY = '[role=dialog], [role=alertdialog], [role=menu]';
  const ITEM = '[role=option], [role^=menuitem]';
  const FOCUSABLE =
    'a[href], button, input, select, textarea, summary, iframe, [tabindex], [contenteditable=true], [contenteditable=""]';

  const nameOf = (element: Element) =>
    `${element.getAttribute('role') ?? element.localName} “${(element.getAttribute('aria-label') ?? element.textContent).replace(/\s+/g, ' ').trim().slice(0, 50)}”`;

  const isShown = (element: Element) =>
    element.checkVisibility({ visibilityProperty: true }) &&
    element.getClientRects().length > 0 &&
    !element.closest('[inert]') &&
    !element.matches(':disabled');

  const radiosOf = (radio: HTMLInputElement) =>
    [...document.querySelectorAll<HTMLInputElement>('input[type=radio]')].filter(
      ({ name, form, disabled }) => name === radio.name && form === radio.form && !disabled
    );

  const isRadio = (element: Element): element is HTMLInputElement =>
    element instanceof HTMLInputElement && element.type === 'radio' && element.name !== '';

  /** Chromium stops at what scrolls and has nothing inside to stop at. */
  const scrolls = (element: Element) => {
    if (element.scrollHeight <= element.clientHeight && element.scrollWidth <= element.clientWidth) return false;
    const { overflowX, overflowY } = getComputedStyle(element);
    return /auto|scroll/.test(overflowX + overflowY) && !element.querySelector(FOCUSABLE);
  };

  function isStop(element: Element): boolean {
    if (!(element instanceof HTMLElement || element instanceof SVGElement)) return false;
    if (element.tabIndex < 0 && !(element.getAttribute('tabindex') === null && scrolls(element))) return false;
    if (!isShown(element)) return false;
    if (!isRadio(element) || element.checked) return true;
    const group = radiosOf(element);
    return !group.some(({ checked }) => checked) && group[0] === element;
  }

  /** What a person works who wants this: the thing itself, what a label is for, the link of a row. */
  function controlOf(element: Element): Element | null {
    const item = element.closest(ITEM);
    if (item) return item;
    const label = element.closest('label');
    const own = element.closest(FOCUSABLE);
    if (label?.control && !(own && label.contains(own))) return label.control;
    if (own && own.id !== 'content' && own !== document.body && !own.matches(OVERLAY)) return own;
    return element.querySelector('a[href]') ?? element.closest('[role=row], tr')?.querySelector('a[href]') ?? null;
  }

  function worksBy(element: Element): 'Enter' | 'Space' | null {
    if (element.matches('input[type=checkbox], input[type=radio], [role=checkbox], [role=switch], [role=radio]'))
      return 'Space';
    if (element.matches('input:not([type=submit], [type=button], [type=file]), select, textarea, [contenteditable]'))
      return null;
    return 'Enter';
  }

  const press = (key: string, times: number): Way => ({ kind: 'keys', key, times, focus: nameOf(active) });

  function tabTo(stop: Element): Way {
    if (active === document.body || active === document.documentElement) return press('Tab', 1);
    const stops = [...document.querySelectorAll('*')].filter((element) => isStop(element) || element === active);
    const distance = stops.indexOf(stop) - stops.indexOf(active);
    // How many stops are in a frame only its own document knows.
    const times = active.localName === 'iframe' ? 1 : Math.abs(distance);
    return press(distance > 0 ? 'Tab' : 'Shift+Tab', times);
  }

  const control = controlOf(target);
  if (!control) return { kind: 'none', why: `nothing that a key could work is at ${nameOf(target)}` };

  if (patient) {
    if (active.closest(OVERLAY)?.matches('[data-state=closed]')) return { kind: 'wait' };
    const overlay = control.closest(OVERLAY);
    if (overlay && !overlay.contains(active)) return { kind: 'wait' };
  }

  const list = control.matches(ITEM) ? control.closest('[role=listbox], [role=menu], [role=menubar]') : null;
  if (list) {
    const holder = list.contains(active)
      ? active
      : (list.id && document.querySelector(`[aria-controls~="${CSS.escape(list.id)}"]`)) ||
        list.closest(OVERLAY)?.querySelector('input');
    if (!holder) return { kind: 'none', why: `nothing moves in the list of ${nameOf(control)}` };
    if (holder !== active)
      return isStop(holder) ? tabTo(holder) : { kind: 'none', why: `${nameOf(holder)} is no stop` };
    const items = [...list.querySelectorAll(ITEM)].filter(isShown);
    const described = holder.getAttribute('aria-activedescendant');
    const current = active.matches(ITEM)
      ? active
      : (described && document.getElementById(described)) ||
        list.querySelector('[data-highlighted], [data-selected], [aria-selected=true]');
    const from = current ? items.indexOf(current) : -1;
    const to = items.indexOf(control);
    if (from === to) return { kind: 'there', works: 'Enter' };
    return press(to > from ? 'ArrowDown' : 'ArrowUp', Math.abs(to - from));
  }

  if (active === control) return { kind: 'there', works: worksBy(control) };

  if (isRadio(control)) {
    const group = radiosOf(control);
    if (isRadio(active) && group.includes(active)) {
      const distance = group.indexOf(control) - group.indexOf(active);
      return press(distance > 0 ? 'ArrowDown' : 'ArrowUp', Math.abs(distance));
    }
    const stop = group.find(isStop);
    return stop ? tabTo(stop) : { kind: 'none', why: `no radio button of the group of ${nameOf(control)} is a stop` };
  }

  if (isStop(control)) return tabTo(control);

  // The cards of the canvas have one stop together; arrows lead along the paths.
  if (control.matches('[data-card]')) {
    if (active.matches('[data-card]')) {
      const here = active.getBoundingClientRect();
      const there = control.getBoundingClientRect();
      const down = there.top - here.top;
      const right = there.left - here.left;
      if (Math.abs(down) > here.height / 2) return press(down > 0 ? 'ArrowDown' : 'ArrowUp', 1);
      return press(right > 0 ? 'ArrowRight' : 'ArrowLeft', 1);
    }
    const stop = [...document.querySelectorAll('[data-card]')].find(isStop);
    return stop ? tabTo(stop) : { kind: 'none', why: 'no card of the canvas is a stop' };
  }

  if (!isShown(control)) return { kind: 'wait' };
  return { kind: 'none', why: `${nameOf(control)} is no stop of the Tab key` };
}
