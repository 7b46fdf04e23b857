import { defineLesson, NOTHING } from '../define.ts';

/** Alone, each side's capture shows an abort of whoever it speaks with. */
const ABORTED = {
  found: 'reset',
  kind: 'endpoint',
  side: 'server',
  causes: ['aborted'],
  matters: true,
} as const;

export const lesson = defineLesson({
  name: 'proxy-between',
  title: 'Two connections, two resets',
  theme: 'proxies',
  about:
    'A proxy stands between two hosts: the reset that the client sees is not the one that the server sent.',
  story: [
    'A list of prices breaks off in the middle: “connection reset by peer”. The peer is the proxy, and the reset carries its address, so the ticket goes to the team that runs the proxy.',
    'They look at their machine: it is well, it has memory and sockets in plenty. “Our proxy hands on what it gets”, they say. The server’s team has a capture, too: there is a reset in it, but with other ports, another sequence number, and addressed to the proxy. “That is not yours”, they say.',
  ],
  question: 'Whom does one have to ask, and which capture shows it?',
  choices: [
    'The proxy’s team: the reset has the proxy’s address, and came over as many hops.',
    'The server’s team: the reset on its connection came first, and the proxy only handed it on. A capture at the proxy shows both.',
    'The network’s team: two resets that do not match mean that one of them is forged.',
    'The client’s team: the client lost its patience, and both sides heard of it.',
  ],
  answer: {
    choice: 1,
    why: 'A proxy has two connections, each with ports and numbers of its own; no packet goes through it. At the client the verdict is honest and no help: the machine at the other end reset, and that is the proxy. At the server the same: the server aborted. Only at the proxy one sees the order: the server’s reset arrives, and a moment later the proxy, which has no end of the answer to give, resets its client. The first failure is the cause.',
  },
  fix: {
    change:
      'Mend the server (here: a price that it cannot print), and let it end what it cannot finish by closing, not by aborting.',
    why: 'The proxy has done the best that it could: a client that got a FIN in the middle of a list might take half a list for all of it. What the proxy can give is a line in its log that says which side failed first, and with what error: HAProxy’s termination state (SD: the server’s side, while data came), nginx’s “upstream prematurely closed”, Envoy’s UC.',
    settings: [
      'HAProxy: termination state (option httplog)',
      'nginx: error.log, $upstream_status',
      'Envoy: response flags (UC, UF, UT)',
    ],
  },
  needs: 'loopback',
  captures: [
    { at: 'client', where: 'at the client', shows: ABORTED, fixed: NOTHING },
    { at: 'server', where: 'at the server', shows: ABORTED, fixed: NOTHING },
    {
      at: 'proxy',
      where: 'at the proxy, both of its sides',
      shows: { ...ABORTED, causes: ['proxy-reset'] },
      fixed: NOTHING,
    },
  ],
});
