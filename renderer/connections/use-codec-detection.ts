import { useCallback, useEffect, useRef, useState } from 'react';
import type { CodecDetection } from '../../shared/collection.ts';
import type { AppError } from '../../shared/result.ts';
import { call, isAborted, toAppError } from '../api/call.ts';

export interface DetectionPlace {
  readonly connection: string;
  readonly bucket: string;
  readonly prefix: string;
}

export type DetectionState =
  | { readonly state: 'none' }
  | { readonly state: 'looking'; readonly place: DetectionPlace }
  | { readonly state: 'found'; readonly place: DetectionPlace; readonly detection: CodecDetection }
  | { readonly state: 'failed'; readonly place: DetectionPlace; readonly error: AppError };

export function samePlace(one: DetectionPlace, other: DetectionPlace): boolean {
  return one.connection === other.connection && one.bucket === other.bucket && one.prefix === other.prefix;
}

/** Looks at the first objects of a prefix when asked to; asked again for the same place it answers what it found. */
export function useCodecDetection(): {
  readonly found: DetectionState;
  readonly detect: (place: DetectionPlace) => Promise<CodecDetection | null>;
} {
  const [found, setFound] = useState<DetectionState>({ state: 'none' });
  const running = useRef<{
    place: DetectionPlace;
    controller: AbortController;
    answer: Promise<CodecDetection | null>;
  } | null>(null);
  useEffect(() => () => running.current?.controller.abort(), []);

  const detect = useCallback((place: DetectionPlace): Promise<CodecDetection | null> => {
    if (running.current !== null && samePlace(running.current.place, place)) return running.current.answer;
    running.current?.controller.abort();
    const controller = new AbortController();
    setFound({ state: 'looking', place });
    const answer = call('collections:detect', { ...place }, controller.signal).then(
      (detection) => {
        setFound({ state: 'found', place, detection });
        return detection;
      },
      (thrown: unknown) => {
        if (isAborted(thrown)) return null;
        setFound({ state: 'failed', place, error: toAppError(thrown) });
        // A failure is no answer to keep: the next call asks again.
        running.current = null;
        return null;
      },
    );
    running.current = { place, controller, answer };
    return answer;
  }, []);
  return { found, detect };
}
