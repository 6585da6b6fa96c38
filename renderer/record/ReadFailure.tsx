import type { AppError } from '../../shared/result.ts';
import { SignInButton } from '../connections/SignInButton.tsx';
import { Button } from '../ui/Button.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { FAILURE_TEXTS, failureFacts, failureTitle } from '../ui/failure-texts.ts';
import { showRequestOf } from '../requests/show-request.ts';
import { DownloadButton } from './DownloadPart.tsx';
import { Notice } from '../ui/Notice.tsx';
import styles from './Inspector.module.css';

export interface ReadFailureProps {
  readonly error: AppError;
  readonly place: string;
  readonly recordKey: string;
  readonly onRetry: () => void;
  readonly onEditConnection: (() => void) | undefined;
}

/** The record could not be read: what, why, and what to do, in the width of the panel. */
export function ReadFailure({ error, place, recordKey, onRetry, onEditConnection }: ReadFailureProps) {
  const title = failureTitle(error.code, place);
  const offersConnection =
    onEditConnection !== undefined &&
    FAILURE_TEXTS[error.code].remedies.some(({ action }) => action === 'edit-connection');
  const onShowRequest = showRequestOf(error);
  const facts = failureFacts(error).map(([name, value]) => `${name}: ${value}`);
  return (
    <div className={styles.notes}>
      <Notice
        kind="error"
        title={title}
        actions={
          <>
            <SignInButton error={error} />
            <Button compact onClick={onRetry}>
              Try again
            </Button>
            {error.code === 'record-too-large' ? <DownloadButton /> : null}
            {offersConnection ? (
              <Button compact onClick={onEditConnection}>
                Edit connection
              </Button>
            ) : null}
            {onShowRequest === undefined ? null : (
              <Button compact onClick={onShowRequest}>
                Show in the request log
              </Button>
            )}
            <CopyButton compact name="Copy details" text={[title, error.message, recordKey, ...facts].join('\n')} />
          </>
        }
      >
        {error.message}
      </Notice>
    </div>
  );
}
