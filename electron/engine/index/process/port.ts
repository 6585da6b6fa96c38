/** The way to main: Electron's parentPort where utilityProcess started us, else Node's own channel of a fork. */
export interface Port {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** The part of Electron's `process.parentPort` that is used; the engine does not import `electron`. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

export function openPort(): Port {
  const { parentPort } = process as NodeJS.Process & { readonly parentPort?: ParentPort };
  if (parentPort !== undefined) {
    return {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process has no origin
      post: (message) => parentPort.postMessage(message),
      onMessage: (listener) => parentPort.on('message', (event) => listener(event.data)),
    };
  }
  if (process.send === undefined) {
    throw new Error('The index process is started by Dipper, not by hand: it has nobody to talk to.');
  }
  // Main is gone: the files are closed by the end of the process, and its write-ahead log keeps what was committed.
  process.on('disconnect', () => process.exit(0));
  return {
    post: (message) => {
      process.send?.(message);
    },
    onMessage: (listener) => process.on('message', listener),
  };
}
