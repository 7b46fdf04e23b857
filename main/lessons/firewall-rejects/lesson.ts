import { defineLesson, NOTHING } from '../define.ts';

export const lesson = defineLesson({
  name: 'firewall-rejects',
  title: 'A firewall says no',
  theme: 'path',
  about:
    '“Connection refused”, and the server never heard of it: a firewall on the way answered in its name.',
  story: [
    'The stock service has a second port for its reports. Its clients get “connection refused” there; on the first port all is well.',
    'The service’s team swears that the program listens on both ports, and shows the output of ss. It captures at the server, too: not one packet for that port comes in.',
  ],
  question: 'Who refuses the connection to port 8080?',
  choices: [
    'The server’s kernel, since nobody listens.',
    'The server’s own packet filter.',
    'A firewall between client and server.',
    'Nobody: the answer was lost.',
  ],
  answer: {
    choice: 2,
    why: 'The capture at the client alone cannot decide it: a closed port and a firewall answer a SYN in the same way. It holds a hint, though: the server’s packets from its other port come with a TTL of 62, the reset with 64, so that it was made nearer to the client. The capture at the server decides: neither the SYN nor a reset was ever there.',
  },
  fix: {
    change: 'Allow the port in the firewall between them.',
    why: 'A firewall that rejects with a reset does so in the server’s name. That is quicker for clients than silent dropping, and misleading for whoever looks for the fault: compare TTLs, or capture at both ends.',
    settings: ['nft … reject with tcp reset', 'iptables -j REJECT --reject-with tcp-reset'],
  },
  programs: 'talk',
  needs: 'namespaces',
  captures: [
    {
      at: 'client',
      where: 'at the client',
      shows: {
        found: 'reset',
        kind: 'unknown',
        causes: ['connection-refused', 'firewall-reject'],
        matters: true,
      },
      fixed: NOTHING,
    },
    { at: 'server', where: 'at the server', shows: NOTHING, fixed: NOTHING },
  ],
});
