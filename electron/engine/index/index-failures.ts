import { AppFailure } from '../../../shared/result.ts';

export function collectionRemoved(): AppFailure {
  return new AppFailure('aborted', 'The collection was removed.');
}

export function processEnded(): AppFailure {
  return new AppFailure('index-restarted', 'The index process ended. The next query starts it again.', {
    retryable: true,
  });
}

export function indexDamaged(): AppFailure {
  return new AppFailure('index-damaged', 'The index of this collection is damaged. Run the query again.', {
    retryable: true,
  });
}

export function resultClosed(): AppFailure {
  return new AppFailure('result-closed', 'This result is not open any more. Run the query again.');
}
