import { atBothEnds, defineLesson, NOTHING } from '../define.ts';

export const lesson = defineLesson({
  name: 'refused',
  title: 'Nobody listens',
  theme: 'nobody-there',
  about: 'A client is told “connection refused”: its server has moved to another port.',
  story: [
    'After Tuesday’s release the shop cannot reach the stock service any more: “connection refused”, at once, every time.',
    'The service is up. Its process runs, its health page is green, its log says “ready”. Its team suspects that somebody has closed the port in the firewall.',
  ],
  question: 'What refuses the connection?',
  choices: [
    'A firewall on the way, which rejects the SYN.',
    'The server’s kernel: no program listens on that port.',
    'The service: it is too busy to accept connections.',
    'The client’s kernel: it has run out of ports.',
  ],
  answer: {
    choice: 1,
    why: 'The SYN is answered at once by RST with ACK, in the server’s name and over the server’s distance. That is how a TCP says that it has no listener on a port (RFC 9293 section 3.10.7.1): the packet came to the host, and nobody wanted it. The release had given the service another port.',
  },
  fix: {
    change: 'Let the service listen where its clients look for it, or tell the clients the new port.',
    why: '“Refused” is good news: host and path are in order. On the server `ss -ltn` lists what listens, and on which address: a program that listens on 127.0.0.1 alone refuses the rest of the world in the same way.',
    settings: ['ss -ltn', 'the port in the service’s own configuration'],
  },
  programs: 'talk',
  needs: 'loopback',
  captures: atBothEnds({
    shows: {
      found: 'reset',
      kind: 'endpoint',
      side: 'server',
      causes: ['connection-refused'],
      matters: true,
    },
    fixed: NOTHING,
  }),
});
