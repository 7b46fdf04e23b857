import { defineLesson, NOTHING } from '../define.ts';

const NOISE = { found: 'reset', kind: 'endpoint', side: 'client', matters: false } as const;

export const lesson = defineLesson({
  name: 'scan-backscatter',
  title: 'Nobody ever meant to connect',
  theme: 'capture',
  about: 'A scanner, and somebody who forges addresses, leave a capture full of resets that ended nothing.',
  story: [
    'A young colleague counts resets in a capture made at a server: thirteen connections, thirteen resets, among them two by clients in the middle of a handshake. “Something on this network resets every single connection!”',
    'An older one asks two questions: what came before each reset, and what came after it? On eleven ports nobody listens. On the twelfth the server answers SYN with SYN-ACK, and the client resets at once.',
    'The owner of the client’s address has a capture as well, and one thing puzzles them: one SYN-ACK of the server, and their own host’s reset to it, but no SYN of theirs before it.',
  ],
  question: 'What was going on, and which of these resets ended somebody’s work?',
  choices: [
    'A client with a broken TCP stack: it resets its own handshakes. All of them did harm.',
    'A scan of twelve ports, and one SYN by somebody else in the client’s name. None of the resets ended anything.',
    'A firewall before the server that resets clients in the middle of the handshake. The two resets did harm.',
    'A server that was restarting: its ports were closed for a moment. Eleven of the resets did harm.',
  ],
  answer: {
    choice: 1,
    why: 'A closed port refuses with RST, as it should; eleven in a row are somebody who tries ports. At the open port a scanner has its answer with the SYN-ACK: no socket waits for it, so that the scanner’s kernel resets it (a half-open scan). The thirteenth connection has no SYN at the client: somebody forged its address, the server answered the owner of that address, and the owner’s kernel reset what it never asked for. That is backscatter; whoever floods a server with forged SYNs makes much of it. For the server the two look alike, and only a capture at the client tells them apart.',
  },
  fix: {
    change:
      'Nothing: leave such resets out of what you count. The capture after it shows an ordinary visitor, to compare.',
    why: 'Each of these resets did what it is for: it cleared what would otherwise have waited. Alarms that count resets ring for every scan; count those that mattered (matters:yes in a filter). A firewall that drops instead makes scans slower and quieter, and makes mistakes of your own slower, too. Against forged addresses providers filter at their edge (BCP 38), and SYN cookies protect the server.',
    settings: ['filter: matters:yes', 'net.ipv4.tcp_syncookies', 'BCP 38'],
  },
  programs: 'talk',
  needs: 'namespaces',
  captures: [
    {
      at: 'client',
      where: 'at the client, whose address was forged as well',
      shows: { ...NOISE, causes: ['backscatter'] },
      fixed: NOTHING,
    },
    { at: 'server', where: 'at the server', shows: { ...NOISE, causes: ['half-open-scan'] }, fixed: NOTHING },
  ],
});
