import { atBothEnds, defineLesson, NOTHING } from '../define.ts';

const SERVER_ABORTS = {
  found: 'reset',
  kind: 'endpoint',
  side: 'server',
  causes: ['aborted'],
  matters: true,
} as const;

export const lesson = defineLesson({
  name: 'offload',
  title: 'Every checksum wrong',
  theme: 'capture',
  about:
    'A capture on the sending machine shows wrong checksums and segments longer than the link allows; the reset has another reason.',
  story: [
    'Uploads of scans end with “connection reset by peer”. The client’s team captures on the client itself, and lets Wireshark check the TCP checksums.',
    'Each packet that the client sent has a wrong checksum. Some are longer than 7 kB, on a link that takes 1500 bytes. All packets of the server are right.',
    'The team blames the client’s network card: it spoils the packets, and the server resets the connection because of that. A new card is ordered.',
  ],
  question: 'The client’s capture is full of wrong checksums: are they why the server reset the connection?',
  choices: [
    'Yes: the server’s kernel answers a wrong checksum with a reset.',
    'Yes: packets too long for the link were cut on the way, so that their checksums did not fit any more.',
    'No: the client’s network card fills in the checksums, and cuts the segments, only after the capture.',
    'No: a device on the way spoiled the packets, and reset the connection itself.',
  ],
  answer: {
    choice: 2,
    why: 'A capture on the sending machine sees packets before the network card does. The kernel leaves work to the card: as checksum it writes the sum of the pseudo header only, and it hands over segments of many kB, which the card cuts (TSO). Resetscope explains such a checksum as “not computed by the sender yet”. In the server’s capture the same bytes come in segments of at most 1448 bytes, all with the right checksum; the wrong ones there are those of the server. So it is always the capturing machine’s own packets that look wrong. Besides, a wrong checksum brings no reset: whoever receives such a packet drops it without a word, and the sender sends it again. Here all that the client sent was acknowledged. The server’s program began to answer “200 OK”, found its store full, and aborted.',
  },
  fix: {
    change: 'Let the server answer when it knows how the upload ended; judge checksums where packets arrive.',
    why: 'A status that has been sent cannot be taken back, so that nothing but an abort is left when something fails behind it. To see on the sending machine what is on the wire, switch the card’s help off while you capture, and on again afterwards, since it costs CPU time: in the captures after the fix this is done, and every checksum is right. Or leave it on, and believe checksums of incoming packets only. Wireshark does not check TCP checksums unless it is told to.',
    settings: [
      'ethtool -k eth0',
      'ethtool -K eth0 tx off tso off gso off gro off',
      'tcp.check_checksum (Wireshark)',
      'tcp.checksum.status',
    ],
  },
  needs: 'namespaces',
  captures: atBothEnds({ shows: SERVER_ABORTS, fixed: NOTHING }),
});
