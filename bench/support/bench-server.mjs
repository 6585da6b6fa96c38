import { fork } from 'node:child_process';
import { join } from 'node:path';

/** The in-memory S3 server in a process of its own; `order(name, arguments)` answers what `server/main.mjs` says. */
export async function startBenchServer() {
  const child = fork(join(import.meta.dirname, '../server/main.mjs'), {
    serialization: 'advanced',
    // Of 1,000,000 objects its garbage collector would take every core of the machine for a third of a second, with threads beside it.
    execArgv: ['--single-threaded-gc'],
  });
  const waiting = new Map();
  let next = 0;
  const port = await new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => {
      const ended = new Error(`The server ended by itself (${signal ?? code}).`);
      reject(ended);
      for (const { reject: refuse } of waiting.values()) refuse(ended);
    });
    child.on('message', (message) => {
      if ('port' in message) resolve(message.port);
      waiting.get(message.id)?.resolve(message.value);
      waiting.delete(message.id);
    });
  });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    pid: child.pid,
    order: (name, given = {}) =>
      new Promise((resolve, reject) => {
        const id = (next += 1);
        waiting.set(id, { resolve, reject });
        child.send({ id, order: name, ...given });
      }),
    stop: () => {
      if (!child.connected) return Promise.resolve();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.disconnect();
      return ended;
    },
  };
}
