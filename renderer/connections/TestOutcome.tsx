import { Button } from '../ui/Button.tsx';
import { failureTitle } from '../ui/failure-texts.ts';
import { Notice } from '../ui/Notice.tsx';
import { testWords } from './connection-words.ts';
import type { TestState } from './use-connection-test.ts';

export interface TestOutcomeProps {
  readonly outcome: TestState;
  readonly name: string;
  /** Takes the region that the server named. */
  readonly onUseRegion?: ((region: string) => void) | undefined;
}

/** The answer of a connection's test, in words. */
export function TestOutcome({ outcome, name, onUseRegion }: TestOutcomeProps) {
  switch (outcome.state) {
    case 'untested':
      return null;
    case 'testing':
      return <Notice kind="info">Asking the server …</Notice>;
    case 'passed':
      return <Notice kind={outcome.test.notes.length === 0 ? 'ok' : 'warn'}>{testWords(outcome.test)}</Notice>;
    case 'failed': {
      const region = outcome.error.detail?.region;
      return (
        <Notice
          kind="error"
          title={failureTitle(outcome.error.code, name === '' ? null : name)}
          actions={
            region === undefined || onUseRegion === undefined ? undefined : (
              <Button compact onClick={() => onUseRegion(region)}>
                {`Use region ${region}`}
              </Button>
            )
          }
        >
          {outcome.error.message}
        </Notice>
      );
    }
  }
}
