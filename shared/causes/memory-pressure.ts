import { defineCause } from './cause.ts';
import { RESET_ERROR } from './errors.ts';
import { MEMORY } from './settings/memory.ts';

export const memoryPressure = defineCause({
  code: 'memory-pressure',
  title: 'Out of memory for sockets',
  what: 'The host was short of memory for TCP or had too many orphaned sockets, and reset connections to free it.',
  seen: `Connections of any program see ${RESET_ERROR}, one here and one there.`,
  fatal: 'Fatal for the connections that were chosen; others go on.',
  unlike:
    'Nobody waits for a timeout and no FIN is sent: the kernel takes sockets of any program, each when its own turn comes. Many that end in one moment are a program that ended.',
  dataLoss: 'Yes: data under way is lost, up to the socket’s buffers on both sides.',
  client: ['cat /proc/net/sockstat; nstat -az TcpExtTCPAbortOnMemory.'],
  server: [
    'nstat -az TcpExtTCPAbortOnMemory TcpExtTCPMemoryPressures; dmesg | grep -i "out of memory -- consider tuning tcp_mem".',
    'cat /proc/net/sockstat against sysctl net.ipv4.tcp_mem and net.ipv4.tcp_max_orphans.',
  ],
  confirm: 'TcpExtTCPAbortOnMemory grows.',
  settings: MEMORY,
  harmless: false,
  mechanisms: ['out-of-memory'],
});
