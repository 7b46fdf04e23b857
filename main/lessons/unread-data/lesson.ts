import { atBothEnds, defineLesson, NOTHING } from '../define.ts';

export const lesson = defineLesson({
  name: 'unread-data',
  title: 'Closed with data unread',
  theme: 'closing',
  about:
    'A server answers an upload early and closes; its kernel resets the connection because the upload was not read.',
  story: [
    'Uploads without a valid login ought to end in “401 Unauthorized”. Some clients show that; others show “connection reset by peer” for the very same upload, and their users never learn that they have to log in again.',
    'The server’s program sends its answer and closes the connection in the ordinary way, with close(). There is no SO_LINGER, no abort, no crash; its log has a 401 for each case.',
  ],
  question: 'Where does the reset come from, when the program closed in order?',
  choices: [
    'From the server’s kernel: its receive buffer held data that the program had not read.',
    'From a proxy that does not like the answer 401.',
    'From the client, which stopped its upload.',
    'From the server’s program, which aborted.',
  ],
  answer: {
    choice: 0,
    why: 'The server had answered; the body of the request came in after that and was acknowledged by its kernel, but the program never read it. When a socket is closed with unread data, the kernel must tell the peer that data was lost, and sends RST in the place of FIN (RFC 2525 section 2.17). A client that has not yet read the answer when the reset comes may lose the answer as well.',
  },
  fix: {
    change: 'Read the request to its end, or close the sending half first and drop what still comes.',
    why: 'shutdown(SHUT_WR), or end() in Node.js, sends the answer and FIN; the program then reads on until the client closes, with a limit of bytes and seconds. nginx calls that lingering_close.',
    settings: ['shutdown(SHUT_WR)', 'socket.end()', 'lingering_close'],
  },
  needs: 'loopback',
  captures: atBothEnds({
    shows: {
      found: 'reset',
      kind: 'endpoint',
      side: 'server',
      causes: ['closed-with-unread-data'],
      matters: true,
    },
    fixed: NOTHING,
  }),
});
