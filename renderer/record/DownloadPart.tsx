import { formatBytes } from '../../shared/byte-size.ts';
import { CommandButton } from '../commands/CommandButton.tsx';
import { DOWNLOAD_RECORD } from '../commands/record-commands.ts';
import { Button } from '../ui/Button.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { Notice } from '../ui/Notice.tsx';
import { ProgressLine } from '../ui/ProgressLine.tsx';
import type { Download } from './downloads.ts';
import styles from './Inspector.module.css';

/** For an object that the page cannot show: the way to have it all the same. */
export function DownloadButton() {
  return (
    <CommandButton command={DOWNLOAD_RECORD} compact>
      Download
    </CommandButton>
  );
}

/** How far the download of the record is, and where its file is. */
export function DownloadPart({ download }: { readonly download: Download | null }) {
  if (download === null) return null;
  const { state, stop } = download;
  switch (state.name) {
    case 'going': {
      const { done, total } = state;
      const words = total === null ? 'Downloading …' : `Downloading: ${formatBytes(done)} of ${formatBytes(total)}`;
      return (
        // No notice: those are read aloud, and this changes five times a second.
        <div className={styles.download}>
          <span className={styles.words}>{words}</span>
          <Button compact onClick={stop}>
            Stop
          </Button>
          <ProgressLine label="Downloaded" done={done} total={total} className={styles.progress} />
        </div>
      );
    }
    case 'saved':
      return (
        <Notice
          kind="ok"
          title={`Downloaded: ${formatBytes(state.size)}`}
          className={styles.notice}
          actions={<CopyButton compact name="Copy the path" text={state.path} />}
        >
          {state.path}
        </Notice>
      );
    case 'failed':
      return (
        <Notice kind="error" title="The download failed" className={styles.notice}>
          {state.error.message}
        </Notice>
      );
  }
}
