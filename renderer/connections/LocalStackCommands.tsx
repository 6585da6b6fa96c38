import { LOCALSTACK_COMMANDS } from '../../shared/local-server.ts';
import { call, toAppError } from '../api/call.ts';
import { useLocalStack } from '../api/server-queries.ts';
import { Button } from '../ui/Button.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { Notice } from '../ui/Notice.tsx';
import { useState } from 'react';
import styles from './LocalStackCommands.module.css';

/** How a LocalStack is started: here, where its command is installed, or by hand in a terminal. */
export function LocalStackCommands() {
  const program = useLocalStack();
  const [refused, setRefused] = useState<string | null>(null);
  const start = program?.start ?? null;
  const isRunning = start?.state === 'running';

  async function handleStart(): Promise<void> {
    setRefused(null);
    try {
      await call('servers:start-localstack', {});
    } catch (error) {
      setRefused(toAppError(error).message);
    }
  }

  return (
    <div className={styles.ways}>
      {program === null || program.path === null ? null : (
        <section>
          <h3 className={styles.title}>With the command that is installed here</h3>
          <p className={styles.words}>
            <span className={styles.mono}>{program.path}</span> starts it in Docker. It goes on when Dipper ends, until
            somebody stops it.
          </p>
          <Button
            kind="primary"
            icon="play"
            disabledReason={isRunning ? 'It is being started' : null}
            onClick={() => void handleStart()}
          >
            Start LocalStack
          </Button>
        </section>
      )}
      {refused === null ? null : <Notice kind="error">{refused}</Notice>}
      {start === null ? null : (
        <Notice
          kind={isRunning || start.exitCode === 0 ? 'info' : 'error'}
          title={
            isRunning
              ? 'LocalStack is being started; the first time its image is fetched'
              : start.exitCode === 0
                ? 'LocalStack was started'
                : 'LocalStack could not be started'
          }
        >
          {start.output === '' ? null : <pre className={styles.output}>{start.output}</pre>}
        </Notice>
      )}
      {LOCALSTACK_COMMANDS.map(({ title, lines }) => (
        <section key={title}>
          <div className={styles.head}>
            <h3 className={styles.title}>{title}</h3>
            <CopyButton name="Copy" compact text={lines.join('\n')} />
          </div>
          <pre className={styles.lines}>{lines.join('\n')}</pre>
        </section>
      ))}
      <p className={styles.words}>
        This version needs no account. Newer ones are started with a LOCALSTACK_AUTH_TOKEN.
      </p>
    </div>
  );
}
