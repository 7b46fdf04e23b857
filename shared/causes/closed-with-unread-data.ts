import { defineCause } from './cause.ts';
import { BROKEN_PIPE, OWN_SIDE, RESET_ERROR } from './errors.ts';
import { CLOSING } from './settings/closing.ts';
import { UPLOADS } from './settings/uploads.ts';

export const closedWithUnreadData = defineCause({
  code: 'closed-with-unread-data',
  title: 'Closed with unread data',
  what: 'A program closed its socket while received data still waited to be read. The stack then sends a reset instead of a FIN, to say that the data was not read (RFC 2525 §2.17, RFC 9293 §3.6.1).',
  seen: `The other side sees ${RESET_ERROR}, often in place of a reply that was already under way; ${BROKEN_PIPE}. ${OWN_SIDE}`,
  fatal:
    'Fatal for the connection. A request that was answered in full before may count as done; any other has failed.',
  unlike:
    'A polite close would end in FIN and “end of file” for the other side; a timeout would leave it waiting without any packet.',
  dataLoss:
    'Yes: what was received and not read is lost though TCP had acknowledged it (up to a receive buffer, often 64 KiB to some MiB), and replies that the other side had not read yet may be discarded by its stack. The verdict’s unacknowledged bytes are lost as well.',
  client: [
    'Read the reply to its end before closing; look for a client that stops after the status line or at a length limit.',
    'nstat -az TcpExtTCPAbortOnData TcpExtTCPAbortOnClose: the second counts just this on Linux.',
  ],
  server: [
    'Look in the server log at this time for a request that was answered or dropped before its body was read.',
    'nstat -az TcpExtTCPAbortOnClose: grows by one for each on Linux.',
    'Close in two steps: shutdown(SHUT_WR), read until end of file with a time limit, then close (nginx lingering_close always, Tomcat maxSwallowSize, Node req.resume(), Go io.Copy(io.Discard, r.Body)).',
  ],
  confirm:
    'The kernel counter TcpExtTCPAbortOnClose of the host that reset grows with each; a polite close would show FIN, a timeout no packet at all.',
  settings: [...CLOSING, ...UPLOADS],
  harmless: false,
  leavesUnfinished: 'by-server',
  mechanisms: ['unread-data'],
});
