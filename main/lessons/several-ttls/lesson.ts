import { atBothEnds, defineLesson, NOTHING } from '../define.ts';

export const lesson = defineLesson({
  name: 'several-ttls',
  title: 'Three resets, three distances',
  theme: 'forged',
  about: 'Three resets come at once, each over another distance, and none of them is the server’s.',
  story: [
    'A page is reset every time, with not one reset but three. Their TTLs are 47, 118 and 201, at a server whose packets always come with 62.',
    'The server’s team thinks of a load balancer with three machines behind it.',
  ],
  question: 'What sends three resets with three TTLs?',
  choices: [
    'Three machines behind a load balancer.',
    'One server, over three routes.',
    'A device that makes up TTLs, so that its distance cannot be read.',
    'The client’s own kernel.',
  ],
  answer: {
    choice: 2,
    why: 'They came in one burst, for one request, with the same numbers. Routes do not change that fast, and three machines would not all know the sequence number of one connection. Forgers send several resets to be sure that one arrives, and vary their TTL so that nobody can tell how far away they are.',
  },
  fix: {
    change: 'Find the device by capturing at several points of the path; change its rule.',
    why: 'The TTL of such a reset says nothing about its distance. What does is where it is seen and where not: a second capture in the middle of the path halves the search.',
    settings: ['resetscope compare'],
  },
  programs: 'talk',
  needs: 'namespaces',
  captures: atBothEnds({
    shows: { found: 'reset', kind: 'middlebox', causes: ['injected'], matters: true },
    fixed: NOTHING,
  }),
});
