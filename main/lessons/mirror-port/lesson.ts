import { defineLesson } from '../define.ts';

/** In the repaired form as well: what is repaired is the capture. */
const SERVER_ABORTS = {
  found: 'reset',
  kind: 'endpoint',
  side: 'server',
  causes: ['aborted'],
  matters: true,
} as const;

export const lesson = defineLesson({
  name: 'mirror-port',
  title: 'Two resets, one packet',
  theme: 'capture',
  about:
    'A mirror port copies each packet on its way into a router and on its way out; a real reset then looks like a forged one.',
  story: [
    'Long reports break off with “connection reset by peer”. The network team captures at a mirror port (SPAN) of the router between client and server, where it disturbs nobody.',
    'In this capture there are two resets for each report that breaks off, microseconds apart, with one sequence number. One has TTL 64, the other 63, and their Ethernet addresses differ.',
    'The server’s team says that its program resets once, when a report takes too long. The network team has read how forged resets are told from real ones, by their TTL, and looks for the device that adds the second one.',
  ],
  question: 'Two resets a few microseconds apart, with different TTLs: was one of them forged?',
  choices: [
    'Yes, the second: its TTL shows that it came from elsewhere.',
    'Yes, both: a host sends one reset, not two.',
    'No: the server sent its reset again, since nobody acknowledged it.',
    'No: they are one packet, captured on its way into the router and on its way out.',
  ],
  answer: {
    choice: 3,
    why: 'Both have the same IP identification, the same sequence number and the same TCP checksum. Only what a router changes differs: the TTL, which is lower by one, the checksum of the IP header, and the Ethernet addresses. All other packets are there twice in the same way, the client’s too, and no forger copies a whole connection. The mirror port was told to copy what comes in and what goes out, at all ports, so that each packet that passes the router is copied twice. At the server the reset is there once. It is real: the program hung up. Resetscope marks the second of two such packets “captured twice” and judges the first.',
  },
  fix: {
    change:
      'Mirror what comes in at all ports, and not what goes out: each packet that passes is then copied once.',
    why: 'The reset is still there, once. Counts of resets and retransmissions are true again, and the mirror port has half as much to carry: what does not fit into it is dropped without a word, so that the capture misses packets that were on the wire. What a firewall or router itself sends does not come in anywhere; whoever looks for that mirrors both directions and knows that the copies are copies. Where a capture has them already, `editcap -I 26 -d` takes them out: it leaves the first 26 bytes of a frame, with Ethernet addresses and TTL, out of the comparison.',
    settings: [
      'monitor session 1 source interface … rx (Cisco)',
      'dup to (nftables)',
      'tc … action mirred egress mirror (Linux)',
      'editcap -I 26 -d',
    ],
  },
  needs: 'namespaces',
  captures: [
    { at: 'mirror', where: 'at the mirror port', shows: SERVER_ABORTS, fixed: SERVER_ABORTS },
    { at: 'server', where: 'at the server', shows: SERVER_ABORTS, fixed: SERVER_ABORTS },
  ],
});
