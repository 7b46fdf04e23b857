import { atBothEnds, defineLesson, NOTHING } from '../define.ts';

export const lesson = defineLesson({
  name: 'two-points',
  title: 'One reset, two captures',
  theme: 'capture',
  about: 'The forger copies even the distance: one capture cannot tell, two captures prove it.',
  story: [
    'A connection is reset. The reset at the client has the TTL of the server’s packets, so it looks real. The server’s team says that it never sent one, and shows its own capture.',
    'Each team believes its own capture. Put side by side, they say more than either.',
  ],
  question: 'What can be proven, and by what?',
  choices: [
    'Nothing: the TTL fits, so it was the server.',
    'That a device made it: the client’s capture has a reset that never was at the server.',
    'That the client made it.',
    'That one of the captures is incomplete.',
  ],
  answer: {
    choice: 1,
    why: 'A packet that the server sent passes the capture point at the server. This one is not there, although all other packets of the connection are at both points. So it was made between the two points, whatever its TTL says. `resetscope compare client.pcapng server.pcapng` looks at each reset in this way, and writes PROVEN where loss and clocks leave no other reading.',
  },
  fix: {
    change:
      'Capture at both ends before anybody argues, then halve the way between the two points until the device is found.',
    why: 'TTL, timing and numbers of a forged reset can be made to fit; its absence at the supposed sender cannot.',
    settings: ['resetscope compare', 'resetscope live --also-host'],
  },
  programs: 'talk',
  needs: 'namespaces',
  together: { found: 'reset', kind: 'middlebox', causes: ['injected'], matters: true },
  captures: atBothEnds({
    shows: { found: 'reset', kind: 'unknown', causes: ['injected'], matters: true },
    fixed: NOTHING,
  }),
});
