import { defineLesson, NOTHING } from '../define.ts';

export const lesson = defineLesson({
  name: 'conntrack-invalid',
  title: 'The client’s own kernel hung up',
  theme: 'path',
  about:
    'A translator lets an answer through as it is; the client knows no such connection, and its kernel resets a healthy one.',
  story: [
    'In a cluster, programs reach each other under service addresses, which a machine on the path translates to the address of a real server. Small reports arrive; those that take minutes to compute never do.',
    'The server’s log says “connection reset by peer” in the moment in which it answers. The client’s program says that it never hung up: it still waits.',
    'In the client’s capture stands the whole answer, but it comes from the server’s real address, of which the client should know nothing.',
  ],
  question: 'Who sent the reset, and why?',
  choices: [
    'The client’s program: it lost patience.',
    'The server: it took too long.',
    'The client’s kernel: the answer came from an address with which it has no connection.',
    'The translator, in the client’s name.',
  ],
  answer: {
    choice: 2,
    why: 'While the report was computed, nothing was sent, and the translator forgot the connection. The answer was then a segment in the middle of nothing: connection tracking calls it INVALID, and what is invalid is not translated, but may well be passed on. So it came with the server’s real address. The client’s kernel has no connection with that address and answers with a reset, as RFC 9293 asks (section 3.10.7.1). The reset takes the ordinary way back and fits the server’s connection exactly, so that the server believes it. The client’s own connection, with the service address, hears nothing more.',
  },
  fix: {
    change:
      'Let the translator remember longer than the longest silence, or break the silence by keep-alive probes.',
    why: 'Linux remembers for five days by default (nf_conntrack_tcp_timeout_established = 432000 s), but many images and devices set minutes; in this lesson it is 3 seconds. Besides, drop what is invalid before it is forwarded (`ct state invalid drop`): this does not bring the connection back, but no untranslated packet gets out. `conntrack -S` counts them as “invalid”.',
    settings: [
      'net.netfilter.nf_conntrack_tcp_timeout_established',
      'SO_KEEPALIVE',
      'ct state invalid drop',
      'conntrack -S',
    ],
  },
  needs: 'namespaces',
  captures: [
    {
      at: 'client',
      where: 'at the client',
      shows: {
        found: 'reset',
        kind: 'endpoint',
        side: 'client',
        causes: ['translation-missing'],
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
        side: 'client',
        causes: ['translation-missing', 'stale-connection', 'unacceptable-segment'],
        matters: true,
      },
      fixed: NOTHING,
    },
  ],
});
