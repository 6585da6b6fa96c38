import { Button } from './Button.tsx';
import { CopyButton } from './CopyButton.tsx';
import { FAILURE_TEXTS, type FailureAction, failureFacts, failureTitle } from './failure-texts.ts';
import { Icon } from './Icon.tsx';
import styles from './Page.module.css';
import type { AppError } from '../../shared/result.ts';

export interface Remedy {
  /** A verb and its object. */
  readonly label: string;
  readonly shortcut?: string | undefined;
  readonly run: () => void;
}

export interface FailurePageProps {
  readonly error: AppError;
  /** Name of the connection, for the title. */
  readonly place?: string | null;
  /** What this page can do about it, by action; the table of texts says which fit and in which order. */
  readonly remedies: Readonly<Partial<Record<FailureAction, Remedy>>>;
  /** What is not touched by the failure, in sentences. */
  readonly safe?: readonly string[];
  /** Shows the request that failed in the request log; absent where none was sent. */
  readonly onShowRequest?: (() => void) | undefined;
}

/** Without what they do their words would be about something else. */
const ONLY_AS_BUTTONS: ReadonlySet<FailureAction> = new Set(['use-region', 'start-localstack']);

/** A failure that fills its place: what, why, what to do (the best first, as the filled button), what is safe, details. */
export function FailurePage({ error, place = null, remedies, safe = [], onShowRequest }: FailurePageProps) {
  const texts = FAILURE_TEXTS[error.code].remedies.filter(
    ({ action }) => !ONLY_AS_BUTTONS.has(action) || remedies[action] !== undefined,
  );
  const best = texts.find((text) => remedies[text.action] !== undefined)?.action;
  const facts = failureFacts(error);
  const title = failureTitle(error.code, place);
  const copied = [title, error.message, ...facts.map(([name, value]) => `${name}: ${value}`)].join('\n');
  return (
    <div className={styles.page} role="alert">
      <div className={styles.column}>
        <h1 className={styles.title}>{title}</h1>
        <p className={styles.lead}>{error.message}</p>
        <ol className={styles.remedies}>
          {texts.map((text, index) => {
            const remedy = remedies[text.action];
            return (
              <li key={text.strong}>
                <span className={styles.number}>{index + 1}</span>
                <span>
                  <b className={styles.strong}>{text.strong}</b>
                  {/^[,;:.]/.test(text.rest) ? text.rest : ` ${text.rest}`}
                </span>
                {remedy === undefined ? (
                  <span />
                ) : (
                  <Button
                    kind={text.action === best ? 'primary' : 'normal'}
                    shortcut={remedy.shortcut}
                    onClick={remedy.run}
                  >
                    {remedy.label}
                  </Button>
                )}
              </li>
            );
          })}
        </ol>
        {safe.length === 0 ? null : (
          <>
            <h2 className={styles.section}>What is safe</h2>
            <ul className={styles.safe}>
              {safe.map((sentence) => (
                <li key={sentence}>
                  <Icon name="check" />
                  {sentence}
                </li>
              ))}
            </ul>
          </>
        )}
        <div className={styles.details}>
          <div className={styles.detailsHead}>
            <h2 className={styles.section}>Details</h2>
            {onShowRequest === undefined ? null : (
              <Button kind="quiet" icon="requests" className={styles.showRequest} onClick={onShowRequest}>
                Show in the request log
              </Button>
            )}
            <CopyButton name="Copy" text={copied} />
          </div>
          <dl className={styles.facts}>
            {facts.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </div>
      </div>
    </div>
  );
}
