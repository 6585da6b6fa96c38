import type { Attachment } from '../application.ts';

/** The application as it opens. Where it could not, whoever asks next tries again: a page that was reloaded. */
export interface Opening {
  /** Rejects with what stands in the way. */
  attachment(): Promise<Attachment>;
  /** Null until it is open. */
  readonly opened: Attachment | null;
}

export interface OpeningEvents {
  readonly onOpen: (attachment: Attachment) => void;
  readonly onFailure: (error: unknown) => void;
}

export function createOpening(attach: () => Promise<Attachment>, { onOpen, onFailure }: OpeningEvents): Opening {
  let opened: Attachment | null = null;
  let failed = false;
  let attaching = begin();

  function begin(): Promise<Attachment> {
    const started = attach();
    void settle(started);
    return started;
  }

  async function settle(started: Promise<Attachment>): Promise<void> {
    try {
      opened = await started;
    } catch (error) {
      failed = true;
      onFailure(error);
      return;
    }
    onOpen(opened);
  }

  return {
    attachment: () => {
      if (failed) {
        failed = false;
        attaching = begin();
      }
      return attaching;
    },
    get opened() {
      return opened;
    },
  };
}
