import { expect, test } from 'vitest';
import { curlCommand } from '../../../../renderer/requests/curl-command.ts';
import { headerLines } from '../../../../renderer/requests/header-lines.ts';
import { NOT_KEPT } from '../../../../shared/request-log.ts';
import { requestEntry } from './request-entry.ts';

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const KEYS = '"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"';

/** As a header carries it. */
const bytes = (text: string) => Buffer.from(text).toString('latin1');

test('a read with temporary keys, a listing, a HEAD and a conditional write as curl lines', () => {
  const lines = [
    requestEntry({ sentHeaders: ['range', 'bytes=0-9', 'x-amz-security-token', NOT_KEPT] }),
    requestEntry({ path: "/records?list-type=2&prefix=it's", key: null }),
    requestEntry({ method: 'HEAD' }),
    requestEntry({
      method: 'PUT',
      bytesUp: 7,
      sentHeaders: ['if-match', '"e1"', 'x-amz-meta-note', bytes("it's $HOME – ok")],
    }),
  ].map(curlCommand);
  const start = 'curl --path-as-is --globoff';
  const sign = `--aws-sigv4 'aws:amz:eu-west-1:s3' --user ${KEYS}`;
  const host = 'https://s3.eu-west-1.amazonaws.com';
  expect(lines).toEqual([
    `${start} ${sign} --header 'range: bytes=0-9' --header "x-amz-security-token: $AWS_SESSION_TOKEN" --header 'x-amz-content-sha256: ${EMPTY}' '${host}/records/a.json'`,
    `${start} ${sign} --header 'x-amz-content-sha256: ${EMPTY}' '${host}/records?list-type=2&prefix=it'\\''s'`,
    `${start} --head ${sign} --header 'x-amz-content-sha256: ${EMPTY}' '${host}/records/a.json'`,
    `${start} --request PUT ${sign} --header 'if-match: "e1"' --header 'x-amz-meta-note: it'\\''s $HOME – ok' --header 'x-amz-content-sha256: UNSIGNED-PAYLOAD' --upload-file 'body' '${host}/records/a.json'`,
  ]);
});

test('header values are read as UTF-8 where they are, else as they came', () => {
  expect(headerLines(['a', bytes('Müller'), 'b', 'M\u00fcller', 'c', 'plain'])).toEqual([
    ['a', 'Müller'],
    ['b', 'M\u00fcller'],
    ['c', 'plain'],
  ]);
});
