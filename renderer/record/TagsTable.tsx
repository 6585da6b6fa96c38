import type { Tag } from '../../shared/record.ts';
import { Button } from '../ui/Button.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { TextField } from '../ui/TextField.tsx';
import { MAXIMUM_TAGS, tagProblems, tooManyTags } from '../../shared/tag-limits.ts';
import styles from './TagsTable.module.css';

export interface TagsTableProps {
  readonly tags: readonly Tag[];
  readonly onChange: (tags: readonly Tag[]) => void;
  readonly lockedReason: string | null;
  /** Said where there are none. */
  readonly emptyText?: string;
}

/** Tags as key and value, with S3's limits said while typing. */
export function TagsTable({ tags, onChange, lockedReason, emptyText = 'No tags on this object.' }: TagsTableProps) {
  const problems = tagProblems(tags);
  const tooMany = tooManyTags(tags);
  const setTag = (index: number, part: keyof Tag, text: string) =>
    onChange(tags.map((tag, at) => (at === index ? { ...tag, [part]: text } : tag)));
  return (
    <div className={styles.table}>
      {tags.length === 0 ? <p className={styles.none}>{emptyText}</p> : null}
      <ul className={styles.rows}>
        {tags.map((tag, index) => {
          const wrong = problems.filter((problem) => problem.index === index);
          return (
            // Tags have no identity but their place while their keys are typed.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={index}>
              <div className={styles.row}>
                <TextField
                  label={`Key of tag ${index + 1}`}
                  placeholder="key"
                  value={tag.key}
                  wide
                  disabledReason={lockedReason}
                  wrong={wrong.some((problem) => problem.part === 'key')}
                  onChange={(text) => setTag(index, 'key', text)}
                />
                <TextField
                  label={`Value of tag ${index + 1}`}
                  placeholder="value"
                  value={tag.value}
                  wide
                  disabledReason={lockedReason}
                  wrong={wrong.some((problem) => problem.part === 'value')}
                  onChange={(text) => setTag(index, 'value', text)}
                />
                <IconButton
                  small
                  icon="trash"
                  name={`Remove tag ${tag.key === '' ? index + 1 : tag.key}`}
                  disabledReason={lockedReason}
                  onClick={() => onChange(tags.filter((_, at) => at !== index))}
                />
              </div>
              {wrong.map((problem) => (
                <div key={problem.part} className={styles.problem} role="status">
                  {problem.message}
                </div>
              ))}
            </li>
          );
        })}
      </ul>
      {tooMany === null ? null : (
        <div className={styles.problem} role="status">
          {tooMany}
        </div>
      )}
      <Button
        kind="quiet"
        compact
        icon="plus"
        disabledReason={
          lockedReason ?? (tags.length >= MAXIMUM_TAGS ? `S3 keeps ${MAXIMUM_TAGS} tags on an object.` : null)
        }
        onClick={() => onChange([...tags, { key: '', value: '' }])}
      >
        Add tag
      </Button>
    </div>
  );
}
