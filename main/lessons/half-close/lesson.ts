import { atBothEnds, defineLesson, NOTHING } from '../define.ts';

const CLIENT_IS_GONE = {
  found: 'reset',
  kind: 'endpoint',
  side: 'client',
  causes: ['data-after-close'],
  matters: true,
} as const;

export const lesson = defineLesson({
  name: 'half-close',
  title: 'Hanging up to say “over”',
  theme: 'closing',
  about: 'A client closes to say that its order is complete, and so is not there when the receipt comes.',
  story: [
    'A wholesaler’s server takes an order to its end, works on it, and answers with a receipt. How does it know that an order is complete? The client ends its side: then read() returns 0.',
    'A new client was written. Its orders arrive and are delivered, but no receipt ever comes; the server’s log says “connection reset” or “broken pipe” for every one of them. “Our firewall lets the answer in, we have checked”, says the client’s author, “so it is the server that breaks the connection. We do exactly what the protocol says: we close when the order is complete.”',
  ],
  question: 'Who sent the reset, and why?',
  choices: [
    'The server: it took the client’s FIN for a loss, and gave up.',
    'The client’s kernel: the receipt came for a socket that its program had closed altogether.',
    'The client’s firewall: the connection had ended for it with the first FIN.',
    'The client’s program: it aborts instead of closing.',
  ],
  answer: {
    choice: 1,
    why: 'FIN only ends one direction; on the wire a half-close and a close look the same. What differs is what happens next. After shutdown(SHUT_WR) the socket lives and takes the answer. After close() there is nobody to read: the receipt arrives, and the kernel answers with a reset. So the client’s FIN stands before the client’s reset, and between them the data that provoked it.',
  },
  fix: {
    change:
      'End only your own half, and read until the other side has ended: shutdown(SHUT_WR), then recv() until it gives 0, then close().',
    why: 'TCP has two directions, and each is closed by whoever writes in it. In Node end() is the half-close and destroy() the close. A server, for its part, must not take the end of a request for the end of its client: in Node that needs allowHalfOpen.',
    settings: ['shutdown(SHUT_WR)', 'socket.end()', 'allowHalfOpen'],
  },
  needs: 'loopback',
  captures: atBothEnds({ shows: CLIENT_IS_GONE, fixed: NOTHING }),
});
