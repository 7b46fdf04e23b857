import { atBothEnds, defineLesson, NOTHING } from '../define.ts';

export const lesson = defineLesson({
  name: 'injected-by-ips',
  title: 'Reset by a device in between',
  theme: 'forged',
  about: 'A security device does not like a request and hangs up in the name of both ends.',
  story: [
    'Requests for one page break off with “connection reset by peer”. All other pages of the same server load.',
    'Client and server each blame the other: both have a reset from the other’s address in their capture. Both read their capture correctly, and neither has sent a reset.',
  ],
  question: 'Who hung up?',
  choices: [
    'The server; the client’s capture proves it.',
    'The client; the server’s capture proves it.',
    'Both, at the same moment.',
    'A device on the path, in both names.',
  ],
  answer: {
    choice: 3,
    why: 'At the client, the server’s reset has another TTL than everything else that the server sent; at the server, the same is true of the client’s reset. Only a device between them that watches requests can do that: an intrusion prevention system, a web filter, a censor.',
  },
  fix: {
    change: 'Find the device by its distance, and correct its rule.',
    why: 'The number of hops in the verdict says where it stands, and its log names the rule. TLS hides most of what such rules look for, which may be why only the plain request is hit.',
    settings: ['the rule of the intrusion prevention system', 'reject (Suricata)', 'react, reject (Snort)'],
  },
  programs: 'talk',
  needs: 'namespaces',
  captures: atBothEnds({
    shows: { found: 'reset', kind: 'middlebox', causes: ['injected'], matters: true },
    fixed: NOTHING,
  }),
});
