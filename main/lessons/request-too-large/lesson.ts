import { atBothEnds, defineLesson, NOTHING } from '../define.ts';

const REFUSED_UPLOAD = {
  found: 'reset',
  kind: 'endpoint',
  side: 'server',
  causes: ['request-too-large'],
  matters: true,
} as const;

export const lesson = defineLesson({
  name: 'request-too-large',
  title: 'The answer that nobody reads',
  theme: 'proxies',
  about:
    'A server refuses an upload with 413 and closes while the body still comes: the reset overtakes the answer.',
  story: [
    'Customers of a photo album say that uploads break off: “connection reset”. It happens with some photos, each time again, and never with others. The help page says that there is a clear message for photos that are too large; nobody has ever seen it.',
    'In the server’s log there is a line for each of them: 413, answered, done. “We answered”, say its authors, “and the client’s library does not show it.”',
    'The client’s library sends a request, all of it, and then reads the answer. So do most.',
  ],
  question: 'Why does the client see a reset, and not the answer?',
  choices: [
    'A proxy on the way cuts uploads off that take too long.',
    'The server closed with a part of the body unread. The kernel sends RST then, and the client’s next write fails before it reads.',
    'The server’s answer was lost on the way, and it gave up when nobody acknowledged it.',
    'The client’s library aborts when it has sent too much.',
  ],
  answer: {
    choice: 1,
    why: 'The 413 stands in the capture, in front of the reset: it was sent, and it arrived. Right behind it the server closed with a part of the body unread. A kernel that throws data away says so: it sends RST in the place of FIN (RFC 9293 §3.6.1, RFC 2525 §2.17). The client is still writing; its write fails, it gives up, and the answer that lies in its receive buffer goes with the socket.',
  },
  fix: {
    change: 'Answer, end your own half (FIN), and read on for a while before you close.',
    why: 'While the server reads, the client can send to the end, and then finds the answer. It is called a lingering close; a limit in seconds and bytes keeps it cheap. It does not make photos fit: if they should, raise the limit at every hop. And a client that sends “Expect: 100-continue” hears the no before it sends the body.',
    settings: [
      'nginx: lingering_close, client_max_body_size',
      'Tomcat: maxSwallowSize',
      'Expect: 100-continue',
    ],
  },
  needs: 'loopback',
  captures: atBothEnds({ shows: REFUSED_UPLOAD, fixed: NOTHING }),
});
