// npm run icons: writes the drawings of Lucide that the app uses, each as one path, into src/lib/ui/icons.ts. One element draws faster
// than a component with an element for every stroke, and a screen has dozens of them.
import { writeFileSync } from 'node:fs';
import * as lucide from 'lucide';

/** What definitions and screens call them by; a new one is a word here. */
const names = `
  activity alarm-clock align-center align-left align-right archive arrow-down arrow-left arrow-right arrow-right-left arrow-up
  at-sign badge-check badge-percent bell bell-off between-horizontal-start bold book-open briefcase-business building-2 cake
  calendar calendar-check calendar-clock calendar-x chart-column chart-pie check chevron-down chevron-left chevron-right
  chevron-up chevrons-up-down circle circle-alert circle-check circle-dashed circle-help circle-pause circle-play circle-stop
  circle-x clipboard-check clipboard-paste clock code coins columns-3 copy corner-up-left credit-card database dices download ellipsis
  external-link eye eye-off file file-pen file-text flag flask-conical funnel gift git-branch git-fork git-merge globe
  grip-vertical hand-coins handshake hard-drive hash heading heart history hourglass house image import inbox info italic kanban
  key-round languages laptop layout-template link list list-checks list-filter list-minus list-plus loader-circle lock log-in
  log-out mail mail-check mail-open mail-plus mail-warning mail-x map map-pin maximize megaphone menu message-circle
  message-square messages-square milestone minus monitor moon mouse-pointer-click move-right move-vertical network package
  package-check palette panel-left-close panel-left-open panel-top paperclip party-popper pause pencil percent phone phone-call
  phone-incoming phone-missed phone-outgoing play plug plus power puzzle receipt redo-2 refresh-cw repeat rotate-ccw route save
  search send server settings share-2 shield-check shopping-bag shopping-cart shuffle sliders-horizontal smartphone sparkles
  split square-check square-pen star sticky-note store sun table tag tags target ticket ticket-check ticket-x timer trash-2
  trending-up triangle-alert trophy undo-2 unlink upload user user-check user-minus user-pen user-plus user-round user-x users
  variable video wallet wallet-cards waypoints webhook wifi-off workflow wrench x zap
`
  .trim()
  .split(/\s+/);

/** The text of src/lib/ui/icons.ts. */
export function iconsFile() {
  const lines = names.map((name) => `  '${name}': '${pathOf(name)}'`);
  return `// Written by \`npm run icons\` from Lucide (lucide.dev, ISC license): each drawing as one path on a grid of 24.
export const icons = {
${lines.join(',\n')}
};

export type IconName = keyof typeof icons;

export function isIconName(name: string): name is IconName {
  return Object.hasOwn(icons, name);
}
`;
}

/** @param {string} name */
function pathOf(name) {
  const key = name.replace(/(^|-)(\w)/g, (_, __, letter) => letter.toUpperCase());
  const drawing = /** @type {Record<string, unknown>} */ (lucide)[key];
  if (!Array.isArray(drawing)) throw new Error(`Lucide has no icon “${name}”`);
  return drawing.map(([shape, attributes]) => strokeOf(shape, attributes)).join('');
}

/**
 * A shape of SVG as the commands of a path, which start with its own move.
 * @param {string} shape
 * @param {Record<string, string | number>} attributes
 */
export function strokeOf(shape, attributes) {
  const at = (/** @type {string} */ name) => Number(attributes[name] ?? 0);
  switch (shape) {
    case 'path':
      // Alone, the first move is absolute in either case; after another shape it must say so, and what follows it that it is not.
      return String(attributes.d).replace(/^m(-?\d*\.?\d+)[\s,]?(-?\d*\.?\d+)\s*(?=(.?))/, (_, x, y, next) =>
        /[-\d.]/.test(next) ? `M${x} ${y}l` : `M${x} ${y}`
      );
    case 'line':
      return `M${at('x1')} ${at('y1')}L${at('x2')} ${at('y2')}`;
    case 'polyline':
      return `M${attributes.points}`;
    case 'circle':
      return oval(at('cx'), at('cy'), at('r'), at('r'));
    case 'ellipse':
      return oval(at('cx'), at('cy'), at('rx'), at('ry'));
    case 'rect': {
      const [x, y, width, height] = [at('x'), at('y'), at('width'), at('height')];
      const rx = at('rx' in attributes ? 'rx' : 'ry');
      const ry = at('ry' in attributes ? 'ry' : 'rx');
      const corner = (/** @type {number} */ dx, /** @type {number} */ dy) => `a${rx} ${ry} 0 0 1 ${dx} ${dy}`;
      return (
        `M${x + rx} ${y}h${width - 2 * rx}${corner(rx, ry)}v${height - 2 * ry}${corner(-rx, ry)}` +
        `h${2 * rx - width}${corner(-rx, -ry)}v${2 * ry - height}${corner(rx, -ry)}z`
      );
    }
    default:
      throw new Error(`There is no path for <${shape}> yet`);
  }
}

/**
 * @param {number} cx
 * @param {number} cy
 * @param {number} rx
 * @param {number} ry
 */
function oval(cx, cy, rx, ry) {
  return `M${cx - rx} ${cy}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0z`;
}

if (process.argv[1] === import.meta.filename) writeFileSync('src/lib/ui/icons.ts', iconsFile());
