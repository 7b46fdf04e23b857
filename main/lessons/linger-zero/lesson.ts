import { atBothEnds, defineLesson, NOTHING } from '../define.ts';

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
    'A server answers in full and then resets the connection, because of a socket option that was meant to save resources.',
  story: [
    'The accounts department fetches lists of orders. The lists are whole, and still every download ends with “connection reset by peer” in the client’s log. The dashboard of errors is red from morning to evening.',
    'The server’s log is clean: 200, 200, 200. Its authors have read that SO_LINGER with a time of 0 spares a busy server the sockets in TIME-WAIT, and switched it on.',
    'The network team is sure of its firewall. The server’s team is sure that a server that closes a connection sends no reset.',
  ],
  question: 'Who sent the resets, and did they do harm?',
  choices: [
    'The firewall: such short connections look like an attack to it. The lists are whole by luck.',
    'The server’s kernel: the program had left a part of the request unread. Data was lost.',
    'The server’s program: it told the kernel to abort instead of closing. This time nothing was lost.',
    'The client: it had all that it wanted.',
  ],
  answer: {
    choice: 2,
    why: 'The reset has the server’s address, came over as many hops as all its other packets, and carries the very sequence number that comes next. The server had read the request, since it answered it, and no FIN came before. That is what close() does where SO_LINGER is on with a time of 0: RST in the place of FIN. The whole answer had been acknowledged by then, so that this reset did not matter; whatever is still under way at that moment is thrown away.',
  },
  fix: {
    change: 'Close instead of aborting: end() or close(), without SO_LINGER.',
    why: 'FIN says “that was all” and takes its turn behind the data; RST says “forget all of it”, and overtakes what is late. On a slow or lossy path the list would be cut. A socket in TIME-WAIT costs a few hundred bytes for a minute, and it keeps late packets of this connection out of the next one between the same ports.',
    settings: ['SO_LINGER', 'socket.resetAndDestroy()', 'socket.end()'],
  },
  needs: 'loopback',
  captures: atBothEnds({ shows: SERVER_ABORTS, fixed: NOTHING }),
});
