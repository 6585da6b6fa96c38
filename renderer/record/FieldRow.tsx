import { type KeyboardEvent, useState } from 'react';
import { classes } from '../ui/classes.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { Menu } from '../ui/Menu.tsx';
import type { MenuEntry } from '../ui/MenuEntries.tsx';
import { TypeGlyph } from '../ui/TypeGlyph.tsx';
import type { FieldRow as Row } from './field-rows.ts';
import styles from './FieldRow.module.css';
import { ValueEditor } from './ValueEditor.tsx';
import { ValueText } from './ValueText.tsx';
import type { EditKind } from './value-kind.ts';

/** Deeper levels are indented no further: the panel is narrow. */
const DEEPEST_INDENT = 6;

export interface FieldRowProps {
  readonly row: Row;
  /** Whether Tab stops here: one row of the tree. */
  readonly current: boolean;
  /** Set while the value is edited. */
  readonly editor: { readonly kind: EditKind; readonly typed: string; readonly byTyping?: boolean } | null;
  readonly entries: () => readonly MenuEntry[];
  /** Why values cannot be edited; null where they can. */
  readonly lockedReason: string | null;
  readonly onToggle: () => void;
  readonly onEdit: () => void;
  readonly onUndo: () => void;
  readonly onFocus: () => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  readonly onChange: (text: string | null, problem: string | null) => void;
  readonly onDone: () => void;
  readonly onCancel: () => void;
}

export function FieldRow({
  row,
  current,
  editor,
  entries,
  lockedReason,
  onToggle,
  onEdit,
  onUndo,
  onFocus,
  onKeyDown,
  onChange,
  onDone,
  onCancel,
}: FieldRowProps) {
  // A menu in each of hundreds of rows would be most of the panel's work.
  const [hovered, setHovered] = useState(false);
  return (
    <div
      role="treeitem"
      aria-level={row.depth + 1}
      aria-expanded={row.expandable ? row.expanded : undefined}
      aria-selected={current}
      data-row={row.id}
      tabIndex={current ? 0 : -1}
      className={classes(styles.row, row.state !== 'same' && styles[row.state], editor !== null && styles.editing)}
      style={{ ['--depth' as string]: Math.min(row.depth, DEEPEST_INDENT) }}
      onFocus={onFocus}
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => setHovered(false)}
      onKeyDown={onKeyDown}
      onDoubleClick={(event) => {
        if (editor === null && !(event.target instanceof Element && event.target.closest('button') !== null)) onEdit();
      }}
    >
      <TypeGlyph kind={row.value.kind} />
      <span className={styles.name} title={row.name.length > 12 ? row.name : undefined}>
        {row.name === '' ? <span className={styles.empty}>&quot;&quot;</span> : row.name}
      </span>
      <span className={styles.value}>
        {editor === null ? (
          <>
            <span className={styles.now}>
              <ValueText value={row.value} name={row.name} />
              <Was row={row} />
            </span>
            {row.changedInside ? <span className={styles.inside} role="img" aria-label="changed inside" /> : null}
            <span className={styles.tools}>
              {current || hovered ? (
                <Menu
                  align="end"
                  trigger={
                    <IconButton
                      small
                      icon="more"
                      name={`More for ${row.name}`}
                      tabIndex={current ? 0 : -1}
                      className={styles.more}
                    />
                  }
                  entries={entries()}
                />
              ) : (
                <span className={styles.morePlace} />
              )}
              {row.state === 'same' ? null : (
                <IconButton
                  small
                  icon="undo"
                  name={`Undo the change of ${row.name}`}
                  tabIndex={current ? 0 : -1}
                  disabledReason={lockedReason}
                  onClick={onUndo}
                />
              )}
              {row.expandable ? (
                <IconButton
                  small
                  icon={row.expanded ? 'chevron-down' : 'chevron-right'}
                  name={row.expanded ? `Close ${row.name}` : `Open ${row.name}`}
                  tabIndex={current ? 0 : -1}
                  onClick={onToggle}
                />
              ) : null}
            </span>
          </>
        ) : (
          <ValueEditor
            name={row.name}
            kind={editor.kind}
            typed={editor.typed}
            byTyping={editor.byTyping === true}
            onChange={onChange}
            onDone={onDone}
            onCancel={onCancel}
          />
        )}
      </span>
    </div>
  );
}

function Was({ row }: { readonly row: Row }) {
  if (row.state === 'same') return null;
  if (row.state === 'removed') return <span className={styles.was}>will be removed</span>;
  if (row.was === null) return <span className={styles.was}>was missing</span>;
  return (
    <span className={styles.was}>
      was <ValueText value={row.was} name={row.name} />
    </span>
  );
}
