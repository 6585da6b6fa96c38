/** Answers every request with the document that its parent sent: what an answer of that size costs at the least. */
import { createServer } from 'node:http';

process.on('message', (document) => {
  const body = Buffer.from(document);
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/xml', 'content-length': body.length });
    response.end(body);
  });
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
});
process.on('disconnect', () => process.exit(0));
