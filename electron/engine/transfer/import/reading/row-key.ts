import { createHash } from 'node:crypto';
import { findNode } from '../../../../../shared/json/find-node.ts';
import { TEMPLATE_PARTS, type ImportFormat } from '../../../../../shared/import.ts';
import type { JsonNode } from '../../../../../shared/json/node.ts';
import { AppFailure } from '../../../../../shared/result.ts';
import { parseDate } from '../../../index/query/iso-date.ts';
import { badRow } from './map-row.ts';

/** What the ids of one job are made from: the same in each of its runs, so that a row never gets a second one. */
export interface Minting {
  /** Random. */
  readonly job: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** A row, as a template names it. */
export interface NamedRow {
  /** From 0. */
  readonly index: number;
  /** JSON text of the record and what was read from it. */
  readonly record: string;
  readonly root: JsonNode;
  /** Of a folder: path of the file there. */
  readonly file: string | null;
  /** The record's own id, or a new one. */
  readonly ownId: () => string;
}

/** The id of a row's record. Throws `invalid-record` where the row lacks what the template names. */
export type NameRow = (row: NamedRow) => string;

type Part = (row: NamedRow) => string;

/** Reads a template of ids, such as `{date:created:yyyy/MM}/{id}`, of a source of this format. `invalid-arguments` names what it does not know. */
export function parseKeyTemplate(template: string, format: ImportFormat, minting: Minting): NameRow {
  const parts: Part[] = [];
  let hasName = false;
  let end = 0;
  for (const found of template.matchAll(/\{([^{}]*)\}/g)) {
    const literal = template.slice(end, found.index);
    if (literal !== '') parts.push(literalPart(literal, template));
    const [name = '', ...rest] = (found[1] ?? '').split(':');
    const part = partOf(name, rest, minting);
    if (part === pathPart && format !== 'folder') throw noPath(template);
    if (part === null) throw unknownPart(template, found[0]);
    if (name !== 'now') hasName = true;
    parts.push(part);
    end = found.index + found[0].length;
  }
  if (end < template.length) parts.push(literalPart(template.slice(end), template));
  if (!hasName) {
    throw new AppFailure(
      'invalid-arguments',
      `The key template ${JSON.stringify(template)} gives every row the same key. Put one of these in: ${TEMPLATE_PARTS}.`,
    );
  }
  return (row) => {
    let id = '';
    for (const part of parts) id += part(row);
    return id;
  };
}

function literalPart(text: string, template: string): Part {
  if (/[{}]/.test(text)) throw unknownPart(template, text);
  return () => text;
}

function partOf(name: string, rest: readonly string[], minting: Minting): Part | null {
  const given = rest.join(':');
  switch (name) {
    case 'id':
      return rest.length === 0 ? ({ ownId }) => ownId() : null;
    case 'uuid':
      return rest.length === 0 ? ({ index }) => mintUuid(minting, index) : null;
    case 'uuid7':
      return rest.length === 0 ? ({ index }) => mintTimedUuid(minting, index) : null;
    case 'hash':
      return rest.length === 0 ? ({ record }) => createHash('sha256').update(record).digest('hex').slice(0, 32) : null;
    case 'path':
      return rest.length === 0 ? pathPart : null;
    case 'row': {
      const width = rest.length === 0 ? 1 : Number(given);
      if (!Number.isInteger(width) || width < 1 || width > 18) return null;
      return ({ index }) => String(index + 1).padStart(width, '0');
    }
    case 'field':
      return given === '' ? null : ({ record, root }) => textOf(valueAt(root, given), record, given);
    case 'now': {
      const format = given === '' ? null : dateFormat(given);
      if (format === null) return null;
      const text = format(new Date(minting.startedAt));
      return () => text;
    }
    case 'date': {
      const cut = given.lastIndexOf(':');
      // A time has colons of its own, which no key needs: the last one parts field and format.
      const [field, format] = [given.slice(0, cut), dateFormat(given.slice(cut + 1))];
      if (cut < 1 || format === null) return null;
      return ({ root }) => format(dateOf(valueAt(root, field), field));
    }
    default:
      return null;
  }
}

const pathPart: Part = ({ file }) => {
  if (file === null)
    throw badRow('This row is no file of a folder, so {path} in the key template has nothing to stand for.');
  return file.replace(/\.json(?:\.gz)?$/i, '');
};

/** A member of that name, else names from the outermost inwards, with dots between. */
function valueAt(root: JsonNode, field: string): JsonNode | null {
  return findNode(root, [field]) ?? findNode(root, field.split('.'));
}

function textOf(node: JsonNode | null, record: string, field: string): string {
  if (node?.kind === 'string' && node.value !== '') return node.value;
  if (node?.kind === 'number' || node?.kind === 'boolean') return record.slice(node.start, node.end);
  throw badRow(`The key template names the field ${JSON.stringify(field)}, which this row has no single value of.`);
}

/** Milliseconds from here on; seconds below. Year 5138 in the one, 1973 in the other. */
const MILLISECONDS_FROM = 1e11;

function dateOf(node: JsonNode | null, field: string): Date {
  if (node?.kind === 'string') {
    const read = parseDate(node.value.trim());
    if (read !== null) return new Date(Number(read.instant / 1000n));
  }
  if (node?.kind === 'number') {
    const number = Number(node.text);
    const date = new Date(Math.abs(number) < MILLISECONDS_FROM ? number * 1000 : number);
    if (!Number.isNaN(date.getTime())) return date;
  }
  throw badRow(`The key template takes a date from the field ${JSON.stringify(field)}, and this row has none there.`);
}

const DATE_PARTS: Readonly<Record<string, (date: Date) => string>> = {
  yyyy: (date) => String(date.getUTCFullYear()).padStart(4, '0'),
  yy: (date) => String(date.getUTCFullYear() % 100).padStart(2, '0'),
  MM: (date) => String(date.getUTCMonth() + 1).padStart(2, '0'),
  dd: (date) => String(date.getUTCDate()).padStart(2, '0'),
  HH: (date) => String(date.getUTCHours()).padStart(2, '0'),
  mm: (date) => String(date.getUTCMinutes()).padStart(2, '0'),
  ss: (date) => String(date.getUTCSeconds()).padStart(2, '0'),
};

/** In UTC; null where a letter stands for nothing. */
function dateFormat(format: string): ((date: Date) => string) | null {
  const parts = format.match(/yyyy|yy|MM|dd|HH|mm|ss|[^A-Za-z]|[A-Za-z]/g) ?? [];
  if (parts.length === 0 || parts.some((part) => /[A-Za-z]/.test(part) && DATE_PARTS[part] === undefined)) return null;
  return (date) => parts.map((part) => DATE_PARTS[part]?.(date) ?? part).join('');
}

/** Version 4 of RFC 9562, by the row's position in the job. */
export function mintUuid(minting: Minting, index: number): string {
  return uuidText(randomBytes(minting, index), 4);
}

/** Version 7: its time grows by a millisecond each 4,096 rows, with a counter below, so that ids sort as the rows do. */
function mintTimedUuid(minting: Minting, index: number): string {
  const bytes = randomBytes(minting, index);
  bytes.writeUIntBE(minting.startedAt + Math.floor(index / 4096), 0, 6);
  bytes.writeUInt16BE(index % 4096, 6);
  return uuidText(bytes, 7);
}

function randomBytes({ job }: Minting, index: number): Buffer {
  return createHash('sha256')
    .update(`${job} ${String(index)}`)
    .digest()
    .subarray(0, 16);
}

function uuidText(bytes: Buffer, version: 4 | 7): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function noPath(template: string): AppFailure {
  return new AppFailure(
    'invalid-arguments',
    `The key template ${JSON.stringify(template)} takes {path}, the path of a file in a folder, and this is no folder. Take {row} or {field:NAME} in its place.`,
  );
}

function unknownPart(template: string, part: string): AppFailure {
  return new AppFailure(
    'invalid-arguments',
    `The key template ${JSON.stringify(template)} holds ${JSON.stringify(part)}, which stands for nothing. These do: ${TEMPLATE_PARTS}.`,
  );
}
