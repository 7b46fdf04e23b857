import { atBothEnds, defineLesson, NOTHING } from '../define.ts';

export const lesson = defineLesson({
  name: 'host-firewall',
  title: 'The server’s own firewall',
  theme: 'path',
  about: 'A rule is loaded on the server while connections are open; its packet filter resets them.',
  story: [
    'A connection that had worked for hours is reset at its next request. New connections to the service are refused from that moment on.',
    'The service itself still runs and still listens. Nobody touched the network.',
  ],
  question: 'What ended the connection?',
  choices: [
    'The service’s process, which was restarted.',
    'A packet filter on the server itself, which got a new rule.',
    'A firewall in the middle of the path.',
    'The client’s idle time.',
  ],
  answer: {
    choice: 1,
    why: 'The reset came over the server’s own distance, so it was made at the server. But it answers data on a connection that the server’s TCP knew and had not closed, and it is built like an answer to a segment of an unknown connection. A service that lives and listens does not do that; a packet filter in front of it does.',
  },
  fix: {
    change: 'Correct the rule: let established connections pass before what rejects.',
    why: 'A rule set should begin with `ct state established,related accept`, so that a change touches new connections only. `nft list ruleset` on the server shows the rule and, where it counts, how often it was used.',
    settings: ['nft … reject with tcp reset', 'ct state established,related accept'],
  },
  programs: 'talk',
  needs: 'namespaces',
  captures: atBothEnds({
    shows: {
      found: 'reset',
      kind: 'endpoint',
      side: 'server',
      causes: ['host-firewall-reject'],
      matters: true,
    },
    fixed: NOTHING,
  }),
});
