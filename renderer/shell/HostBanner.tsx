import type { HostState } from '../../shared/bridge.ts';
import { Notice } from '../ui/Notice.tsx';
import styles from './Notes.module.css';

/** Says that nobody answers this page, for as long as that is so. */
export function HostBanner({ state }: { readonly state: HostState }) {
  if (state === 'there') return null;
  return state === 'gone' ? (
    <Notice kind="warn" title="Dipper has stopped" className={styles.notes}>
      Start it again and open the address that it prints. If it can be reached again as it was, this page goes on by
      itself. What you typed before is kept; what you type from now on is not.
    </Notice>
  ) : (
    <Notice kind="warn" title="Dipper was started again" className={styles.notes}>
      This page belongs to the one before. Open the address that the new one prints: what was shown here is there, and
      what was typed before.
    </Notice>
  );
}
