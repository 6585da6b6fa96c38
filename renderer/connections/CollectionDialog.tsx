import { useId, useState } from 'react';
import type { CodecName, Collection } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import type { AppError } from '../../shared/result.ts';
import { call, toAppError } from '../api/call.ts';
import { useBuckets } from '../api/collection-queries.ts';
import { Button } from '../ui/Button.tsx';
import { Combobox } from '../ui/Combobox.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { failureTitle } from '../ui/failure-texts.ts';
import { FormRow } from '../ui/FormRow.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Segments } from '../ui/Segments.tsx';
import { Select } from '../ui/Select.tsx';
import { TextField } from '../ui/TextField.tsx';
import {
  type CollectionForm,
  type CollectionProblems,
  collectionFormOf,
  collectionOf,
  collectionProblems,
  newCollectionForm,
  prefixForRows,
  usualName,
  wholePrefix,
} from './collection-form.ts';
import { CollectionSettings } from './CollectionSettings.tsx';
import styles from './dialogs.module.css';
import { SignInButton } from './SignInButton.tsx';
import { UnfinishedUploads } from './UnfinishedUploads.tsx';
import { PrefixBrowser } from './PrefixBrowser.tsx';
import { type DetectionState, samePlace, useCodecDetection } from './use-codec-detection.ts';

export interface CollectionDialogProps {
  readonly connections: readonly Connection[];
  /** The connection that is chosen at first. */
  readonly connectionId: string | null;
  /** Null opens a new one. */
  readonly collection: Collection | null;
  /** An object whose rows become the records of the new one; null where there is none. */
  readonly rowsOf: { readonly bucket: string; readonly key: string } | null;
  readonly onClose: () => void;
  readonly onSaved: (collection: Collection) => void;
}

/** Opens a bucket or prefix as a collection, or changes the settings of one. */
export function CollectionDialog(props: CollectionDialogProps) {
  const { connections, connectionId, collection, rowsOf, onClose, onSaved } = props;
  const ids = useId();
  const [first] = useState(() =>
    collection === null
      ? {
          ...newCollectionForm(crypto.randomUUID(), connectionId ?? connections[0]?.id ?? ''),
          ...(rowsOf === null ? {} : { bucket: rowsOf.bucket, prefix: prefixForRows(rowsOf.key) }),
        }
      : collectionFormOf(collection),
  );
  const [form, setForm] = useState<CollectionForm>(first);
  const [asked, setAsked] = useState(false);
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const [more, setMore] = useState(collection !== null);
  const { found, detect } = useCodecDetection();
  const buckets = useBuckets(form.connectionId === '' ? null : form.connectionId);

  const connection = connections.find((candidate) => candidate.id === form.connectionId);
  const place = { connection: form.connectionId, bucket: form.bucket, prefix: wholePrefix(form.prefix) };
  const detection = found.state === 'found' && samePlace(found.place, place) ? found.detection : null;
  const codec: CodecName = form.codec ?? detection?.codec ?? 'plain';
  const problems = collectionProblems(form);
  const firstProblem = Object.values(problems)[0] ?? null;
  // What is wrong with the key is said while it is typed: its preview stands in the same place.
  const said: CollectionProblems = asked ? problems : keyProblemOf(problems);

  function set(change: Partial<CollectionForm>): void {
    setForm({ ...form, ...change });
    setError(null);
  }

  function choosePrefix(prefix: string): void {
    set({ prefix });
    if (form.codec === null && form.bucket !== '') void detect({ ...place, prefix: wholePrefix(prefix) });
  }

  function chooseBucket(bucket: string): void {
    set({ bucket, prefix: bucket === form.bucket ? form.prefix : '' });
    if (form.codec === null && bucket !== '') {
      void detect({ ...place, bucket, prefix: bucket === form.bucket ? place.prefix : '' });
    }
  }

  async function save(): Promise<void> {
    setAsked(true);
    if (firstProblem !== null || saving) return;
    setSaving(true);
    setError(null);
    try {
      const looked = form.codec === null ? await detect(place) : detection;
      // Without an answer the reason stands at the codec, and the person can choose one by hand.
      if (form.codec === null && looked === null) return;
      onSaved(
        await call('collections:save', {
          collection: collectionOf(form, form.codec ?? looked?.codec ?? 'plain', looked),
        }),
      );
    } catch (thrown) {
      setError(toAppError(thrown));
    } finally {
      setSaving(false);
    }
  }

  const control = (field: string) => ({ id: `${ids}-${field}`, 'aria-describedby': `${ids}-${field}-note` });
  const bucketFailure = buckets.error === null ? null : toAppError(buckets.error);
  return (
    <Dialog
      open
      title={
        rowsOf !== null
          ? 'Import as a collection'
          : collection === null
            ? 'Open a bucket or prefix'
            : 'Collection settings'
      }
      subject={rowsOf === null ? collection?.name : `The rows of s3://${rowsOf.bucket}/${rowsOf.key}`}
      keepOpen={form !== first}
      onClose={onClose}
      onSubmit={() => void save()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            disabledReason={saving ? 'The collection is being saved.' : asked ? firstProblem : null}
          >
            {rowsOf !== null
              ? 'Choose how its rows are read'
              : collection === null
                ? 'Open collection'
                : 'Save collection'}
          </Button>
        </>
      }
    >
      {error === null ? null : (
        <Notice kind="error" title={failureTitle(error.code, connection?.name ?? null)} className={styles.notice}>
          {error.message}
        </Notice>
      )}
      <FormRow label="Connection" htmlFor={`${ids}-connection`} error={said.connectionId}>
        <Select
          id={`${ids}-connection`}
          wide
          options={connections.map((each) => ({ value: each.id, label: each.name, detail: each.environment }))}
          value={form.connectionId}
          onChange={(id) => set({ connectionId: id, bucket: '', prefix: '' })}
        />
      </FormRow>
      <FormRow
        label="Bucket"
        htmlFor={`${ids}-bucket`}
        error={said.bucket}
        hint={
          bucketFailure === null
            ? undefined
            : `${failureTitle(bucketFailure.code, connection?.name ?? null)}: the buckets are not listed; type the name of one.`
        }
      >
        <Combobox
          id={`${ids}-bucket`}
          describedBy={`${ids}-bucket-note`}
          wide
          autoFocus
          allowOther
          placeholder={buckets.isFetching ? 'Listing …' : 'Choose a bucket or type its name'}
          emptyText={
            buckets.data?.length === 0 ? 'No buckets here; type the name of one.' : 'No bucket of this name is listed'
          }
          options={(buckets.data ?? []).map((bucket) => ({ value: bucket, label: bucket, icon: 'bucket' }))}
          value={form.bucket}
          wrong={said.bucket !== undefined}
          onChange={chooseBucket}
        />
        <SignInButton
          error={bucketFailure}
          next={{ kind: 'collection', connection: form.connectionId, collection: collection?.id ?? null }}
        />
      </FormRow>
      <FormRow
        label="Prefix"
        htmlFor={`${ids}-prefix`}
        error={said.prefix}
        hint={
          wholePrefix(form.prefix) === form.prefix
            ? form.prefix === ''
              ? 'Empty: the whole bucket.'
              : undefined
            : `Read as ${wholePrefix(form.prefix)}`
        }
      >
        <TextField
          {...control('prefix')}
          wide
          mono
          value={form.prefix}
          wrong={said.prefix !== undefined}
          onChange={(prefix) => set({ prefix })}
          onBlur={() => {
            if (form.bucket !== '' && form.codec === null) void detect(place);
          }}
        />
        {form.bucket === '' || connection === undefined ? null : (
          <PrefixBrowser
            connection={form.connectionId}
            place={connection.name}
            bucket={form.bucket}
            prefix={form.prefix}
            onChoose={choosePrefix}
          />
        )}
      </FormRow>
      <FormRow label="Name" htmlFor={`${ids}-name`} error={said.name}>
        <TextField
          {...control('name')}
          wide
          value={form.name ?? usualName(form)}
          wrong={said.name !== undefined}
          onChange={(name) => set({ name })}
        />
      </FormRow>
      <FormRow label="Codec" htmlFor={`${ids}-codec`} hint={codecHint(found, form.codec !== null)}>
        <Segments
          id={`${ids}-codec`}
          label="Codec"
          segments={[
            { value: 'plain', label: 'plain JSON' },
            { value: 'dataknobs', label: 'dataknobs' },
          ]}
          value={codec}
          onChange={(next) => set({ codec: next })}
        />
      </FormRow>
      {more ? (
        <>
          <CollectionSettings
            form={form}
            codec={codec}
            detection={detection}
            said={said}
            collection={collection?.id ?? null}
            onChange={set}
          />
          {collection === null ? null : (
            <UnfinishedUploads
              collection={collection.id}
              readOnly={connections.find(({ id }) => id === collection.connectionId)?.readOnly ?? false}
            />
          )}
        </>
      ) : (
        <Button kind="quiet" icon="chevron-right" onClick={() => setMore(true)}>
          More settings
        </Button>
      )}
      {collection === null ? null : (
        <p className={styles.footnote}>
          Another bucket, prefix, codec or size cap makes the index anew. Nothing in S3 changes.
        </p>
      )}
    </Dialog>
  );
}

function keyProblemOf({ keyTemplate }: CollectionProblems): CollectionProblems {
  return keyTemplate === undefined ? {} : { keyTemplate };
}

function codecHint(found: DetectionState, chosen: boolean): string | undefined {
  if (chosen) return 'Chosen by hand.';
  switch (found.state) {
    case 'none':
      return 'Found from the first objects once bucket and prefix are chosen.';
    case 'looking':
      return 'Looking at the first objects …';
    case 'found':
      return found.detection.reason;
    case 'failed':
      return `The objects cannot be looked at: ${found.error.message} A codec can be chosen by hand.`;
  }
}
