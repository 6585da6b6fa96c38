import { jsonLine } from '../../../../shared/json/json-line.ts';
import { RowFields } from './row-fields.ts';
import { decodeRow, idOf, metadataText, objectText, type ExportRow, type RowShape } from './row-shape.ts';

/** What a text of JSON may hold that is not for one line of it. Inside of strings a match costs a pass and changes nothing. */
const NEEDS_LINE = /[\r\n]|NaN|Infinity/;
const AFTER_BRACE = /\{\s*/y;

/**
 * Answers the JSON text of each record on one line, without its end. The text of a plain record is not parsed: the id is put
 * behind its first brace.
 */
export function createJsonRows(shape: RowShape): (row: ExportRow) => string {
  const { idName } = shape;
  const idStart = idName === null ? null : `${JSON.stringify(idName)}:`;
  const idMember = (row: ExportRow): string => (idStart === null ? '' : idStart + JSON.stringify(idOf(shape, row)));
  if (shape.codec === 'plain' && shape.select.length === 0) {
    return (row) => {
      const text = onOneLine(row.text);
      return idStart === null ? text : withFirst(text, idMember(row));
    };
  }
  const contentOf = createContents(shape);
  return (row) => {
    const { fields, metadata } = contentOf(row);
    const members = [
      ...(idStart === null ? [] : [idMember(row)]),
      ...(fields === '' ? [] : [onOneLine(fields)]),
      ...(metadata === null ? [] : [`${JSON.stringify(shape.metadataName)}:${onOneLine(metadata)}`]),
    ];
    return `{${members.join(',')}}`;
  };
}

/** Answers the text of each record for a file of its own; as it stands in the object where all of it is wanted. */
export function createRecordTexts(shape: RowShape): (row: ExportRow) => string {
  if (shape.select.length === 0) return (row) => row.text;
  const contentOf = createContents(shape);
  return (row) => `{${contentOf(row).fields}}\n`;
}

interface Content {
  /** Members of a JSON object. */
  readonly fields: string;
  readonly metadata: string | null;
}

function createContents(shape: RowShape): (row: ExportRow) => Content {
  if (shape.select.length === 0) {
    return (row) => {
      const record = decodeRow(shape, row);
      const metadata = shape.metadataName === null ? null : metadataText(record);
      return { fields: objectText(record.text, record.fields).slice(1, -1), metadata };
    };
  }
  const fields = new RowFields(shape, shape.select);
  return (row) => {
    fields.read(row);
    return { fields: fields.membersText(), metadata: fields.metadata };
  };
}

/** A text of JSON without line ends, and without numbers that JSON does not have; else as it stands. */
export function onOneLine(text: string): string {
  return NEEDS_LINE.test(text) ? jsonLine(text) : text;
}

function withFirst(text: string, member: string): string {
  AFTER_BRACE.lastIndex = text.indexOf('{');
  AFTER_BRACE.test(text);
  const rest = text.slice(AFTER_BRACE.lastIndex);
  return `{${member}${rest.startsWith('}') ? '' : ','}${rest}`;
}
