import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { LOCALSTACK_IMAGE, type LocalStackProgram, type LocalStackStart } from '../../shared/local-server.ts';
import { AppFailure } from '../../shared/result.ts';

/** The `localstack` command of this machine. */
export interface LocalStackStarter {
  program(): Promise<LocalStackProgram>;
  /** Answers once its command runs; that it serves, its state says. Throws `invalid-arguments` where there is none. */
  start(): Promise<void>;
  /** For the end of Dipper, which does not wait for a start that is under way. */
  leave(): void;
}

/** Of what it printed last. */
const MOST_OUTPUT = 4_096;

export function createLocalStackStarter(
  environment: Readonly<Record<string, string | undefined>>,
  onChanged: () => void,
): LocalStackStarter {
  let last: LocalStackStart | null = null;
  let output = '';
  let running: ChildProcess | null = null;

  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-MOST_OUTPUT);
  };

  return {
    program: async () => {
      const start = last?.state === 'running' ? { ...last, output: plainText(output) } : last;
      return { path: await findCommand('localstack', environment), start };
    },
    start: async () => {
      if (last?.state === 'running') return;
      const path = await findCommand('localstack', environment);
      if (path === null) {
        throw new AppFailure(
          'invalid-arguments',
          'There is no localstack command where Dipper was started (PATH). Start LocalStack in a terminal.',
        );
      }
      output = '';
      // It leaves a container of Docker behind, which stays when Dipper ends; a group of its own, so that a Ctrl+C in
      // Dipper's terminal does not end it half-way.
      const child = spawn(path, ['start', '--detached', '--no-banner'], {
        detached: true,
        windowsHide: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: environmentOf(environment),
      });
      child.stdout.on('data', keep);
      child.stderr.on('data', keep);
      last = { state: 'running', exitCode: null, output: '' };
      running = child;
      const end = (exitCode: number | null): void => {
        running = null;
        last = { state: 'ended', exitCode, output: plainText(output) };
        onChanged();
      };
      await new Promise<void>((resolve, reject) => {
        child.once('spawn', () => {
          child.once('close', (exitCode) => end(exitCode));
          onChanged();
          resolve();
        });
        child.once('error', (error) => {
          end(null);
          reject(new AppFailure('invalid-arguments', `${path} cannot be started: ${error.message}`, { cause: error }));
        });
      });
    },
    leave: () => {
      running?.stdout?.destroy();
      running?.stderr?.destroy();
      running?.unref();
    },
  };
}

/** The pinned image, where nobody has chosen one and there is no token for a newer. */
function environmentOf(environment: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  const isChosen = environment['IMAGE_NAME'] !== undefined || environment['LOCALSTACK_AUTH_TOKEN'] !== undefined;
  return isChosen ? { ...environment } : { ...environment, IMAGE_NAME: LOCALSTACK_IMAGE };
}

async function findCommand(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | null> {
  const endings = process.platform === 'win32' ? ['.exe'] : [''];
  for (const folder of (environment['PATH'] ?? '').split(delimiter)) {
    for (const ending of endings) {
      const path = join(folder, name + ending);
      if (folder !== '' && (await isExecutable(path))) return path;
    }
  }
  return null;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Without the colours and cursor movements of a terminal. */
function plainText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- that is what is taken out
  return text.replaceAll(/\u001B\[[0-?]*[ -/]*[@-~]/g, '').trim();
}
