import { atBothEnds, defineLesson, NOTHING } from '../define.ts';

export const lesson = defineLesson({
  name: 'keep-alive-race',
  title: 'The keep-alive race',
  theme: 'closing',
  about: 'A client takes an idle connection out of its pool just when the server has closed it.',
  story: [
    'About one request in ten thousand fails with “connection reset by peer”, always the first one after a pause. Trying again helps every time.',
    'The server has nothing in its log, not even the request. The client keeps a pool of open connections, to save handshakes.',
  ],
  question: 'Why is the request answered with a reset?',
  choices: [
    'The server crashed on this request.',
    'The server had closed the idle connection; the request came behind its FIN.',
    'A firewall on the way had forgotten the idle connection.',
    'The client’s pool sent two requests at once.',
  ],
  answer: {
    choice: 1,
    why: 'The server’s FIN comes first: it closed the connection because nothing was asked for a while. The request then reached a socket that nobody owned any more, which a kernel answers with RST. Neither side made a mistake: FIN and request can cross on the way at any time. The silence before the FIN is the server’s keep-alive time.',
  },
  fix: {
    change:
      'Let the side that sends requests close first: its idle time in the pool must be shorter than the server’s.',
    why: 'As a server, Node.js waits 5 s (keepAliveTimeout) and nginx 75 s (keepalive_timeout); the server of this lesson waits 1 s, and its repaired client half of that. Requests that may safely be repeated should be, once: a race that is rare is not impossible.',
    settings: ['server.keepAliveTimeout', 'keepalive_timeout', 'the idle time of the client’s pool'],
  },
  needs: 'loopback',
  captures: atBothEnds({
    shows: {
      found: 'reset',
      kind: 'endpoint',
      side: 'server',
      causes: ['data-after-close', 'idle-timeout'],
      matters: true,
    },
    fixed: NOTHING,
  }),
});
