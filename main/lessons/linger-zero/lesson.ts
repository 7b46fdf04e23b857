import { defineLesson, NOTHING } from '../define.ts';

const SERVER_ABORTS = {
  found: 'reset',
  kind: 'endpoint',
  side: 'server',
  causes: ['aborted'],
  matters: false,
} as const;

export const lesson = defineLesson({
  name: 'linger-zero',
  title: 'Hung up on purpose',
  theme: 'closing',
  about:
    'A server breaks off in the middle of an answer with a reset, because its error handling aborts instead of closing.',
  story: [
    'The accounts department fetches a list of orders every morning. Once in a while the download ends in “connection reset by peer”, with a part of the list on disk.',
    'The server’s log has a line for each of these mornings: the database did not answer, the list was given up. Its authors have read that SO_LINGER with a time of 0 spares a busy server the sockets in TIME-WAIT, and use it where they give up.',
    'The network team is sure of its firewall. The server’s team is sure that a server that closes a connection sends no reset.',
  ],
  question: 'Who sent the reset, and why?',
  choices: [
    'The firewall: the answer took too long, and it dropped the connection.',
    'The server’s kernel: the program had left a part of the request unread.',
    'The server’s program: it told the kernel to abort instead of closing.',
    'The client: it had all that it wanted.',
  ],
  answer: {
    choice: 2,
    why: 'The reset has the server’s address, came over as many hops as all its other packets, and carries the very sequence number that comes next. The server had read the request, since it had begun to answer it, and no FIN came before. That is what close() does where SO_LINGER is on with a time of 0: it sends RST in the place of FIN and throws away what was not delivered yet.',
  },
  fix: {
    change: 'Say what went wrong, then close: end() or close() without SO_LINGER.',
    why: 'RST says “forget all of it”, and the client may lose even what it had received but not read. An orderly end arrives behind all data and can say why there is no more. The socket in TIME-WAIT costs a few hundred bytes for a minute, and it keeps late packets of this connection out of the next one between the same ports.',
    settings: ['SO_LINGER', 'socket.resetAndDestroy()', 'socket.end()'],
  },
  needs: 'loopback',
  captures: [
    { at: 'client', where: 'at the client', shows: SERVER_ABORTS, fixed: NOTHING },
    { at: 'server', where: 'at the server', shows: SERVER_ABORTS, fixed: NOTHING },
  ],
});
