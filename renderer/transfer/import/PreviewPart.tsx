import { useMemo, useState } from 'react';
import type { PreviewedRow } from '../../../shared/import.ts';
import { printPretty } from '../../../shared/json/print-json.ts';
import { readJson } from '../../../shared/json/read-json.ts';
import type { AppError } from '../../../shared/result.ts';
import { Button } from '../../ui/Button.tsx';
import { countOf, formatCount } from '../../ui/format.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { Notice } from '../../ui/Notice.tsx';
import styles from './ImportDialog.module.css';

export interface PreviewPartProps {
  /** Undefined until they are there. */
  readonly rows: readonly PreviewedRow[] | undefined;
  readonly error: AppError | null;
  /** They are of the settings before. */
  readonly isOld: boolean;
}

/** Characters of a body that are drawn: more is not looked at here. */
const SHOWN_CHARACTERS = 20_000;
const SHOWN_PROBLEMS = 8;

/** One of the first rows as the object that it will be, and the rows that cannot be one. */
export function PreviewPart({ rows, error, isOld }: PreviewPartProps) {
  const [chosen, setChosen] = useState(0);
  if (error !== null) {
    return (
      <Notice kind="error" title="The rows cannot be shown so">
        {error.message}
      </Notice>
    );
  }
  if (rows === undefined) return <p className={styles.words}>The first rows are being read …</p>;
  if (rows.length === 0) return <p className={styles.words}>There is no row in it.</p>;
  const at = Math.min(chosen, rows.length - 1);
  const row = rows[at];
  const bad = rows.filter(({ problem }) => problem !== null);
  return (
    <>
      <div className={styles.previewHead}>
        <h3 className={styles.sectionTitle}>The object it becomes</h3>
        <span className={styles.soft} role="status">
          {`${row?.place ?? ''}, ${formatCount(at + 1)} of the first ${formatCount(rows.length)}${isOld ? ', being read anew' : ''}`}
        </span>
        <IconButton
          icon="arrow-up"
          name="Row before"
          disabledReason={at === 0 ? 'This is the first row' : null}
          onClick={() => setChosen(at - 1)}
        />
        <IconButton
          icon="arrow-down"
          name="Next row"
          disabledReason={at === rows.length - 1 ? 'More rows are read by the dry run' : null}
          onClick={() => setChosen(at + 1)}
        />
      </div>
      {row === undefined ? null : <PreviewedObject row={row} />}
      {bad.length === 0 ? null : (
        <section className={styles.bad} aria-label="Rows that cannot be imported">
          <h3
            className={styles.badTitle}
          >{`${countOf(bad.length, 'bad row')} of the first ${formatCount(rows.length)}`}</h3>
          <ul className={styles.badList}>
            {bad.slice(0, SHOWN_PROBLEMS).map((each) => (
              <li key={each.index}>
                <Button kind="link" onClick={() => setChosen(rows.indexOf(each))}>
                  {each.place}
                </Button>
                <span>{each.problem}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function PreviewedObject({ row: { key, body, tags, problem } }: { readonly row: PreviewedRow }) {
  const text = useMemo(() => (problem === null ? prettyBody(body) : ''), [problem, body]);
  if (problem !== null) {
    return (
      <Notice kind="warn" title="A bad row">
        {problem}
      </Notice>
    );
  }
  return (
    <>
      <dl className={styles.facts}>
        <div>
          <dt>Key</dt>
          <dd className={styles.mono}>{key}</dd>
        </div>
        <div>
          <dt>Tags</dt>
          <dd>{tags.length === 0 ? 'none' : tags.map((tag) => `${tag.key}=${tag.value}`).join(', ')}</dd>
        </div>
      </dl>
      {/* Scrolled by the keyboard too. */}
      {/* oxlint-disable-next-line jsx_a11y/no-noninteractive-tabindex */}
      <pre className={styles.body} tabIndex={0} aria-label="Body of the object">
        {text}
      </pre>
    </>
  );
}

/** Laid out for reading; the object has what the row makes of it. */
function prettyBody(body: string): string {
  const text = body.length > SHOWN_CHARACTERS ? body : printPretty(body, readJson(body));
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
