import { defineLesson } from '../define.ts';

const CLEARS_THE_OLD = {
  found: 'reset',
  kind: 'endpoint',
  side: 'client',
  causes: ['port-reuse'],
  matters: false,
} as const;

/** The server still holds the old connection, and learns at its own end that nobody is there. */
const ITS_OWN_END = { ...CLEARS_THE_OLD, causes: ['stale-connection'] } as const;

export const lesson = defineLesson({
  name: 'port-reuse',
  title: 'The same number again',
  theme: 'nobody-there',
  about:
    'A meter restarts and connects from the port that it had before: the server answers for the old connection.',
  story: [
    'A maker of electricity meters gave them a fixed source port, 5000, “so that the firewall’s rules stay simple”. When a meter loses its power for a moment it restarts and connects again, from the same port.',
    'Each time the capture shows a reset by the meter, in the middle of its own handshake. The server’s log says “an old connection broke: connection reset by peer”. The meter’s own log is fine, but every such connect takes a second longer.',
    'The maker suspects the server: “It does not answer our SYN with SYN-ACK, as it should, but with an ACK and a strange number.”',
  ],
  question: 'What is the meter’s reset about?',
  choices: [
    'The meter is broken: a client must not reset its own handshake.',
    'The server still held the connection from before the restart and answered for that. The reset clears it, and the next SYN gets through.',
    'The server was attacked with forged SYNs, and defends itself.',
    'A firewall remembers the old connection, and answers in the server’s name.',
  ],
  answer: {
    choice: 1,
    why: 'The server never heard that the meter was gone: for it, the connection between these two ports lives. To a SYN in the middle of it a server answers with an ACK that carries the numbers of that connection (a challenge ACK, RFC 5961 §4). The meter knows of no such thing and resets it, with just that number: this is how RFC 9293 §3.5.1 has a half-open connection found out. The old one is gone, and the SYN that the meter’s kernel repeats after a second begins the new one. It is a repair, not a failure.',
  },
  fix: {
    change: 'Let the meter’s system choose the source port: connect without bind().',
    why: 'A new port makes a new connection at once, whatever the server still holds. The old one stays at the server until something is sent on it, which the meter’s host then resets (the one reset in the capture after the fix, which disturbs nobody). So let the server find out by itself, with keep-alive or a limit to idle time.',
    settings: [
      'bind() before connect()',
      'localPort',
      'source_address',
      'SO_KEEPALIVE',
      'net.ipv4.ip_local_port_range',
    ],
  },
  needs: 'namespaces',
  captures: [
    { at: 'client', where: 'at the meter', shows: CLEARS_THE_OLD, fixed: ITS_OWN_END },
    { at: 'server', where: 'at the server', shows: CLEARS_THE_OLD, fixed: ITS_OWN_END },
  ],
});
