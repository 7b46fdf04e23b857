import { defineLesson, NOTHING } from '../define.ts';

const PROBE = {
  found: 'reset',
  kind: 'endpoint',
  side: 'client',
  causes: ['health-check'],
  matters: false,
} as const;

export const lesson = defineLesson({
  name: 'health-check',
  title: 'The visitor who never speaks',
  theme: 'proxies',
  about:
    'A balancer looks whether a server is there by connecting and resetting: a log full of resets, and nothing is wrong.',
  story: [
    'Since the new balancer stands before the shop, the server’s log is full of ECONNRESET, day and night, even when nobody shops. The operators count: some ten thousand resets a day.',
    'At the same time a customer complains about a payment that failed. The case is closed quickly: “the balancer resets our connections, look at the log”.',
  ],
  question: 'What are these resets?',
  choices: [
    'The balancer is overloaded, and throws away connections of customers.',
    'The server accepts too slowly, and the balancer loses patience.',
    'An attack: somebody opens connections to exhaust the server.',
    'The balancer’s health checks; they end nothing, and the payment failed for another reason.',
  ],
  answer: {
    choice: 3,
    why: 'One source comes back at a steady interval, finishes the handshake, never sends a byte, and resets at once. No customer does that. For the balancer the answered handshake was the answer, and a reset is the cheapest way to end: no socket stays in TIME-WAIT. Such resets are noise. What is wrong with them is only that other resets drown in them.',
  },
  fix: {
    change:
      'Let the balancer ask for a page (“GET /health”) and close politely, or leave these lines out of the log.',
    why: 'A check that asks tells more: a server that is stuck still finishes handshakes, for those are the kernel’s work. And the log is quiet again, so that a reset in it means something.',
    settings: ['HAProxy: option httpchk', 'F5: monitor http instead of tcp_half_open', 'GET /health'],
  },
  needs: 'loopback',
  captures: [
    { at: 'client', where: 'at the balancer', shows: PROBE, fixed: NOTHING },
    { at: 'server', where: 'at the server', shows: PROBE, fixed: NOTHING },
  ],
});
