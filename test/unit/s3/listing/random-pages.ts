import type { Dice } from './dice.ts';

const KEY_TEXTS = [
  'a',
  'Key',
  '/',
  '0',
  '<',
  '>',
  '&',
  '"',
  "'",
  ' ',
  '+',
  '%',
  '%41',
  'é',
  '漢',
  '😀',
  ']]',
  '>',
  '\r',
  '\n',
  '--',
];

/** A page as S3, or a server with more imagination, could answer it: the same keys have many spellings in XML. */
export function randomPage(dice: Dice): string {
  const p = dice.pick(['', '', 's3:', 'a-b.c:']);
  const one = (share: number): boolean => dice.number() < share;

  const between = (): string =>
    one(0.9) ? '' : dice.pick(['\n  ', ' \r\n\t', '<!-- <Key>no</Key> & -->', '<?note <Contents> ?>']);
  const written = (text: string): string => {
    if (one(0.15) && !text.includes(']]>')) return `<![CDATA[${text}]]>${between().trim()}`;
    const escaped = text.replace(/[&<>\r]|😀/gu, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return one(0.5) ? `&#${String(code)};` : `&#x${code.toString(16)};`;
    });
    return escaped
      .replace('&#38;', '&amp;')
      .replace('&#60;', '&lt;')
      .replace('"', one(0.5) ? '&quot;' : '"');
  };
  const element = (name: string, content: string): string => {
    const attributes = one(0.9) ? '' : dice.pick([' xmlns=""', " a = 'b&lt;>'", '\n x:y="1" z="2" ']);
    if (content === '' && one(0.5)) return `<${p}${name}${attributes}/>`;
    return `<${p}${name}${attributes}>${content}</${p}${name}${one(0.95) ? '' : ' '}>${between()}`;
  };
  const object = (): string => {
    const key = Array.from({ length: dice.integer(0, 6) }, () => dice.pick(KEY_TEXTS)).join('');
    const owner = element('Owner', element('ID', 'x') + element('Key', 'of an owner'));
    const parts = [
      element('Key', written(key)),
      element('LastModified', '2026-11-24T10:11:12.000Z'),
      element('ETag', dice.pick(['&quot;1-2&quot;', '"1-2"', '1-2'])),
      one(0.2) ? element('ChecksumType', 'FULL_OBJECT') : '',
      element('Size', '12'),
      element('StorageClass', 'STANDARD'),
      one(0.1) ? owner : '',
      one(0.1) ? '<other:Key>another namespace</other:Key>' : '',
    ];
    return element('Contents', between() + (one(0.6) ? parts : dice.shuffled(parts)).join(''));
  };
  const parts = [
    element('Name', 'records'),
    element('IsTruncated', 'false'),
    ...(one(0.5) ? [element('EncodingType', 'url')] : []),
    ...Array.from({ length: dice.integer(0, 4) }, object),
  ];
  const declaration = one(0.5)
    ? ''
    : dice.pick([`<?xml version="1.0" encoding="UTF-8"?>\n`, "<?xml version='1.0'?>", '<!-- c -->']);
  return `${declaration}<${p}ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${between()}${dice.shuffled(parts).join('')}</${p}ListBucketResult>${between()}`;
}

const DAMAGE = [
  ...Array.from(`<>&;/!-[]?="' aKey\n\r`),
  '</Key>',
  '<Key>',
  '<![CDATA[',
  ']]>',
  '&amp;',
  '&#0',
  '<!--',
  '<a:b>',
];

/** The document with its end cut off, or with a few of its characters gone, changed or added to. */
export function damaged(document: string, dice: Dice): string {
  if (dice.number() < 0.3) return wellFormed(document.slice(0, dice.integer(0, document.length)));
  let text = document;
  for (let left = dice.integer(1, 3); left > 0; left -= 1) {
    const at = dice.integer(0, text.length);
    const gone = dice.pick([0, 1, 1, 5]);
    text = text.slice(0, at) + (dice.number() < 0.7 ? dice.pick(DAMAGE) : '') + text.slice(at + gone);
  }
  return wellFormed(text);
}

/** As it would come over the wire, where half an emoji is no text. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
