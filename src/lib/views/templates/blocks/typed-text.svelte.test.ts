import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRichText } from '$lib/messages/rich-text';
import { blocksOf, lengthOf, richTextOf } from '$lib/messages/rich-text-edit';
import { richTextSource } from '$lib/messages/rich-text-source';
import { drawText, placeOfPoint, pointAt, readText } from './text-dom';
import { TypedText } from './typed-text.svelte';

const nameOf = (liquid: string) => (liquid.includes('FIRSTNAME') ? 'Prénom' : liquid);
let root: HTMLElement;

beforeEach(() => {
  root = document.createElement('div');
  root.tabIndex = 0;
  document.body.append(root);
});
afterEach(() => root.remove());

const draw = (source: string) => drawText(root, blocksOf(parseRichText(source)), nameOf, false);
const read = () => richTextSource(richTextOf(readText(root)));

describe('a text in an element that is typed into', () => {
  it.each([
    'Un\nDeux\n\nTrois',
    'Un **mot** et *un autre*, ***les deux***',
    '[ici **et** là](https://x.fr).',
    '- un\n- **deux**\n\n1. trois\n\nfin',
    "Bonjour {{ contact.FIRSTNAME | default: 'vous' }}",
    '\\*rien\\*'
  ])('is read as it was drawn: %j', (source) => {
    draw(source);
    expect(read()).toBe(source);
  });

  it('is read as it was drawn, whatever it is', () => {
    const signs = fc.string({
      unit: fc.constantFrom('*', '**', '[', '](https://a.fr)', '\\', '{{ a }}', '- ', '1. ', '\n', '\n\n', 'a', ' ')
    });
    fc.assert(
      fc.property(signs, (typed) => {
        const source = richTextSource(parseRichText(typed));
        draw(source);
        expect(read()).toBe(source);
      }),
      { numRuns: 500 }
    );
  });

  it('has a point for every place, and the place for the point', () => {
    draw('Un **mot**\n\n- {{ contact.FIRSTNAME }} là\n- \\-\n\nfin {{ a }}');
    const blocks = readText(root);
    const length = blocks.reduce((sum, block) => sum + lengthOf(block) + 1, -1);
    for (let place = 0; place <= length; place++) expect(placeOfPoint(root, pointAt(root, place))).toBe(place);
  });

  it('shows placeholders by name, as one piece, and links that lead nowhere from here', () => {
    draw('{{ contact.FIRSTNAME }} [x](javascript:alert(1))');
    const chip = root.querySelector('[data-liquid]');
    expect(chip).toHaveTextContent('Prénom');
    expect((chip as HTMLElement).contentEditable).toBe('false');
    expect(root.querySelector('a')).not.toHaveAttribute('href');
  });

  it('takes nothing from what a browser or an attacker puts in but letters, marks and lines', () => {
    root.innerHTML =
      '<div><b>gras</b> <span style="color:red">rouge</span></div><div><br></div><p><i>fin</i><style>p{}</style></p>' +
      '<a href="javascript:alert(1)">lien</a><table><tr><td>case</td></tr></table><iframe src="https://x.fr"></iframe>';
    expect(read()).toBe('**gras** rouge\n\n*fin*\n\nlien\n\ncase');
  });
});

describe('typing in place', () => {
  let source = '';
  const typed = (start: string, isPlain = false) => {
    const text = new TypedText(root, { isPlain, nameOf, onchange: (next) => (source = next) });
    text.show(start);
    text.focus();
    return text;
  };
  const select = (text: TypedText, from: number, to: number) => {
    const [start, end] = [pointAt(root, from), pointAt(root, to)];
    document.getSelection()?.setBaseAndExtent(start.node, start.offset, end.node, end.offset);
    text.look();
  };

  it('marks what is selected, says so, and takes it back', () => {
    const text = typed('Un mot ici');
    select(text, 3, 6);
    expect(text.marks.bold).toBe(false);
    text.toggle('bold');
    expect(source).toBe('Un **mot** ici');
    expect(text.marks.bold).toBe(true);
    expect(document.getSelection()?.toString()).toBe('mot');
    text.toggle('bold');
    expect(source).toBe('Un mot ici');
  });

  it('without a selection means the word around the cursor', () => {
    const text = typed('Un mot ici');
    select(text, 4, 4);
    text.toggle('italic');
    expect(source).toBe('Un *mot* ici');
    text.link('https://a.fr');
    expect(source).toBe('Un [*mot*](https://a.fr) ici'.replace('[*mot*](https://a.fr)', '*[mot](https://a.fr)*'));
    expect(text.marks).toEqual({ bold: false, italic: true, link: 'https://a.fr' });
    text.link(null);
    expect(source).toBe('Un *mot* ici');
  });

  it('puts text and placeholders where the cursor is, and makes lists', () => {
    const text = typed('Bonjour  !');
    select(text, 8, 8);
    text.put('{{ contact.FIRSTNAME }}');
    expect(source).toBe('Bonjour {{ contact.FIRSTNAME }} !');
    text.put(' et\n\n<img src=x onerror=alert(1)>');
    expect(source).toBe('Bonjour {{ contact.FIRSTNAME }} et\n\n<img src=x onerror=alert(1)> !');
    expect(root.querySelector('img')).toBeNull();
    text.list();
    expect(source).toBe('Bonjour {{ contact.FIRSTNAME }} et\n\n- <img src=x onerror=alert(1)> !');
  });

  it('begins paragraphs and items, and an empty item ends its list', () => {
    const text = typed('[lien](https://a.fr)');
    select(text, 4, 4);
    expect(text.isBehindLink).toBe(true);
    text.put(' suite');
    expect(source).toBe('[lien](https://a.fr) suite');
    select(text, 2, 2);
    expect(text.isBehindLink).toBe(false);
    text.focus();
    text.begin();
    text.put('un');
    text.list();
    text.begin();
    text.put('deux');
    text.begin();
    text.begin();
    text.put('fin');
    expect(source).toBe('[lien](https://a.fr) suite\n\n- un\n- deux\n\nfin');
  });

  it('keeps what the browser has put in, and does not draw it anew', () => {
    const text = typed('Un');
    const node = pointAt(root, 2).node as Text;
    node.data = 'Un mot ';
    text.read();
    expect(source).toBe('Un mot');
    text.show(source);
    expect(root.textContent).toBe('Un mot ');
    text.show('Autre chose');
    expect(root.textContent).toBe('Autre chose');
  });

  it('puts text where the cursor is, though nobody was told yet that it has moved', () => {
    const text = typed('Bonjour');
    const node = pointAt(root, 7).node as Text;
    node.data = 'Bonjour, et';
    document.getSelection()?.collapse(node, 11);
    text.put('!');
    expect(source).toBe('Bonjour, et!');
  });

  it('of a heading has lines, no marks, and what it says is said as it is', () => {
    const text = typed("*Bonjour* {{ contact.FIRSTNAME | default: 'vous' }}", true);
    text.toggle('bold');
    text.put('\nsuite');
    expect(source).toBe("*Bonjour* {{ contact.FIRSTNAME | default: 'vous' }}\nsuite");
    expect(root.querySelector('p, strong')).toBeNull();
  });
});
