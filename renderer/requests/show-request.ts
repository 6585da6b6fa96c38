import type { AppError } from '../../shared/result.ts';
import { currentWorkspace } from '../shell/workspace.ts';
import { wordsOfFailure } from './request-words.ts';

/** What shows the request that a failure came of in the request log; undefined where none was sent. */
export function showRequestOf(error: AppError): (() => void) | undefined {
  const text = wordsOfFailure(error);
  if (text === null) return undefined;
  return () => {
    const { filterRequests, openPanel } = currentWorkspace();
    filterRequests({ text });
    openPanel('requests');
  };
}
