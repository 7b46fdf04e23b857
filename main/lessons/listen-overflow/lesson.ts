import { atBothEnds, defineLesson, NOTHING } from '../define.ts';

const NO_ROOM = {
  found: 'reset',
  kind: 'endpoint',
  side: 'server',
  causes: ['listen-overflow'],
  matters: true,
} as const;

export const lesson = defineLesson({
  name: 'listen-overflow',
  title: 'A full waiting room',
  theme: 'nobody-there',
  about: 'A server that is busy does not accept, its queue is full, and its kernel resets who comes next.',
  story: [
    'Each morning, for some seconds, customers of a small shop see “connection reset by peer” the moment they connect. Those who came a little earlier only wait, and are served. A minute later all is well.',
    'The shop’s program runs all the time; nothing crashes, and its log has no word of the customers who were turned away. At that hour it makes its morning report.',
    'The machine’s administrator once set tcp_abort_on_overflow, “so that clients learn quickly when we are full”, and has forgotten it.',
  ],
  question: 'Who turned the customers away?',
  choices: [
    'The server’s kernel: its queue of connections that wait to be accepted was full.',
    'The shop’s program: it accepted them, and closed at once.',
    'Nobody listened on the port while the report was made.',
    'A firewall before the shop that limits new connections.',
  ],
  answer: {
    choice: 0,
    why: 'The server answers SYN with SYN-ACK, so that somebody listens; and resets when the client has finished the handshake, so that it is not the program, which would have to accept first. Others at the same port succeed at the same time. That is a listener whose queue is full: the handshake was done, and there was no room for the connection. The program never heard of it.',
  },
  fix: {
    change:
      'Accept at once: move the report off the thread that accepts, and raise the backlog of listen() and net.core.somaxconn, the smaller of which counts.',
    why: 'A queue holds a crowd for a moment; it does not help against a program that does not accept for long. Without tcp_abort_on_overflow, as Linux ships, the kernel would ignore the last step of the handshake instead: clients then wait, and get in when there is room, or run into a timeout.',
    settings: [
      'listen(fd, backlog)',
      'net.core.somaxconn',
      'net.ipv4.tcp_abort_on_overflow',
      'nstat -az TcpExtListenOverflows',
    ],
  },
  needs: 'namespaces',
  captures: atBothEnds({ shows: NO_ROOM, fixed: NOTHING }),
});
