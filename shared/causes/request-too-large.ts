import { DEED, defineCause } from './cause.ts';
import { RESET_ERROR } from './errors.ts';
import { CLOSING } from './settings/closing.ts';
import { UPLOADS } from './settings/uploads.ts';

export const requestTooLarge = defineCause({
  code: 'request-too-large',
  title: 'Request larger than the server takes',
  what: 'The server refused an upload as too large (413) and closed while the client was still sending. The client often sees only the reset and never the reply.',
  seen: `The client sees ${RESET_ERROR} or a broken pipe during the upload, at times the 413 reply.`,
  fatal: 'Fatal for this upload, and again for each as large.',
  unlike:
    'A server that reads on before it closes lets the 413 arrive and ends with FIN; a timeout would come without a status line.',
  dataLoss: 'The upload was not taken, however much of it was acknowledged.',
  client: ['Send "Expect: 100-continue" with large bodies, and read the reply when writing fails.'],
  server: [
    'Raise the limit on every hop: nginx client_max_body_size (1 MiB; ingress-nginx proxy-body-size), Apache LimitRequestBody, IIS maxAllowedContentLength, Kestrel MaxRequestBodySize, PHP post_max_size, and what the framework sets.',
    'Let the server read on for a while before it closes, so that the 413 arrives (nginx lingering_close always, Tomcat maxSwallowSize).',
  ],
  confirm: 'The 413 status line stands before the reset while data of the client still comes.',
  settings: [...CLOSING, ...UPLOADS],
  harmless: false,
  mechanisms: DEED,
});
