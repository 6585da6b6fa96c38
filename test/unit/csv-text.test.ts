import { expect, test } from 'vitest';
import { createCsvWriter } from '../../electron/cli/csv-rows.ts';
import { csvLine, guardedText, unguardedText, type CsvCell } from '../../shared/csv-text.ts';

const text = (value: string): CsvCell => ({ kind: 'string', text: value });
const json = (value: string): CsvCell => ({ kind: 'json', text: value });

test('CSV tells missing, null and "" apart, and strings from what they read like', () => {
  const cells = [{ kind: 'missing' } as const, json('null'), text(''), text('null'), json('8.50'), text('8.50')];
  expect(csvLine([...cells, json('true'), text('true'), text('truer')], true)).toBe(
    ',null,"","null",8.50,"8.50",true,"true",truer\r\n',
  );
});

test('commas, quotes, ends of lines and blanks at the ends stand in quotes', () => {
  expect(csvLine(['a,b', 'say "x"', 'two\nlines', 'cr\rhere', ' blank', 'plain blank'].map(text), false)).toBe(
    '"a,b","say ""x""","two\nlines","cr\rhere"," blank",plain blank\r\n',
  );
  expect(csvLine([json('{"a":[1,2]}'), json('[1]')], true)).toBe('"{""a"":[1,2]}",[1]\r\n');
});

test('no text becomes a formula, numbers stay numbers, and the guard can be taken away again', () => {
  const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', "'=1", "''+1"];
  for (const formula of formulas) {
    expect(guardedText(formula)).toBe(`'${formula}`);
    expect(unguardedText(guardedText(formula))).toBe(formula);
  }
  for (const plain of ["it's", "'quoted'", '1-1', '', 'a=b']) {
    expect([guardedText(plain), unguardedText(plain)]).toEqual([plain, plain]);
  }
  expect(csvLine([text('=1'), json('-1.5'), text('-1.5')], true)).toBe("'=1,-1.5,'-1.5\r\n");
  expect(csvLine([text('=1'), json('-1.5'), text('-1.5')], false)).toBe('=1,-1.5,"-1.5"\r\n');
});

test('rows have the columns asked for; a field called like a column of ours keeps its own name', () => {
  const writer = createCsvWriter({
    fields: ['id', 'n', 'error', '=f', 'x'],
    hasIds: true,
    hasUnreadable: true,
    guard: true,
  });
  const row = { id: 'a', key: 'a.json', metadata: null, problem: null };
  const fields = '{ "n": 9007199254740993, "id": 7, "=f": {"a": [NaN, 1.0]}, "n": 1e2, "error": NaN }';
  expect(
    writer.header +
      writer.lines([
        { ...row, fields },
        { ...row, id: 'b', fields: null, problem: 'It is no JSON.' },
      ]),
  ).toBe(
    "id,fields.id,n,fields.error,'=f,x,error\r\n" +
      'a,7,1e2,NaN,"{""a"":[""NaN"",1.0]}",,\r\n' +
      'b,,,,,,It is no JSON.\r\n',
  );
});
