/** Writes what changes often a moment later, so that many changes are one write. */
export interface WrittenSoon {
  /** Writes within `milliseconds`. Answers what kept the write before this one from being done, or null. */
  readonly changed: () => Error | null;
  /** Writes now, whether or not something changed. */
  readonly write: () => Promise<void>;
  /** Writes what is not written yet. */
  readonly flush: () => Promise<void>;
}

export function createWrittenSoon(save: () => Promise<unknown>, milliseconds: number): WrittenSoon {
  let timer: NodeJS.Timeout | null = null;
  let failure: Error | null = null;
  let writing: Promise<unknown> = Promise.resolve();

  const write = async (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const written = save();
    writing = written;
    await written;
  };

  return {
    changed: () => {
      timer ??= setTimeout(() => {
        write().catch((error: unknown) => {
          failure = error instanceof Error ? error : new Error(String(error));
        });
      }, milliseconds);
      const failed = failure;
      failure = null;
      return failed;
    },
    write,
    flush: async () => {
      if (timer !== null) await write();
      else await writing;
    },
  };
}
