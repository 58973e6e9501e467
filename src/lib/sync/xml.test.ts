import { expect, it } from 'vitest';
import { childrenOf, parsedXml, textIn } from './xml';

it('reads elements by their local names', () => {
  const root = parsedXml(`<?xml version="1.0" encoding="utf-8"?>
    <!-- as Apache answers -->
    <D:multistatus xmlns:D="DAV:" xmlns:ns0='DAV:'>
      <D:response><D:href>/a/</D:href><D:collection/><D:empty  /></D:response>
      <D:response><D:href><![CDATA[/<b>&amp;]]></D:href></D:response>
    </D:multistatus>
  `);
  expect(root?.name).toBe('multistatus');
  expect(childrenOf(root, 'response').map((each) => textIn(each, 'href'))).toEqual(['/a/', '/<b>&amp;']);
  expect(childrenOf(root, 'response')[0]?.children.map(({ name }) => name)).toEqual(['href', 'collection', 'empty']);
});

it('reads what is written as entities', () => {
  expect(parsedXml('<Key>&quot;a&quot; &amp;amp; &#233; &#x1F600; &#xFFFFFF; &unknown;</Key>')?.text).toBe(
    '"a" &amp; é 😀 &#xFFFFFF; &unknown;'
  );
});

it.each([
  '',
  'text',
  '{"error":"x"}',
  '<a>',
  '<a></b>',
  '</a>',
  '<a/><b/>',
  '<a/>text',
  '<!doctype html><p>a<br></p>',
  '<a'
])('reads nothing in %j', (source) => {
  expect(parsedXml(source)).toBeUndefined();
});
