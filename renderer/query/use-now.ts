import { useEffect, useState } from 'react';

/** The time, renewed each second: for rates that people read. An age is drawn by `Ago`. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
