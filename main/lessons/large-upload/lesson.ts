import { defineLesson, NOTHING } from '../define.ts';

export const lesson = defineLesson({
  name: 'large-upload',
  title: 'A “no” that became “bad gateway”',
  theme: 'proxies',
  about:
    'A server refuses a large upload early and closes; the proxy before it never reads the refusal, and says 502.',
  story: [
    'Uploads of films fail with “502 Bad Gateway”, for some users, each time. Short clips of the same users fail with “401: your token is too old”, which they understand: they log in again.',
    'The proxy’s log says “connection reset by peer while sending request to upstream”. So the server was restarted, twice, and its memory doubled.',
    'The server’s own log has a 401 for each of these uploads, and no error. “We answer in time, and we close in good order”, say its authors.',
  ],
  question: 'What turned the 401 into a 502?',
  choices: [
    'The proxy does not hand on answers that have no body.',
    'The server ran out of memory with the film half received, and its kernel reset the connection.',
    'The server closed before it had read the film. Its kernel reset the connection, and the proxy, still sending, never read the 401.',
    'The client had given up, and the proxy reset the server’s connection.',
  ],
  answer: {
    choice: 2,
    why: 'Behind the proxy the capture has all of it: the request, the film coming, the 401, and right behind it a reset by the server, with data unread. The proxy’s next write fails, and it has no reason to look whether an answer lies there: for it the server broke, and that is 502. A clip that fits into what the server reads anyway leaves nothing unread, and its 401 arrives. Before the proxy there is no reset at all: whoever captures at the client sees only the 502.',
  },
  fix: {
    change:
      'Let the server read on for a while after an early answer, before it closes, or refuse before the body comes.',
    why: 'When the server reads what it does not want, the proxy can send to the end and then reads the 401. A client that sends “Expect: 100-continue”, and a proxy that hands it on, would have heard the no before the first byte of the film. A proxy that checks tokens itself does not bother the server at all.',
    settings: [
      'nginx: lingering_close, lingering_time (30 s)',
      'Expect: 100-continue',
      'nginx: proxy_request_buffering, auth_request',
    ],
  },
  needs: 'loopback',
  captures: [
    { at: 'client', where: 'before the proxy, at the client', shows: NOTHING, fixed: NOTHING },
    {
      at: 'server',
      where: 'behind the proxy, at the server',
      shows: {
        found: 'reset',
        kind: 'endpoint',
        side: 'server',
        causes: ['closed-with-unread-data'],
        matters: true,
      },
      fixed: NOTHING,
    },
  ],
});
