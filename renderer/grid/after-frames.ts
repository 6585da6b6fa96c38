/** Calls `act` at the beginning of the frame that is `count` away; the answer takes that back. */
export function afterFrames(count: number, act: () => void): () => void {
  let request = 0;
  const next = (left: number): void => {
    request = requestAnimationFrame(() => {
      if (left > 1) next(left - 1);
      else act();
    });
  };
  next(count);
  return () => cancelAnimationFrame(request);
}
