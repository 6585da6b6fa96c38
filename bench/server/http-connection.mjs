const HEAD_END = Buffer.from('\r\n\r\n');
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const REASONS = { 200: 'OK', 204: 'No Content', 206: 'Partial Content', 304: 'Not Modified' };

/**
 * HTTP/1.1 on one socket, as far as S3's clients need it. `node:http` takes some 25 µs a request, which on a machine of
 * two cores is time that the measured client waits for.
 *
 * `handle(request, answer)`: request is `{ method, path, query, head, body }`, `head` the header lines with names as
 * they came; `answer(status, headers, body)` may be called later, once. A client's next request waits for it.
 */
export function serveConnection(socket, handle) {
  socket.setNoDelay(true);
  let unread = null;
  let busy = false;
  let continued = false;

  const advance = () => {
    while (!busy && unread !== null) {
      const end = unread.indexOf(HEAD_END);
      if (end === -1) return;
      const lines = unread.latin1Slice(0, end);
      const head = lines.indexOf('\r\n') === -1 ? '' : lines.slice(lines.indexOf('\r\n'));
      const read = readBody(unread, end + 4, head);
      if (read === null) {
        if (!continued && headerOf(head, 'expect') !== null) {
          continued = true;
          socket.write(CONTINUE);
        }
        return;
      }
      continued = false;
      unread = read.next === unread.length ? null : unread.subarray(read.next);
      busy = true;
      const [method, target] = lines.slice(0, lines.indexOf('\r\n')).split(' ', 2);
      const mark = target.indexOf('?');
      const path = decodeURIComponent(mark === -1 ? target : target.slice(0, mark));
      handle({ method, path, query: mark === -1 ? '' : target.slice(mark + 1), head, body: read.body }, (...given) => {
        busy = false;
        if (socket.destroyed) return;
        write(socket, method, ...given);
        advance();
      });
    }
  };

  socket.on('data', (chunk) => {
    unread = unread === null ? chunk : Buffer.concat([unread, chunk]);
    advance();
  });
  // A client that is gone needs no answer; what it did is seen in the counts.
  socket.on('error', () => socket.destroy());
}

/** A header's value, or null. `name` in lower case. */
export function headerOf(head, name) {
  let at = head.toLowerCase().indexOf(`\r\n${name}:`);
  if (at === -1) return null;
  at += name.length + 3;
  const end = head.indexOf('\r\n', at);
  return head.slice(at, end === -1 ? undefined : end).trim();
}

/** The body that begins at `start`, and where the next request does; null while some of it is still to come. */
function readBody(bytes, start, head) {
  const lower = head.toLowerCase();
  let body;
  let next;
  const lengthAt = lower.indexOf('\r\ncontent-length:');
  if (lengthAt !== -1) {
    next = start + Number.parseInt(lower.slice(lengthAt + 17), 10);
    if (bytes.length < next) return null;
    body = bytes.subarray(start, next);
  } else if (lower.includes('\r\ntransfer-encoding: chunked')) {
    const read = joinChunks(bytes, start);
    if (read === null) return null;
    ({ body, next } = read);
  } else {
    return { body: null, next: start };
  }
  // Amazon's SDKs wrap a body in chunks of their own where they sign or sum it on the way.
  if (lower.includes('\r\nx-amz-content-sha256: streaming-')) body = joinChunks(body, 0).body;
  return { body, next };
}

function joinChunks(bytes, start) {
  const parts = [];
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd === -1) return null;
    const size = Number.parseInt(bytes.latin1Slice(at, lineEnd), 16);
    if (size === 0) {
      // Trailers, if any, end with an empty line as well.
      const end = bytes.indexOf(HEAD_END, lineEnd);
      return end === -1 ? null : { body: Buffer.concat(parts), next: end + 4 };
    }
    at = lineEnd + 2 + size + 2;
    if (bytes.length < at) return null;
    parts.push(bytes.subarray(lineEnd + 2, at - 2));
  }
}

/** `headers`: lines that end with CRLF. The answer to a HEAD has the length of `body`, and no body. */
function write(socket, method, status, headers, body) {
  const length =
    status === 204 || status === 304 ? '' : `Content-Length: ${body === null ? 0 : Buffer.byteLength(body)}\r\n`;
  const head = `HTTP/1.1 ${status} ${REASONS[status] ?? 'Refused'}\r\n${length}${headers}\r\n`;
  if (body === null || method === 'HEAD') {
    socket.write(head, 'latin1');
  } else if (typeof body === 'string') {
    socket.write(head + body);
  } else {
    const answer = Buffer.allocUnsafe(head.length + body.length);
    answer.latin1Write(head, 0);
    answer.set(body, head.length);
    socket.write(answer);
  }
}
