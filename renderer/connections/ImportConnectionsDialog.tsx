import { useId, useMemo, useRef, useState } from 'react';
import { isNew, type ConnectionImport, type FileVariable } from '../../shared/connection-file.ts';
import { connectionNotes, newText, placeOf } from '../../shared/connection-import-text.ts';
import type { Environment } from '../../shared/connection.ts';
import { useApplicationState } from '../api/settings-queries.ts';
import { currentWorkspace } from '../shell/workspace.ts';
import { holdsFiles } from '../transfer/import/picked-source.ts';
import { Button } from '../ui/Button.tsx';
import { Checkbox } from '../ui/Checkbox.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { DropArea } from '../ui/DropArea.tsx';
import { FormRow } from '../ui/FormRow.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Segments } from '../ui/Segments.tsx';
import { TextArea } from '../ui/TextArea.tsx';
import { TextField } from '../ui/TextField.tsx';
import { ENVIRONMENTS } from './connection-words.ts';
import styles from './ImportConnectionsDialog.module.css';
import { useConnectionImport, type ConnectionImportControl } from './use-connection-import.ts';

export interface ImportConnectionsDialogProps {
  /** One that was dropped on the window. */
  readonly file: File | null;
  readonly onClose: () => void;
}

/** Connections of a file: chosen, dropped or pasted, shown as what they become, then added. */
export function ImportConnectionsDialog({ file, onClose }: ImportConnectionsDialogProps) {
  const [variables, setVariables] = useState<Readonly<Record<string, string>>>({});
  const [environment, setEnvironment] = useState<Environment>('test');
  const [readOnly, setReadOnly] = useState(false);
  const settings = useMemo(() => ({ variables, environment, readOnly }), [variables, environment, readOnly]);
  const control = useConnectionImport(file, settings);
  const { name: picked, preview, done, error, working } = control;
  const shown = done ?? preview;

  return (
    <Dialog
      open
      wide
      title={done === null ? 'Import connections' : 'Connections imported'}
      subject={picked}
      keepOpen={picked !== null && done === null}
      onClose={onClose}
      onSubmit={done === null ? control.start : onClose}
      footer={
        done !== null ? (
          <Button kind="primary" type="submit">
            Close
          </Button>
        ) : (
          <>
            {picked === null ? null : (
              <Button className={styles.left} onClick={control.leave}>
                Choose another file
              </Button>
            )}
            <Button onClick={onClose}>Cancel</Button>
            <Button kind="primary" type="submit" disabledReason={working ? 'They are being added' : hindrance(preview)}>
              {preview === null || hindrance(preview) !== null ? 'Add connections' : `Add ${newText(preview)}`}
            </Button>
          </>
        )
      }
    >
      <div
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          if (!holdsFiles(event.dataTransfer)) return;
          event.preventDefault();
          event.stopPropagation();
          const [dropped] = event.dataTransfer.files;
          if (dropped !== undefined && done === null) control.pickFile(dropped);
        }}
      >
        {error === null ? null : (
          <Notice kind="error" title="Nothing was imported" className={styles.notice}>
            {error.message}
          </Notice>
        )}
        {picked === null ? <SourcePart control={control} /> : null}
        {shown === null || picked === null ? null : (
          <>
            <Found found={shown} isDone={done !== null} />
            {done !== null || shown.format !== 'dataknobs' ? null : (
              <>
                <VariableFields
                  variables={shown.variables}
                  given={variables}
                  onChange={(name, value) => setVariables(withVariable(variables, name, value))}
                />
                <NewConnections
                  environment={environment}
                  readOnly={readOnly}
                  onEnvironment={setEnvironment}
                  onReadOnly={setReadOnly}
                />
              </>
            )}
          </>
        )}
      </div>
    </Dialog>
  );
}

function hindrance(preview: ConnectionImport | null): string | null {
  if (preview === null) return 'Choose a file or paste its text first';
  const { connections, collections } = preview;
  const bringsKeys = connections.some(({ keys }) => keys === 'brought');
  if (bringsKeys || connections.some(isNew) || collections.some(isNew)) return null;
  return connections.length === 0 ? 'Nothing in the file can be taken' : 'All of it is there already';
}

/** An empty field is a variable that nobody gave. */
function withVariable(
  variables: Readonly<Record<string, string>>,
  name: string,
  value: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ...Object.entries(variables).filter(([other]) => other !== name),
    ...(value === '' ? [] : [[name, value] as const]),
  ]);
}

function SourcePart({ control }: { readonly control: ConnectionImportControl }) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  return (
    <>
      <div className={styles.source}>
        <DropArea words="Drop a file here: what a Dipper exported, or a dataknobs configuration (YAML or JSON) with a list “databases”.">
          <Button icon="file" onClick={() => input.current?.click()}>
            Choose a file
          </Button>
          <input
            ref={input}
            type="file"
            hidden
            accept=".json,.yaml,.yml"
            aria-label="File with connections"
            onChange={(event) => {
              const [chosen] = event.currentTarget.files ?? [];
              if (chosen !== undefined) control.pickFile(chosen);
              event.currentTarget.value = '';
            }}
          />
        </DropArea>
      </div>
      <FormRow
        label="Or its text"
        htmlFor={`${id}-text`}
        hint="Its secret keys go to the secret store, and nowhere else."
      >
        <TextArea id={`${id}-text`} mono rows={6} value={text} onChange={setText} />
      </FormRow>
      <div className={styles.take}>
        <Button
          disabledReason={text.trim() === '' ? 'Paste the text first' : null}
          onClick={() => control.pickText(text)}
        >
          Look at this text
        </Button>
      </div>
    </>
  );
}

function Found({ found, isDone }: { readonly found: ConnectionImport; readonly isDone: boolean }) {
  const secrets = useApplicationState().data?.secrets ?? 'memory';
  return (
    <>
      {found.connections.map((imported) => {
        const { connection, fate, keys } = imported;
        const own = found.collections.filter(({ collection }) => collection.connectionId === connection.id);
        return (
          <section key={connection.id} className={styles.connection} aria-label={connection.name}>
            <h3 className={styles.title}>
              {connection.name}
              <span className={styles.soft}>{connection.endpoint ?? `AWS, ${connection.region}`}</span>
              <span className={styles.fate}>{fate === 'new' ? (isDone ? 'added' : 'new') : 'there already'}</span>
              {isDone && keys === 'needed' ? (
                <Button
                  compact
                  icon="key"
                  onClick={() => currentWorkspace().openDialog({ kind: 'connection', connection: connection.id })}
                >
                  Enter its key
                </Button>
              ) : null}
            </h3>
            {connectionNotes(imported, secrets, isDone).map((note) => (
              <p key={note} className={styles.note}>
                {note}
              </p>
            ))}
            <ul className={styles.collections}>
              {own.map(({ collection, fate: was, notes }) => (
                <li key={collection.id}>
                  <span className={styles.name}>{collection.name}</span> <code>{placeOf({ ...collection })}</code>
                  <span className={styles.soft}>
                    {[was === 'there' ? 'there already' : null, ...limitsOf(collection)]
                      .filter((part) => part !== null)
                      .join(', ')}
                  </span>
                  {notes.map((note) => (
                    <p key={note} className={styles.note}>
                      {note}
                    </p>
                  ))}
                </li>
              ))}
            </ul>
          </section>
        );
      })}
      {found.omitted.length === 0 ? null : (
        <Notice
          kind={found.omitted.some(({ why }) => why === 'refused') ? 'warn' : 'info'}
          title="Not taken"
          className={styles.notice}
        >
          <ul className={styles.omitted}>
            {found.omitted.map(({ name, reason }, place) => (
              // Names may be there twice.
              // oxlint-disable-next-line react/no-array-index-key
              <li key={place}>
                <span className={styles.name}>{name}</span>: {reason}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}

function limitsOf({ maxWorkers, cacheTtlSeconds }: ConnectionImport['collections'][number]['collection']) {
  return [maxWorkers === null ? null : `${maxWorkers} requests at once`, `a listing is fresh for ${cacheTtlSeconds} s`];
}

interface VariableFieldsProps {
  readonly variables: readonly FileVariable[];
  readonly given: Readonly<Record<string, string>>;
  readonly onChange: (name: string, value: string) => void;
}

const FROM: Readonly<Record<FileVariable['from'], string>> = {
  given: 'As typed here.',
  environment: 'From the environment of this Dipper; what is typed here goes before it.',
  default: 'The default of the file; what is typed here goes before it.',
  missing: 'Not set, and the file has no default.',
};

function VariableFields({ variables, given, onChange }: VariableFieldsProps) {
  const id = useId();
  return variables.map(({ name, from, isSecret }, place) => (
    <FormRow
      key={name}
      label={name}
      htmlFor={`${id}-${place}`}
      hint={FROM[from]}
      error={from === 'missing' ? FROM.missing : null}
    >
      <TextField
        id={`${id}-${place}`}
        aria-describedby={`${id}-${place}-note`}
        wide
        mono
        type={isSecret ? 'password' : 'text'}
        autoComplete={isSecret ? 'new-password' : 'off'}
        value={given[name] ?? ''}
        onChange={(value) => onChange(name, value)}
      />
    </FormRow>
  ));
}

interface NewConnectionsProps {
  readonly environment: Environment;
  readonly readOnly: boolean;
  readonly onEnvironment: (environment: Environment) => void;
  readonly onReadOnly: (readOnly: boolean) => void;
}

/** A configuration says nothing of either. */
function NewConnections({ environment, readOnly, onEnvironment, onReadOnly }: NewConnectionsProps) {
  const id = useId();
  return (
    <>
      <FormRow label="Environment" htmlFor={`${id}-environment`} hint="Of the new connections.">
        <Segments
          id={`${id}-environment`}
          label="Environment"
          segments={ENVIRONMENTS.map((value) => ({ value, label: value }))}
          value={environment}
          onChange={onEnvironment}
        />
      </FormRow>
      <FormRow label="Writing" htmlFor={`${id}-read-only`}>
        <Checkbox
          id={`${id}-read-only`}
          label="Read-only: nothing is written through the new connections"
          checked={readOnly}
          onChange={onReadOnly}
        />
      </FormRow>
    </>
  );
}
