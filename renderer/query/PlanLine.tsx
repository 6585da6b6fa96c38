import type { ReactNode } from 'react';
import type { OpenedQuery, SyncProgress } from '../../shared/page.ts';
import type { Plan } from '../../shared/plan.ts';
import type { AppError } from '../../shared/result.ts';
import { READ_TAGS, REFRESH } from '../commands/query-commands.ts';
import { IMPORT } from '../commands/import-commands.ts';
import { NEW_RECORD } from '../commands/record-commands.ts';
import { TOGGLE_INSPECTOR, TOGGLE_PROFILE } from '../commands/window-commands.ts';
import { CommandButton, CommandIconButton } from '../commands/CommandButton.tsx';
import { EXPORT_ANSWER } from '../commands/export-commands.ts';
import { useWorkspace } from '../shell/workspace.ts';
import { Ago } from '../ui/Ago.tsx';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { classes } from '../ui/classes.ts';
import { failureTitle } from '../ui/failure-texts.ts';
import { formatCount, formatTime } from '../ui/format.ts';
import { ProgressLine } from '../ui/ProgressLine.tsx';
import {
  answerWords,
  cautions,
  everythingWords,
  nextRunWords,
  progressShare,
  progressWords,
  requestsByKind,
  savedWords,
  syncCost,
} from './plan-words.ts';
import styles from './PlanLine.module.css';
import { isUnderWay, type SessionState } from './result-session.ts';
import { useNow } from './use-now.ts';

export interface PlanLineProps {
  readonly state: SessionState;
  readonly collection: string;
  /** What was found is rows of a statement, which need not be records. */
  readonly rows?: boolean;
  /** Name of the connection, for a failure's title. */
  readonly place: string | null;
  /** What is built differs from what was run. */
  readonly changed: boolean;
  /** Of what is built, where it differs; null until it is known. */
  readonly next: Plan | null;
  /** What the answer would have taken without an index; null until it is known. */
  readonly naive: Plan | null;
  readonly inspectorOpen: boolean;
  /** What drags the selected records out of the window; null where there are none. */
  readonly dragged?: ReactNode;
  /** The button of the columns; null while there are none. */
  readonly columns: ReactNode;
  readonly onShowNewer: () => void;
  readonly onTryAgain: () => void;
  /** Shows what to do about a failure while the rows of before are still there; null where it is shown already. */
  readonly onExplain: (() => void) | null;
}

/** What was found, where it came from, what it cost, how old it is; tools at the right. */
export function PlanLine(props: PlanLineProps) {
  const { state, place } = props;
  const profileOpen = useWorkspace((workspace) => workspace.profileOpen);
  const { answer, failure, progress, running } = state;
  if (failure !== null && !running) return <FailedLine {...props} failure={failure} place={place} />;
  // A sync behind an answer that holds nothing new is not worth a line of its own until it reads.
  const reading =
    isUnderWay(progress) && (running || answer?.opened.complete === false || progress.state === 'reading')
      ? progress
      : null;
  const share = reading === null ? null : progressShare(reading);
  return (
    <div className={classes(styles.line, reading !== null && styles.reading)}>
      <div className={styles.status} role="status">
        {reading !== null ? (
          <Reading progress={reading} state={state} />
        ) : answer !== null ? (
          <Status
            strong={formatCount(answer.opened.total)}
            rest={found(props, answer.opened)}
            cautions={[...interruption(state), ...cautions(answer.opened)]}
            words={words(props, answer.opened)}
            tags={answer.opened.tagsReadAt === undefined ? null : <TagsRead since={answer.opened.tagsReadAt} />}
            synced={<Synced opened={answer.opened} cost={syncCost(answer.opened)} />}
            details={[...answerDetails(answer.opened), ...everythingWords(props.naive)]}
          />
        ) : running ? (
          <span className={styles.result}>Reading {props.collection}</span>
        ) : (
          <Unread next={props.next} />
        )}
      </div>
      <div className={styles.tools}>
        {state.newer && reading === null ? (
          <Button compact icon="refresh" className={styles.newer} onClick={props.onShowNewer}>
            Show newer data
          </Button>
        ) : null}
        {/* Before all that can be pressed, so that nothing moves when a row is selected. */}
        {props.dragged}
        {/* Not behind the words, whose length changes: nothing that can be pressed moves by itself. */}
        <CommandIconButton command={REFRESH} />
        {props.columns}
        <CommandButton command={TOGGLE_PROFILE} kind="quiet" compact pressed={profileOpen}>
          <span className={styles.toolName}>Profile</span>
        </CommandButton>
        <CommandIconButton command={EXPORT_ANSWER} />
        <CommandButton command={NEW_RECORD} kind="quiet" compact>
          <span className={styles.toolName}>New record</span>
        </CommandButton>
        <CommandIconButton command={IMPORT} />
        <CommandIconButton command={TOGGLE_INSPECTOR} pressed={props.inspectorOpen} />
      </div>
      {reading === null ? null : (
        <ProgressLine
          className={styles.progress}
          label={`Reading ${props.collection}`}
          done={share ?? 0}
          total={share === null ? null : 1}
        />
      )}
    </div>
  );
}

function words({ changed, next, naive }: PlanLineProps, opened: OpenedQuery): readonly string[] {
  const saved = savedWords(opened, naive);
  return [
    ...(changed && next !== null ? [nextRunWords(next)] : []),
    ...(changed ? ['last run'] : []),
    ...answerWords(opened),
    ...(saved === null ? [] : [saved]),
  ];
}

function Unread({ next }: Pick<PlanLineProps, 'next'>) {
  return (
    <>
      <span className={styles.result}>Nothing was read</span>
      {next === null ? null : (
        <span className={styles.word}>
          <Dot />
          {nextRunWords(next)}
        </span>
      )}
    </>
  );
}

/** A listing does not show that only tags changed, so that their age is their own. */
function TagsRead({ since }: { readonly since: number }) {
  return (
    <>
      <span>
        tags read <Ago since={since} />
      </span>
      <CommandIconButton command={READ_TAGS} className={styles.refresh} />
    </>
  );
}

function found({ rows = false }: PlanLineProps, { total, records, unreadable }: OpenedQuery): string {
  if (rows) return total === 1 ? 'row' : 'rows';
  return `of ${formatCount(records + unreadable)}`;
}

/** The rate is one of the time until now, so it is drawn each second. */
function Reading({ progress, state }: { readonly progress: SyncProgress; readonly state: SessionState }) {
  const { strong, rest, further } = progressWords(progress, state.answer?.opened.complete === false, useNow());
  return <Status strong={strong} rest={rest} cautions={interruption(state)} words={further} />;
}

function Synced({ opened: { syncedAt }, cost }: { readonly opened: OpenedQuery; readonly cost: string | null }) {
  if (syncedAt === null) return 'not synced yet';
  return (
    <span>
      synced <Ago since={syncedAt} />
      {cost === null ? null : `, ${cost}`}
    </span>
  );
}

/** For hovering: when exactly it was synced, and requests by operation, where there were any. */
function answerDetails({ syncedAt, statistics }: OpenedQuery): readonly string[] {
  return [syncedAt === null ? 'Not synced yet' : `Synced ${formatTime(syncedAt)}`, requestsByKind(statistics)].filter(
    (line) => line !== '',
  );
}

interface StatusProps {
  /** The number that matters, and what it is of. */
  readonly strong: string;
  readonly rest: string;
  readonly cautions: readonly string[];
  readonly words: readonly string[];
  /** Before the words, and kept where there is no room for those. */
  readonly tags?: ReactNode;
  /** Behind the words. */
  readonly synced?: ReactNode;
  /** Lines that are seen on hovering alone. */
  readonly details?: readonly string[];
}

/** Where there is no room words go as a whole, the last first; hovering shows all. */
function Status({ strong, rest, cautions: said, words: further, tags = null, synced, details = [] }: StatusProps) {
  const all = [`${strong} ${rest}`, ...said, ...further].join(' · ');
  return (
    <div className={styles.parts} title={[all, ...details].join('\n')}>
      <span className={styles.result}>
        <b>{strong}</b> {rest}
      </span>
      {said.map((caution) => (
        <span key={caution} className={classes(styles.word, styles.caution)}>
          <Dot />
          <Icon name="warn" size={12} />
          <span className={styles.cautionText}>{caution}</span>
        </span>
      ))}
      {tags === null ? null : (
        <span className={styles.word}>
          <Dot />
          {tags}
        </span>
      )}
      <span className={styles.words}>
        {further.map((word) => (
          <span key={word} className={styles.word}>
            <Dot />
            {word}
          </span>
        ))}
        {synced === undefined ? null : (
          <span className={styles.word}>
            <Dot />
            {synced}
          </span>
        )}
      </span>
    </div>
  );
}

function interruption({ interrupted }: SessionState): readonly string[] {
  return interrupted ? ['the index process ended and was started again'] : [];
}

function FailedLine({ failure, state, place, onTryAgain, onExplain }: PlanLineProps & { readonly failure: AppError }) {
  const kept = state.answer?.opened.syncedAt ?? null;
  return (
    <div className={classes(styles.line, styles.failed)} role="alert">
      <div className={styles.status}>
        <Icon name="error" className={styles.errorIcon} />
        <span className={styles.result}>{failureTitle(failure.code, place)}</span>
        {state.answer === null ? null : (
          <>
            <Dot />
            <span className={styles.message} title={failure.message}>
              {failure.message}
            </span>
            <Dot />
            <span>
              {kept === null ? (
                'the rows read before are kept'
              ) : (
                <>
                  the index of <Ago since={kept} /> is kept
                </>
              )}
            </span>
          </>
        )}
      </div>
      <div className={styles.tools}>
        {onExplain === null ? null : (
          <Button kind="quiet" compact icon="info" onClick={onExplain}>
            What to do
          </Button>
        )}
        <Button kind="quiet" compact icon="refresh" onClick={onTryAgain}>
          Try again
        </Button>
      </div>
    </div>
  );
}

function Dot() {
  return (
    <span className={styles.dot} aria-hidden="true">
      ·
    </span>
  );
}
