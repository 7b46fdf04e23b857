import { defineCause } from './cause.ts';

export const unacceptableSegment = defineCause({
  code: 'unacceptable-segment',
  title: 'Answer to a wrong segment',
  what: 'While the connection was being opened, a segment came that acknowledges what was never sent. The standard asks for a reset then, and the connection attempt goes on (RFC 9293 §3.10.7).',
  seen: 'Usually nobody sees anything.',
  fatal:
    'Not as a rule while a connection is opened: the attempt goes on, since the reset concerns the wrong segment only. Fatal where the connection stood already.',
  unlike: 'A timeout would show as repeated SYNs; a refusal would carry RST and ACK against the SYN itself.',
  dataLoss: 'None in the handshake; later at most the verdict’s unacknowledged bytes.',
  client: [
    'Look whether something answers in the server’s name, or whether packets of an older connection arrive late.',
  ],
  server: [
    'Check asymmetric routes (ip route get CLIENT, tracepath), SYN proxies and duplicated addresses (arping -D -I IFACE ADDRESS).',
  ],
  confirm: 'The segment before the reset acknowledges a number that its receiver never sent.',
  harmless: true,
  isNoise: true,
  mechanisms: ['unfit-segment'],
});
