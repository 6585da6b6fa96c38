import { useMemo, useState } from 'react';
import type { FieldSummary, OpenedQuery } from '../../shared/page.ts';
import type { AppError } from '../../shared/result.ts';
import { toAppError } from '../api/call.ts';
import { useFields } from '../api/search-queries.ts';
import { useCommandContext } from '../commands/context.ts';
import { RUN } from '../commands/query-commands.ts';
import { runCommand } from '../commands/run-command.ts';
import { TOGGLE_PROFILE } from '../commands/window-commands.ts';
import { sessionOf } from '../query/sessions.ts';
import { currentWorkspace, type Tab } from '../shell/workspace.ts';
import type { DraftGroup } from '../query/draft.ts';
import { Button } from '../ui/Button.tsx';
import { countOf, formatCount } from '../ui/format.ts';
import { Notice } from '../ui/Notice.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { Select } from '../ui/Select.tsx';
import { Facet, type FacetQuery } from './Facet.tsx';
import { FacetGroup } from './FacetGroup.tsx';
import styles from './Profile.module.css';
import {
  asksForMissing,
  rangeOn,
  valuesOn,
  withMissingToggled,
  withRange,
  withValueToggled,
} from './profile-conditions.ts';
import unseen from '../ui/Unseen.module.css';

/** Facets whose figures are asked for together: about as many as are seen at once. */
const GROUP = 6;

export interface ProfilePanelProps {
  readonly tab: Tab;
  readonly collection: string;
  /** Null while there is no answer yet. */
  readonly opened: OpenedQuery | null;
}

/** What the values of each field are in the records found; a range or a value of them becomes a condition of the query. */
export function ProfilePanel({ tab, collection, opened }: ProfilePanelProps) {
  const context = useCommandContext();
  const fields = useFields(collection).data;
  const { timeLine, groups, unnamed } = useMemo(() => arrange(fields ?? [], tab.timeField), [fields, tab.timeField]);
  const dates = (fields ?? []).filter(({ kind, field }) => kind === 'date' && field !== null);

  function ask(change: (draft: DraftGroup) => DraftGroup): void {
    const workspace = currentWorkspace();
    const now = workspace.tabs.find(({ id }) => id === tab.id);
    if (now === undefined) return;
    workspace.changeTab(tab.id, { draft: change(now.draft) });
    runCommand(RUN, context);
  }

  function queryOf(field: string): FacetQuery {
    return {
      range: rangeOn(tab.draft, field),
      values: valuesOn(tab.draft, field),
      missing: asksForMissing(tab.draft, field),
      onRange: (type, range) => ask((draft) => withRange(draft, field, type, range)),
      onValue: (value) => ask((draft) => withValueToggled(draft, field, value)),
      onMissing: () => ask((draft) => withMissingToggled(draft, field)),
    };
  }

  // Said once, above all groups: beside each of them it would push the next ones away, and bring them back.
  const [failed, setFailed] = useState<{ readonly result: string; readonly error: AppError } | null>(null);
  const failure = failed !== null && failed.result === opened?.result ? failed.error : null;
  const found = opened?.total ?? 0;
  const all = opened === null ? 0 : opened.records + opened.unreadable;
  return (
    <aside className={styles.panel} aria-label="Profile">
      <div className={styles.panelHead}>
        <h2 className={unseen.unseen}>Profile</h2>
        {opened === null ? null : (
          <span className={styles.keys} role="status">
            <span className={styles.key}>
              <i className={styles.keyFound} aria-hidden="true" />
              {formatCount(found)} found
            </span>
            {found === all ? null : (
              <span className={styles.key}>
                <i className={styles.keyAll} aria-hidden="true" />
                {formatCount(all)} in all
              </span>
            )}
          </span>
        )}
        <IconButton icon="close" name="Close the profile" onClick={() => runCommand(TOGGLE_PROFILE, context)} />
      </div>
      {failure === null ? null : (
        <Notice
          kind="error"
          className={styles.failure}
          title="The figures could not be read"
          actions={
            <Button compact onClick={() => void sessionOf(tab, collection).rerun('first-rows')}>
              Read the figures again
            </Button>
          }
        >
          {failure.message}
        </Notice>
      )}
      <div className={styles.facets}>
        {opened === null
          ? null
          : groups.map((group) => (
              <FacetGroup
                key={group.map(({ path }) => path.join('\n')).join('\n\n')}
                result={opened.result}
                fields={group}
                onFailure={(error) => setFailed({ result: opened.result, error: toAppError(error) })}
              >
                {(field, figures, records) => {
                  const name = field.field ?? '';
                  const choosable = field === timeLine && dates.length > 1;
                  return (
                    <Facet
                      key={name}
                      field={field}
                      name={name}
                      figures={figures}
                      records={records}
                      query={queryOf(name)}
                      heading={
                        choosable ? (
                          <Select
                            quiet
                            compact
                            label="Time line by"
                            className={styles.timeField}
                            options={dates.map((date) => ({ value: date.field ?? '', label: date.field ?? '' }))}
                            value={name}
                            onChange={(timeField) => currentWorkspace().changeTab(tab.id, { timeField })}
                          />
                        ) : undefined
                      }
                    />
                  );
                }}
              </FacetGroup>
            ))}
        {unnamed === 0 ? null : (
          <p className={styles.foot}>{countOf(unnamed, 'field')} with a dot in the name cannot be asked from here.</p>
        )}
      </div>
    </aside>
  );
}

interface Arranged {
  readonly timeLine: FieldSummary | null;
  readonly groups: readonly (readonly FieldSummary[])[];
  /** Fields that a query has no name for. */
  readonly unnamed: number;
}

/** The date that most records have comes first, unless another one was chosen; then the fields in their own order. */
function arrange(fields: readonly FieldSummary[], timeField: string | null): Arranged {
  const named = fields.filter(({ field }) => field !== null);
  const dates = named.filter(({ kind }) => kind === 'date').toSorted((left, right) => left.missing - right.missing);
  const timeLine = dates.find(({ field }) => field === timeField) ?? dates[0] ?? null;
  const ordered = timeLine === null ? named : [timeLine, ...named.filter((field) => field !== timeLine)];
  const groups: FieldSummary[][] = [];
  for (let from = 0; from < ordered.length; from += GROUP) groups.push(ordered.slice(from, from + GROUP));
  return { timeLine, groups, unnamed: fields.length - named.length };
}
