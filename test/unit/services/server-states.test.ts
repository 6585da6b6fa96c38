import { expect, test } from 'vitest';
import { createLocalServers } from '../../../electron/services/local-servers.ts';
import { createSandboxKeeper } from '../../../electron/services/sandbox-keeper.ts';
import { createServerStates } from '../../../electron/services/server-states.ts';
import { AppFailure } from '../../../shared/result.ts';
import { testConnection } from '../ipc/test-server.ts';

test('a server that takes a request and is silent is down after a while; who looks away hears nothing of it', async () => {
  const states = createServerStates(
    {
      engine: {
        answerTime: (_, signal) =>
          new Promise((__, reject) => {
            signal.addEventListener('abort', () => reject(new AppFailure('aborted', 'The call was cancelled.')));
          }),
      },
      localServers: createLocalServers({}),
      sandbox: createSandboxKeeper({
        start: () => Promise.reject(new Error('no test here needs the sandbox')),
        onLost: () => undefined,
        onChanged: () => undefined,
      }),
    },
    50,
  );
  const connection = { ...testConnection, endpoint: 'http://192.0.2.1' };
  expect(await states.of(connection, new AbortController().signal)).toEqual({
    state: 'down',
    error: { code: 'timed-out', message: 'MinIO gave no answer within 0.05 seconds.', retryable: true },
  });
  const controller = new AbortController();
  const asked = states.of(connection, controller.signal);
  controller.abort();
  await expect(asked).rejects.toThrow('cancelled');
});
