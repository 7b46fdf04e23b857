import { defineCause } from './cause.ts';
import { RESET_ERROR } from './errors.ts';

export const injected = defineCause({
  code: 'injected',
  title: 'Injected by a device on the path',
  what: 'A device that watches the connection made resets in the name of one or both hosts to end it: a content filter, an intrusion prevention system or a censor.',
  seen: `Either or both sides see ${RESET_ERROR}, each believing that the other hung up.`,
  fatal:
    'Fatal where the receiver obeys. A number that is not exactly the next one it challenges or ignores (RFC 5961), and the connection goes on.',
  unlike:
    'A filter that drops would show as a timeout. A polite close is a FIN of the host, and what it sent before still arrives.',
  dataLoss:
    'Yes: at most the verdict’s unacknowledged bytes; both sides believe that the other refused them.',
  client: [
    'Try again over another network or a tunnel: if it then works, the path is at fault.',
    'Vary what was asked (server name, URL): if only some are reset, a filter decides by content.',
  ],
  server: [
    'Ask the owners of firewalls, IPS and proxies on the path for a log entry at this time: PAN-OS threat and URL log (reset-client, reset-both), FortiGate IPS and web filter log, Suricata reject, Snort reject, Zscaler.',
    'Capture at the server (tcpdump -n "tcp[tcpflags] & tcp-rst != 0 and host CLIENT"): resets in its name will be missing among the packets that it sends.',
  ],
  confirm:
    'Captures at both ends, opened together or given to “resetscope compare”: the reset arrives at one and never left the other.',
  harmless: false,
  mechanisms: ['mptcp-interference'],
});
