import { firstFailure } from '../../shared/connection-check.ts';
import type { AppError } from '../../shared/result.ts';
import { Button } from '../ui/Button.tsx';
import { failureTitle } from '../ui/failure-texts.ts';
import { Notice } from '../ui/Notice.tsx';
import { SignInButton } from './SignInButton.tsx';
import { CheckRows } from './CheckRows.tsx';
import { testWords } from './connection-words.ts';
import type { TestState } from './use-connection-test.ts';

export interface TestOutcomeProps {
  readonly outcome: TestState;
  readonly name: string;
  /** Takes the region that the server named. */
  readonly onUseRegion?: ((region: string) => void) | undefined;
  /** Where nothing typed is lost when the dialog for it opens. */
  readonly offersSignIn?: boolean;
}

/** The answer of a connection's test: what it came to, then check by check. */
export function TestOutcome({ outcome, name, onUseRegion, offersSignIn = false }: TestOutcomeProps) {
  const titleOf = (error: AppError): string => failureTitle(error.code, name === '' ? null : name);
  switch (outcome.state) {
    case 'untested':
      return null;
    case 'testing':
      return (
        <>
          <Notice kind="info">Asking the server …</Notice>
          <CheckRows checks={outcome.checks} />
        </>
      );
    case 'tested': {
      const { test } = outcome;
      const error = firstFailure(test)?.error ?? null;
      if (error !== null) {
        return (
          <>
            <Notice
              kind="error"
              title={titleOf(error)}
              actions={
                <>
                  <UseRegion region={error.detail?.region} onUseRegion={onUseRegion} />
                  {offersSignIn ? <SignInButton error={error} /> : null}
                </>
              }
            >
              {testWords(test)}
            </Notice>
            <CheckRows checks={test.checks} />
          </>
        );
      }
      const isLimited = test.checks.some(({ verdict }) => verdict === 'limited');
      return (
        <>
          <Notice kind={isLimited ? 'warn' : 'ok'}>{testWords(test)}</Notice>
          <CheckRows checks={test.checks} />
        </>
      );
    }
    case 'failed':
      return (
        <Notice
          kind="error"
          title={titleOf(outcome.error)}
          actions={offersSignIn ? <SignInButton error={outcome.error} /> : undefined}
        >
          {outcome.error.message}
        </Notice>
      );
  }
}

function UseRegion({
  region,
  onUseRegion,
}: {
  readonly region: string | undefined;
  readonly onUseRegion: TestOutcomeProps['onUseRegion'];
}) {
  if (region === undefined || onUseRegion === undefined) return null;
  return (
    <Button compact onClick={() => onUseRegion(region)}>
      {`Use region ${region}`}
    </Button>
  );
}
