import type { Tag } from '../../shared/record.ts';
import { useTagsRefused } from '../api/record-queries.ts';
import { Notice } from '../ui/Notice.tsx';
import { TagsTable } from './TagsTable.tsx';

export interface TagsPanelProps {
  readonly collection: string;
  readonly readOnly: boolean;
  readonly tags: readonly Tag[];
  readonly lockedReason: string | null;
  readonly onChange: (tags: readonly Tag[]) => void;
}

/** The tags of a record, locked where the test of its connection has found that they cannot be written. */
export function TagsPanel({ collection, readOnly, tags, lockedReason, onChange }: TagsPanelProps) {
  const refused = useTagsRefused(collection, !readOnly);
  return (
    <>
      {refused === null ? null : (
        <Notice kind="warn" title="Tags cannot be written here">
          {refused}
        </Notice>
      )}
      <TagsTable tags={tags} lockedReason={lockedReason ?? refused} onChange={onChange} />
    </>
  );
}
