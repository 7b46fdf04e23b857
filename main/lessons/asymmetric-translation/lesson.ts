import { defineLesson, NOTHING } from '../define.ts';

export const lesson = defineLesson({
  name: 'asymmetric-translation',
  title: 'The answer took another way',
  theme: 'path',
  about:
    'A connect is answered from an address that nobody asked, because the answer goes past the translator; the client resets it.',
  story: [
    'A service has an address of its own, which a router translates to that of the server. Since the network has a second way between client and server, no connect succeeds any more: each runs into a timeout.',
    'The server’s team sees every connect arrive and answers it. Each time the client sends a reset instead of the third packet of the handshake.',
  ],
  question: 'Why does the client reset what it asked for?',
  choices: [
    'Its firewall forbids the service.',
    'The answer comes from the server’s real address, which the client never asked.',
    'The answer comes too late.',
    'A device on the second way resets in its name.',
  ],
  answer: {
    choice: 1,
    why: 'The connect goes to the service address by way of the translator. The answer, a SYN-ACK, takes the second way, on which nobody puts the service address back as its sender. The client has asked no such host, and its kernel answers with a reset, as RFC 9293 asks (section 3.10.7.3). It still waits for an answer from the service address, sends its SYN again, and gives up in the end with a timeout.',
  },
  fix: {
    change:
      'Make answers return through the translator: let it put its own address in as the sender, or mend the routes.',
    why: 'With its own address as the sender (SNAT, masquerade), the server answers to the translator, whatever other ways there are. The price: the server no longer sees the clients’ addresses. Two hosts in one network behind one translator have the same trouble (“hairpin”), and the same cure.',
    settings: ['snat, masquerade (nftables)', 'externalTrafficPolicy (Kubernetes)', 'ip route get'],
  },
  programs: 'talk',
  needs: 'namespaces',
  captures: [
    {
      at: 'client',
      where: 'at the client',
      shows: {
        found: 'reset',
        kind: 'endpoint',
        side: 'client',
        causes: ['translation-missing'],
        matters: true,
      },
      fixed: NOTHING,
    },
    {
      at: 'server',
      where: 'at the server',
      shows: {
        found: 'reset',
        kind: 'endpoint',
        side: 'client',
        causes: ['translation-missing', 'half-open-scan', 'backscatter', 'stale-connection'],
        matters: true,
      },
      fixed: NOTHING,
    },
  ],
});
