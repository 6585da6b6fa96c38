import { SaxesParser } from 'saxes';
import { expect, test } from 'vitest';
import { scanListPage } from '../../../../electron/engine/s3/listing/scan-page.ts';
import { decodeUrlEncoding } from '../../../../electron/engine/s3/uri-encoding.ts';
import { seededDice } from './dice.ts';
import { damaged, randomPage } from './random-pages.ts';

const DOCUMENTS = process.env['DIPPER_TEST_LONG'] === '1' ? 50_000 : 1_500;

test(
  'a page says to the scanner what it says to an XML parser, and what is not well-formed says nothing',
  { timeout: 120_000 },
  () => {
    const dice = seededDice(5);
    const seen = { pages: 0, refused: 0 };
    for (let at = 0; at < DOCUMENTS; at += 1) {
      const page = randomPage(dice);
      const document = at % 2 === 0 ? page : damaged(page, dice);
      const expected = keysByParser(document);
      const keys = scanListPage(document)?.objects.map(({ key }) => key) ?? null;
      // Not `expect` for each: its messages take longer than all the rest.
      if (JSON.stringify(keys) !== JSON.stringify(expected))
        expect({ document, keys }).toEqual({ document, keys: expected });
      seen[keys === null ? 'refused' : 'pages'] += 1;
    }
    expect(seen.pages).toBeGreaterThan(DOCUMENTS / 2);
    expect(seen.refused).toBeGreaterThan(DOCUMENTS / 4);
  },
);

test('a page that ends anywhere before its end is no page', () => {
  const dice = seededDice(6);
  for (let at = 0; at < 5; at += 1) {
    const document = randomPage(dice);
    const end = document.lastIndexOf('ListBucketResult>') + 'ListBucketResult>'.length;
    for (let cut = 0; cut < end; cut += 1) {
      if (scanListPage(document.slice(0, cut)) !== null) expect(document.slice(0, cut)).toBe('no page');
    }
  }
});

interface Element {
  readonly name: string;
  readonly children: Element[];
  text: string;
}

/** The keys of a page by a parser that was not made for it; null where the document is none. */
function keysByParser(document: string): readonly string[] | null {
  // Version 1.1 allows references to control characters, which servers write whatever version they say.
  const parser = new SaxesParser({ defaultXMLVersion: '1.1', forceXMLVersion: true });
  const top: Element = { name: '', children: [], text: '' };
  const open = [top];
  let isBroken = false;
  parser.on('error', () => {
    isBroken = true;
  });
  parser.on('opentag', ({ name }) => {
    const element: Element = { name, children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => open.pop());
  const addText = (text: string): void => {
    const element = open.at(-1);
    if (element !== undefined) element.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(document).close();
  const [root] = top.children;
  const p = root?.name.includes(':') === true ? root.name.replace(/:.*/s, ':') : '';
  if (isBroken || root?.name !== `${p}ListBucketResult`) return null;
  const last = (element: Element, name: string): string | null =>
    element.children.findLast((child) => child.name === `${p}${name}`)?.text ?? null;
  const objects = root.children.filter(({ name }) => name === `${p}Contents`);
  const keys = objects.map((object) => last(object, 'Key'));
  const sizes = objects.map((object) => Number(last(object, 'Size') ?? 0));
  if (!keys.every((key) => key !== null) || !sizes.every((size) => size >= 0)) return null;
  return last(root, 'EncodingType')?.trim() === 'url' ? keys.map(decodeUrlEncoding) : keys;
}
