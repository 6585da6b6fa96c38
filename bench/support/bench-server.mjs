import { fork } from 'node:child_process';
import { join } from 'node:path';

/** The in-memory S3 server in a process of its own; `order(name, arguments)` answers what `server/main.mjs` says. */
export async function startBenchServer() {
  const child = fork(join(import.meta.dirname, '../server/main.mjs'), { serialization: 'advanced' });
  const waiting = new Map();
  let next = 0;
  const port = await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    child.on('message', (message) => {
      if ('port' in message) resolve(message.port);
      waiting.get(message.id)?.(message.value);
      waiting.delete(message.id);
    });
  });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    pid: child.pid,
    order: (name, given = {}) =>
      new Promise((resolve) => {
        const id = (next += 1);
        waiting.set(id, resolve);
        child.send({ id, order: name, ...given });
      }),
    stop: () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.disconnect();
      return ended;
    },
  };
}
