import { atBothEnds, defineLesson, NOTHING } from '../define.ts';

const ANSWERS_LATE_DATA = {
  found: 'reset',
  kind: 'endpoint',
  side: 'server',
  causes: ['data-after-close'],
  matters: true,
} as const;

export const lesson = defineLesson({
  name: 'data-after-close',
  title: 'Talking to somebody who has left',
  theme: 'closing',
  about: 'A client that only ever writes does not notice that the server has closed, and writes on.',
  story: [
    'A sensor in a cold store sends its readings over one connection, a line each. Three times an hour its log says “broken pipe”, and it begins anew. Nobody minded, until somebody counted: one reading is missing each time, and it is not the one that failed to be sent. It is the one before, and for that one the log says “sent”.',
    'The server’s authors are sure of themselves: their server takes three readings, says so, closes the connection in good order, and has never sent a reset in its life.',
  ],
  question: 'Who sent the reset, and where is the missing reading?',
  choices: [
    'The sensor’s kernel: its buffer for sending was full, and it gave up the connection.',
    'The server’s program: it aborted the connection with readings unread.',
    'The server’s kernel: the reading came for a connection that was closed. It was thrown away.',
    'A firewall: it had forgotten the connection and let nothing pass.',
  ],
  answer: {
    choice: 2,
    why: 'The server’s FIN comes first: the program had closed, and all had been read. The fourth reading arrives after it, there is no program left to give it to, and the kernel can only answer “there is no such connection”, which is what a reset says. write() had long returned by then: it says that the kernel took the bytes, not that anybody read them. Only the write after that fails, with EPIPE.',
  },
  fix: {
    change:
      'Let the client read as well: when read() gives the end (0 bytes, the event “end”), close, and connect anew.',
    why: 'FIN is a message, and it is delivered like data: only who reads gets it. Where each reading counts, let the server confirm them, and send again what was not confirmed; TCP’s own acknowledgement only says that a kernel had it.',
    settings: ['socket.on("end")', 'recv() == b""', 'allowHalfOpen'],
  },
  needs: 'loopback',
  captures: atBothEnds({ shows: ANSWERS_LATE_DATA, fixed: NOTHING }),
});
