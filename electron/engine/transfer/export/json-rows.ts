import { jsonLine } from '../../../../shared/json/json-line.ts';
import { chosenFields, decodeRow, idOf, isVerbatim, metadataText, objectText } from './row-shape.ts';
import type { ExportRow, RowShape } from './row-shape.ts';

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
  if (isVerbatim(shape)) {
    return (row) => {
      const text = onOneLine(row.text);
      return idStart === null ? text : withFirst(text, idMember(row));
    };
  }
  return (row) => {
    const record = decodeRow(shape, row);
    const fields = onOneLine(objectText(record.text, chosenFields(shape, record)));
    const metadata = shape.metadataName === null ? null : metadataText(record);
    const members = [
      ...(idStart === null ? [] : [idMember(row)]),
      ...(fields === '{}' ? [] : [fields.slice(1, -1)]),
      ...(metadata === null ? [] : [`${JSON.stringify(shape.metadataName)}:${onOneLine(metadata)}`]),
    ];
    return `{${members.join(',')}}`;
  };
}

/** The text of a record for a file of its own; as it stands in the object where all of it is wanted. */
export function recordText(shape: RowShape, row: ExportRow): string {
  if (shape.select.length === 0) return row.text;
  const record = decodeRow(shape, row);
  return `${objectText(record.text, chosenFields(shape, record))}\n`;
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
