import { defineLesson, NOTHING } from '../define.ts';

const UNKNOWN_TO_THE_HOST = {
  found: 'reset',
  kind: 'endpoint',
  side: 'server',
  causes: ['stale-connection'],
  matters: true,
} as const;

export const lesson = defineLesson({
  name: 'stale-after-reboot',
  title: 'A host that has forgotten',
  theme: 'nobody-there',
  about: 'A database host crashed and came back: connections that its clients still hold are unknown to it.',
  story: [
    'At three in the morning a database host loses its power and is back within a minute. Nobody notices; nobody works at that hour.',
    'At eight the first request of each application server fails: “connection reset by peer”. The second one works. The database has been running since three without an error; its log has no connection that it closed, and no word of the failed requests.',
    'On the application servers ss shows the connections as ESTABLISHED, since yesterday.',
  ],
  question: 'Why did the database’s host reset the connections at eight, and not at three?',
  choices: [
    'A firewall had dropped the idle connections during the night.',
    'The database closes connections that are idle for five hours.',
    'The reset of three o’clock was lost on the way, and was sent again.',
    'At three it could tell nobody. At eight it got a packet of a connection that it does not know, and answered with a reset.',
  ],
  answer: {
    choice: 3,
    why: 'A host that loses its power sends no FIN, and when it is back it knows of no connection. The other end knows nothing of this: TCP sends nothing while nobody has anything to say. The first packet of the morning is the first that arrives, and the host answers as it must: RST, with the number that the packet acknowledged, and without an ACK (RFC 9293 §3.5.2). It comes at once, over as many hops as all that the host sent before, so that it is the host itself and no device that stands before it.',
  },
  fix: {
    change:
      'Let the client’s pool close what lies idle, keep no connection for ever, and test an old one before it is used.',
    why: 'A connection that was closed in the evening cannot break in the morning. Where it has to stay open, TCP’s keep-alive finds out: its probe meets the reset while nobody waits for an answer. (Linux sends the first one only after two hours, and only where the program asked for it.) No setting of the database’s host makes the reset unnecessary: without it the client would repeat its request for a quarter of an hour and then time out.',
    settings: [
      'HikariCP: idleTimeout, maxLifetime, keepaliveTime',
      'SQLAlchemy: pool_pre_ping, pool_recycle',
      'SO_KEEPALIVE',
      'net.ipv4.tcp_keepalive_time (7200 s)',
    ],
  },
  needs: 'namespaces',
  captures: [
    { at: 'client', where: 'at the application server', shows: UNKNOWN_TO_THE_HOST, fixed: NOTHING },
    { at: 'server', where: 'at the database’s host', shows: UNKNOWN_TO_THE_HOST, fixed: NOTHING },
  ],
});
