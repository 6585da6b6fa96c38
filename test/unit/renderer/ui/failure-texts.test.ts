import { expect, test } from 'vitest';
import { FAILURE_TEXTS, failureFacts, failureTitle } from '../../../../renderer/ui/failure-texts.ts';
import type { ErrorCode } from '../../../../shared/result.ts';

function isCode(name: string): name is ErrorCode {
  return name in FAILURE_TEXTS;
}

test('every failure has a title of its own and says what to do, in the words of the product', () => {
  const codes = Object.keys(FAILURE_TEXTS).filter(isCode);
  const titles = codes.map((code) => failureTitle(code, 'AWS media'));
  expect(new Set(titles).size).toBe(codes.length);
  const words = codes.flatMap((code) => [
    failureTitle(code, null),
    ...FAILURE_TEXTS[code].remedies.map(({ strong, rest }) => `${strong} ${rest}`),
  ]);
  expect(words.filter((text) => /please|oops|success|!|\{place\}|exception|null|undefined/i.test(text))).toEqual([]);
  expect(codes.filter((code) => FAILURE_TEXTS[code].remedies.length === 0)).toEqual([]);
});

test('details of a failure are listed as far as they are known', () => {
  expect(
    failureFacts({
      code: 'signature-mismatch',
      message: '',
      retryable: false,
      detail: {
        status: 403,
        s3Code: 'SignatureDoesNotMatch',
        operation: 'ListObjectsV2',
        bucket: 'media',
        requestId: '7X',
      },
    }),
  ).toEqual([
    ['error', 'signature-mismatch'],
    ['answer', '403 SignatureDoesNotMatch'],
    ['operation', 'ListObjectsV2'],
    ['object', 'media'],
    ['request', '7X'],
  ]);
});
