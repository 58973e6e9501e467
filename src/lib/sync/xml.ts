/** An element by its local name, without attributes. `text`: what stands right in it. */
export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

interface Open {
  name: string;
  children: XmlElement[];
  text: string;
}

const TOKEN =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<[?!][^>]*>|<\/([^\s>]+)\s*>|<([^\s/>]+)(?:\s+[^\s=>/]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*(\/?)>|([^<]+)/y;

/** What a server answers as XML, which workers have no parser for. Undefined where it is none. */
export function parsedXml(source: string): XmlElement | undefined {
  const document: Open = { name: '', children: [], text: '' };
  const open = [document];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const token = TOKEN.exec(source);
    const current = open.at(-1);
    if (token === null || current === undefined) return undefined;
    const [, verbatim, closed, opened, isEmpty, text] = token;
    if (verbatim !== undefined) current.text += verbatim;
    else if (text !== undefined) current.text += decoded(text);
    else if (closed !== undefined) {
      if (open.length === 1 || current.name !== localName(closed)) return undefined;
      open.pop();
    } else if (opened !== undefined) {
      const element: Open = { name: localName(opened), children: [], text: '' };
      current.children.push(element);
      if (isEmpty === '') open.push(element);
    }
  }
  const [root, ...more] = document.children;
  return open.length === 1 && more.length === 0 && document.text.trim() === '' ? root : undefined;
}

/** The elements of this name right below. */
export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** What the first element of this name right below says; undefined where there is none. */
export function textIn(element: XmlElement | undefined, name: string): string | undefined {
  return childrenOf(element, name)[0]?.text;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (all, hex?: string, digits?: string, name = '') => {
    if (hex === undefined && digits === undefined) return ENTITIES[String(name)] ?? all;
    const code = hex === undefined ? Number(digits) : parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}
