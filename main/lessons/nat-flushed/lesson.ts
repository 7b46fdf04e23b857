import { defineLesson, NOTHING } from '../define.ts';

export const lesson = defineLesson({
  name: 'nat-flushed',
  title: 'The translator forgot',
  theme: 'path',
  about:
    'A router that translates addresses loses its table; packets reach the server with an address it has never seen.',
  story: [
    'On Thursday at noon all connections out of the office were reset. Nobody had restarted a server.',
    'In the server’s capture there is something odd: packets with an address of the office’s inside, which ought never to be seen there.',
  ],
  question: 'What happened at noon?',
  choices: [
    'The server lost its connections.',
    'The translating router forgot its table, and passed packets on untranslated.',
    'Somebody scanned the server from the office.',
    'The provider changed the office’s address.',
  ],
  answer: {
    choice: 1,
    why: 'Until noon the server spoke with the router’s outer address. Then a packet of the same conversation came with the client’s inner address: to the server a stranger in the middle of nothing, answered with a reset. The server really sent it, and is not to blame. The client is told that the server hung up, while the server still has the connection open.',
  },
  fix: {
    change:
      'Keep the table over restarts, or let the router pick up connections that it meets in the middle.',
    why: 'Linux does so by default (net.netfilter.nf_conntrack_tcp_loose = 1); with 0, a packet in the middle of an unknown connection is invalid and is not translated. A rule that drops invalid packets keeps inner addresses inside. Pairs of firewalls hand their tables over with conntrackd.',
    settings: ['net.netfilter.nf_conntrack_tcp_loose', 'ct state invalid drop', 'conntrackd'],
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
        side: 'server',
        causes: ['stale-connection', 'translation-missing'],
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
        side: 'server',
        causes: ['translation-missing', 'stale-connection'],
        matters: true,
      },
      fixed: NOTHING,
    },
  ],
});
