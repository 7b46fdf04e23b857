import { defineLesson, NOTHING } from '../define.ts';

export const lesson = defineLesson({
  name: 'balancer-timers',
  title: 'Sixty seconds against five',
  theme: 'proxies',
  about:
    'A balancer keeps idle connections for 60 seconds, the server behind it for 5: now and then a customer gets 502.',
  story: [
    'A shop moved behind a balancer, and since then a few customers in a thousand get “502 Bad Gateway”. It is never the busy hours; most complaints come from the quiet ones. Whoever asks again gets the page.',
    'The server’s log has no error, and no line at all for these requests. The balancer’s log says “upstream closed the connection”. The server’s CPU sleeps.',
    'The balancer keeps its connections to the server, so that not every request needs a handshake: up to 60 idle seconds, as it ships. The server is a Node program; nobody has ever set its timers. (In the programs of this lesson a second takes 100 ms, and the balancer looks at an idle connection only when it needs it. One that looks all the time still loses where its request and the server’s FIN cross on the way.)',
  ],
  question: 'At the customer there is no reset in the capture. What happened behind the balancer?',
  choices: [
    'The server was too slow, and the balancer gave up waiting.',
    'A firewall between the two forgot the idle connection.',
    'The server had closed the idle connection after 5 seconds. The balancer’s next request met a closed connection, and a reset.',
    'The server’s queue was full, and it turned the balancer away.',
  ],
  answer: {
    choice: 2,
    why: 'On the balancer’s connection the server’s FIN comes after 5 seconds of silence: its keep-alive timeout. That is its right, and no error. The request that comes later finds no connection, the kernel answers with a reset, and the balancer has nothing to give to its customer but 502. The customer’s own connection ends in good order: a reset on one side of a balancer is not seen on the other.',
  },
  fix: {
    change:
      'Let the server keep idle connections for longer than the balancer: keepAliveTimeout of 65 s behind a balancer of 60 s, and headersTimeout above it.',
    why: 'Then it is always the balancer, which knows whether it is about to use a connection, that closes it. The rule holds for every hop: whoever sends the requests has the shorter timer. (Below 60 s at the balancer would do as well.) And let the balancer repeat what is safe to repeat.',
    settings: [
      'Node: server.keepAliveTimeout (5 s), server.headersTimeout',
      'AWS ALB: idle_timeout.timeout_seconds (60 s)',
      'gunicorn: keepalive (2 s)',
      'uvicorn: --timeout-keep-alive (5 s)',
      'nginx: keepalive_timeout (75 s)',
    ],
  },
  needs: 'loopback',
  captures: [
    { at: 'client', where: 'before the balancer, at the client', shows: NOTHING, fixed: NOTHING },
    {
      at: 'server',
      where: 'behind the balancer, at the server',
      shows: {
        found: 'reset',
        kind: 'endpoint',
        side: 'server',
        causes: ['data-after-close'],
        matters: true,
      },
      fixed: NOTHING,
    },
  ],
});
