import { useId, useState } from 'react';
import { formatBytes } from '../../shared/byte-size.ts';
import { toAppError } from '../api/call.ts';
import { useRemoveUploads, useUnfinishedUploads } from '../api/collection-queries.ts';
import { Button } from '../ui/Button.tsx';
import { countOf } from '../ui/format.ts';
import { FormRow } from '../ui/FormRow.tsx';

/** A younger one may still be under way, here or at somebody else's. */
const SAFE_AGE = 24 * 60 * 60 * 1000;

export interface UnfinishedUploadsProps {
  readonly collection: string;
  readonly readOnly: boolean;
}

/** Uploads below the prefix that nobody ended: no objects, but paid for. Nothing is shown where there are none. */
export function UnfinishedUploads({ collection, readOnly }: UnfinishedUploadsProps) {
  const id = useId();
  const [now] = useState(() => Date.now());
  const found = useUnfinishedUploads(collection);
  const removing = useRemoveUploads(collection);
  if (found === null || found.uploads.length === 0) return null;
  const old = found.uploads.filter(({ begunAt }) => now - begunAt > SAFE_AGE);
  const bytes = found.uploads.reduce((sum, upload) => sum + upload.bytes, 0);
  const reason = readOnly
    ? 'The connection is read-only'
    : old.length === 0
      ? 'They were begun within the last day and may still be under way'
      : null;
  return (
    <FormRow
      label="Unfinished uploads"
      htmlFor={id}
      hint="Parts of files that were never completed. They are no objects, but they are stored and paid for; those of the last day are left alone."
      error={removing.error === null ? null : toAppError(removing.error).message}
    >
      {`${countOf(found.uploads.length, 'upload')}${found.more ? ' or more' : ''}, ${formatBytes(bytes)} `}
      <Button
        id={id}
        compact
        aria-label="Remove unfinished uploads"
        aria-describedby={`${id}-note`}
        disabledReason={reason}
        onClick={() => removing.mutate(old)}
      >
        {old.length === found.uploads.length || old.length === 0
          ? 'Remove'
          : `Remove ${countOf(old.length, 'old one')}`}
      </Button>
    </FormRow>
  );
}
