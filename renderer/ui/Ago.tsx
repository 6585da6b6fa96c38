import { useCallback, useSyncExternalStore } from 'react';
import { agoChangesIn, formatAgo } from './format.ts';

/** How long ago a time was, in words that are drawn again when they change and not before. A live region keeps silent about it. */
export function Ago({ since }: { readonly since: number }) {
  const subscribe = useCallback(
    (onChange: () => void) => {
      let timer: ReturnType<typeof setTimeout>;
      const wait = (): void => {
        timer = setTimeout(
          () => {
            onChange();
            wait();
          },
          agoChangesIn(since, Date.now()),
        );
      };
      wait();
      return () => clearTimeout(timer);
    },
    [since],
  );
  const words = useSyncExternalStore(subscribe, () => formatAgo(since, Date.now()));
  return <span aria-live="off">{words}</span>;
}
