import { atBothEnds, defineLesson, NOTHING } from '../define.ts';

export const lesson = defineLesson({
  name: 'process-killed',
  title: 'The process was killed',
  theme: 'closing',
  about: 'A server is killed in the middle of its work; its kernel resets all of its connections at once.',
  story: [
    'Several times a week a handful of reports break off, all in the same second. Each client says “connection reset by peer”; a minute later everything works.',
    'The server’s log simply ends and begins again: no error, no last line. The cluster’s own log is full of lines of all kinds in that minute, and nobody knows which to look for.',
  ],
  question: 'Three connections of one server are reset in one moment. What happened?',
  choices: [
    'A firewall was restarted and forgot its connections.',
    'The clients had one time limit, and it ran out.',
    'The server’s process ended, and the kernel closed what it had open.',
    'A switch between them lost its link.',
  ],
  answer: {
    choice: 2,
    why: 'All three resets come within an instant, from the server’s own address and distance, with the exact next sequence number, on connections of one port. Requests had come in and were acknowledged, but nobody had read them; nobody said goodbye with FIN. When a process ends, however it ends, its kernel closes its sockets, and one that holds unread data is reset. “Out of memory”, `kill -9` and a crash look the same from outside; the kernel’s log on the server says which it was.',
  },
  fix: {
    change:
      'Let the server end in order: on SIGTERM stop accepting, answer what is under way, close, then exit; and give it the time for that.',
    why: 'Only SIGKILL cannot be handled. Supervisors send SIGTERM first and SIGKILL when their patience ends: systemd after TimeoutStopSec (90 s by default), Kubernetes after terminationGracePeriodSeconds (30 s). If the kernel killed it for want of memory, either the limit is too low or the program needs too much.',
    settings: ['SIGTERM', 'TimeoutStopSec', 'terminationGracePeriodSeconds', 'memory.max'],
  },
  needs: 'loopback',
  captures: atBothEnds({
    shows: { found: 'reset', kind: 'endpoint', side: 'server', causes: ['process-exit'], matters: true },
    fixed: NOTHING,
  }),
});
