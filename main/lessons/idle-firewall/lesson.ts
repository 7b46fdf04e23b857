import { defineLesson, NOTHING } from '../define.ts';

export const lesson = defineLesson({
  name: 'idle-firewall',
  title: 'Forgotten by the firewall',
  theme: 'path',
  about: 'A connection is silent for longer than a firewall remembers; its next packet is rejected.',
  story: [
    'A database connection works all day. After the lunch break the first query fails with “connection reset by peer”, and the pool opens a new one.',
    'The database still has the old connection open. Its own idle time is eight hours.',
  ],
  question: 'Who ended the connection?',
  choices: [
    'The database: its idle time ran out.',
    'The client’s pool, while nobody looked.',
    'A firewall between them: it had forgotten the connection and rejects what it does not know.',
    'Nobody: the packet was damaged.',
  ],
  answer: {
    choice: 2,
    why: 'The reset answers the first packet after a long silence. It bears the server’s address, but comes over another distance than all that the server sent before; and the server did not send it: in its own capture there is only a reset in the client’s name, with which the firewall answers the server’s last packet in the same way. Stateful firewalls keep a table of connections, and drop an entry of which nothing was seen for some time. What comes then belongs to nothing they know.',
  },
  fix: {
    change:
      'Say something more often than the firewall forgets: TCP keep-alive probes at a shorter interval, or a shorter idle time in the pool.',
    why: 'Linux sends its first probe after two hours (net.ipv4.tcp_keepalive_time = 7200 s), too late for a firewall that forgets after minutes. In this lesson the firewall forgets after 3 seconds, and the repaired client sends a probe every second.',
    settings: [
      'SO_KEEPALIVE',
      'TCP_KEEPIDLE',
      'net.ipv4.tcp_keepalive_time',
      'net.netfilter.nf_conntrack_tcp_timeout_established',
    ],
  },
  programs: 'talk',
  needs: 'namespaces',
  captures: [
    {
      at: 'client',
      where: 'at the client',
      shows: {
        found: 'reset',
        kind: 'middlebox',
        causes: ['stateful-device-lost-flow', 'idle-timeout', 'firewall-reject', 'nat-state-lost'],
        matters: true,
      },
      fixed: NOTHING,
    },
    {
      at: 'server',
      where: 'at the server',
      shows: {
        found: 'reset',
        kind: 'middlebox',
        causes: ['stateful-device-lost-flow', 'idle-timeout', 'firewall-reject', 'nat-state-lost'],
        matters: false,
      },
      fixed: NOTHING,
    },
  ],
});
