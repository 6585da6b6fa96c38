import { useId } from 'react';
import type { CsvReading, GivenReading, ImportFormat, ImportReading } from '../../../shared/import.ts';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { FormRow } from '../../ui/FormRow.tsx';
import type { Option } from '../../ui/option.ts';
import { Select } from '../../ui/Select.tsx';
import { TextField } from '../../ui/TextField.tsx';
import unseen from '../../ui/Unseen.module.css';
import styles from './ImportDialog.module.css';

type TextFormat = Exclude<ImportFormat, 'folder'>;

const FORMATS: readonly Option<TextFormat>[] = [
  { value: 'csv', label: 'CSV', detail: 'rows of values' },
  { value: 'ndjson', label: 'NDJSON', detail: 'a JSON object a line' },
  { value: 'json', label: 'JSON', detail: 'a list, or objects' },
  { value: 'parquet', label: 'Parquet' },
];

const DELIMITERS: readonly Option[] = [
  { value: ',', label: 'Comma' },
  { value: ';', label: 'Semicolon' },
  { value: '\t', label: 'Tab' },
  { value: '|', label: 'Bar' },
];

const ENCODINGS: readonly Option[] = [
  { value: 'utf-8', label: 'UTF-8' },
  { value: 'utf-16le', label: 'UTF-16, little-endian' },
  { value: 'utf-16be', label: 'UTF-16, big-endian' },
  { value: 'windows-1252', label: 'Windows-1252', detail: 'Western' },
  { value: 'windows-1251', label: 'Windows-1251', detail: 'Cyrillic' },
  { value: 'shift_jis', label: 'Shift JIS' },
  { value: 'gb18030', label: 'GB 18030' },
];

const COMPRESSIONS: readonly Option<ImportReading['compression']>[] = [
  { value: 'none', label: 'None' },
  { value: 'gzip', label: 'gzip' },
  { value: 'zstd', label: 'zstd' },
];

export interface ReadingFieldsProps {
  /** As it is read now; null where it could not be read. */
  readonly found: ImportReading | null;
  /** What a person said of it. */
  readonly given: GivenReading;
  readonly onChange: (given: GivenReading) => void;
}

/** How the bytes are read: found, and all of it can be changed. */
export function ReadingFields({ found, given, onChange }: ReadingFieldsProps) {
  const id = useId();
  if (found?.format === 'folder') return <p className={styles.words}>Each .json file of the folder is a record.</p>;
  const format = given.format ?? found?.format ?? 'csv';
  const csv = { ...found?.csv, ...given.csv };
  const setCsv = (change: Partial<CsvReading>): void => onChange({ ...given, csv: { ...given.csv, ...change } });
  return (
    <div className={styles.reading}>
      <FormRow label="Format" htmlFor={`${id}-format`}>
        <Select
          id={`${id}-format`}
          wide
          options={FORMATS}
          value={format}
          // What was said of another format is of no meaning in this one.
          onChange={(next) => onChange({ format: next })}
        />
      </FormRow>
      {format === 'parquet' ? null : (
        <>
          <FormRow label="Encoding" htmlFor={`${id}-encoding`}>
            <Select
              id={`${id}-encoding`}
              wide
              options={withOther(ENCODINGS, given.encoding ?? found?.encoding ?? 'utf-8')}
              value={given.encoding ?? found?.encoding ?? 'utf-8'}
              onChange={(encoding) => onChange({ ...given, encoding })}
            />
          </FormRow>
          <FormRow label="Compression" htmlFor={`${id}-compression`}>
            <Select
              id={`${id}-compression`}
              wide
              options={COMPRESSIONS}
              value={given.compression ?? found?.compression ?? 'none'}
              onChange={(compression) => onChange({ ...given, compression })}
            />
          </FormRow>
        </>
      )}
      {format === 'csv' ? (
        <>
          <FormRow label="Delimiter" htmlFor={`${id}-delimiter`}>
            <Select
              id={`${id}-delimiter`}
              wide
              options={withOther(DELIMITERS, csv.delimiter ?? ',')}
              value={csv.delimiter ?? ','}
              onChange={(delimiter) => setCsv({ delimiter })}
            />
          </FormRow>
          <FormRow label="Quote" htmlFor={`${id}-quote`}>
            <TextField
              id={`${id}-quote`}
              mono
              className={styles.character}
              maxLength={1}
              value={csv.quote ?? '"'}
              onChange={(quote) => {
                // Without one there is nothing to read with: the one before stays.
                if (quote !== '') setCsv({ quote });
              }}
            />
          </FormRow>
          <fieldset className={styles.checks}>
            <legend className={unseen.unseen}>Rows</legend>
            <Checkbox
              label="The first row has the names"
              checked={csv.header ?? true}
              onChange={(header) => setCsv({ header })}
            />
            <Checkbox
              label="Quotes make a text of a number"
              checked={csv.quotedAreTexts ?? true}
              onChange={(quotedAreTexts) => setCsv({ quotedAreTexts })}
            />
            <Checkbox
              label="An apostrophe guards formulas: take it away"
              checked={csv.formulaGuard ?? false}
              onChange={(formulaGuard) => setCsv({ formulaGuard })}
            />
          </fieldset>
        </>
      ) : null}
    </div>
  );
}

/** What was found need not be in the list. */
function withOther(options: readonly Option[], value: string): readonly Option[] {
  return options.some((option) => option.value === value) ? options : [...options, { value, label: value }];
}
