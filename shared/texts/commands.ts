/**
 * Commands that lead from a verdict to its proof and its cure, filled with the addresses of the connection. Each is one line for
 * a shell, says where to run it and what its answer means. None of them changes anything.
 */
import { parseAddress } from '../format/address.ts';
import type { CauseCode } from '../model/cause.ts';
import type { FailureRow } from '../model/failure.ts';
import type { ResetRow } from '../model/rows.ts';
import type { Side, Verdict } from '../model/verdict.ts';

export type CommandPlace = Side | 'device';

export interface Command {
  readonly where: CommandPlace;
  /** What the answer tells. */
  readonly purpose: string;
  readonly command: string;
}

interface Ends {
  readonly client: string;
  readonly server: string;
  readonly port: string;
  readonly isV6: boolean;
}

/** More commands than this are a manual and no next step. */
const MOST = 4;

export function resetCommands(
  row: Pick<ResetRow, 'client' | 'server'>,
  verdict: Verdict,
): readonly Command[] {
  const ends = endsOf(row.client, row.server);
  if (ends === null) return [];
  const { claimed, origin, cause, matters, path } = verdict;
  const proof = origin.kind === 'endpoint' ? [] : proofOf(ends, claimed, path);
  const cures =
    origin.kind === 'middlebox' && !ON_DEVICES.has(cause.code) ? [] : (BY_CAUSE[cause.code]?.(ends) ?? []);
  const all = [...proof, ...cures];
  // Noise wants no action, so that only what proves an open origin is offered.
  return (matters ? all : proof).slice(0, MOST);
}

export function failureCommands(
  row: Pick<FailureRow, 'client' | 'server' | 'kind' | 'protocol'>,
): readonly Command[] {
  const ends = endsOf(row.client, row.server);
  if (ends === null) return [];
  const filter = row.protocol === 'udp' ? 'udp' : 'tcp';
  const watch = (where: Side, purpose: string): Command => ({
    where,
    purpose,
    command: `tcpdump -nn -i any '${filter} and host ${where === 'server' ? ends.client : ends.server} and port ${ends.port}'`,
  });
  const arrives = watch('server', 'Does what the client sends arrive here, and does an answer leave?');
  switch (row.kind) {
    case 'no-answer':
      return row.protocol === 'udp' ? [arrives] : [arrives, listens(ends), route(ends)];
    case 'unreachable':
      return [route(ends), arrives];
    case 'stalled':
    case 'went-silent':
      return [
        arrives,
        {
          where: 'client',
          purpose: 'Do large packets pass? Lower the size until it answers.',
          command: pathMtu(ends),
        },
        {
          where: 'server',
          purpose: 'Timers, windows and retransmissions of the connection.',
          command: sockets(ends.client),
        },
      ];
    case 'half-open':
      return [arrives, backlog(ends)];
    case 'closed-early':
    case 'cut-short':
      return [
        logs(),
        { where: 'server', purpose: 'State and queues of its connections.', command: sockets(ends.client) },
      ];
    case 'handshake-failed':
      return [
        {
          where: 'client',
          purpose: 'The handshake again, with the certificate and the alert in words.',
          command: `openssl s_client -connect ${bracketed(ends.server, ends)}:${ends.port} -servername NAME </dev/null`,
        },
      ];
  }
}

/** Whether the reset leaves the host in whose name it came: the one question that packets elsewhere cannot settle. */
function proofOf(
  ends: Ends,
  claimed: Side,
  { capturePoint, vantages }: Pick<Verdict['path'], 'capturePoint' | 'vantages'>,
): Command[] {
  const other = claimed === 'server' ? ends.client : ends.server;
  const out = `tcpdump -nn -i any -Q out '${resets(ends)} and dst host ${other}'`;
  const proof: Command = {
    where: claimed,
    purpose: `Shows the reset only if the ${claimed} itself sends it; nothing here while it happens again means a device made it.`,
    command: out,
  };
  const trace: Command = {
    where: 'client',
    purpose: 'Names the routers on the way, to be held against the hop of the reset.',
    command: `traceroute ${ends.isV6 ? '-6 ' : ''}-n -T -p ${ends.port} ${ends.server}`,
  };
  // A capture nearer to that host has shown it already.
  if (vantages.some(({ sees }) => sees === 'absent')) return [trace];
  return capturePoint === claimed ? [proof] : [proof, trace];
}

/** BPF has no tcp[...] for IPv6: the flags are read behind the fixed header. */
function resets({ isV6 }: Ends): string {
  return isV6 ? 'ip6 and ip6[6] = 6 and ip6[53] & 4 != 0' : 'tcp[tcpflags] & tcp-rst != 0';
}

const ON_DEVICES: ReadonlySet<CauseCode> = new Set([
  'idle-timeout',
  'nat-state-lost',
  'translation-missing',
  'stateful-device-lost-flow',
  'firewall-reject',
]);

const listens = ({ port }: Ends): Command => ({
  where: 'server',
  purpose: 'Which program listens on the port, and on which addresses; nothing means nobody does.',
  command: `ss -ltnp 'sport = :${port}'`,
});

const rules = ({ port, isV6 }: Ends): Command => ({
  where: 'server',
  purpose: 'Rules that refuse the port with a reset.',
  command: `${isV6 ? 'ip6tables' : 'iptables'}-save | grep -E 'REJECT|dpt:?${port}\\b|dport ${port}\\b'`,
});

const backlog = ({ port }: Ends): Command => ({
  where: 'server',
  purpose: 'Recv-Q at Send-Q means that the accept queue is full; the counters say how often it was.',
  command: `ss -ltn 'sport = :${port}'; nstat -az TcpExtListenOverflows TcpExtListenDrops`,
});

const logs = (): Command => ({
  where: 'server',
  purpose: 'What the system and its programs wrote around that time; set the time of the reset.',
  command: `journalctl --since '-15 min' -p warning`,
});

const keepAlive = (): Command => ({
  where: 'client',
  purpose:
    'After how much silence a keep-alive is sent, where a program asks for it; it must be less than the timer on the way.',
  command: 'sysctl net.ipv4.tcp_keepalive_time net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes',
});

const sockets = (peer: string): string => `ss -tnoi dst ${peer}`;

const timers = ({ server }: Ends): Command => ({
  where: 'client',
  purpose: 'Whether its connections have a keep-alive timer at all.',
  command: `ss -tno dst ${server}`,
});

const conntrack = ({ client, server, port }: Ends): Command => ({
  where: 'device',
  purpose: 'Whether the device still knows the connection (Linux; other devices show their session table).',
  command: `conntrack -L -p tcp -s ${client} -d ${server} --dport ${port}`,
});

const route = ({ server, port, isV6 }: Ends): Command => ({
  where: 'client',
  purpose: 'How far packets to this very port come.',
  command: `traceroute ${isV6 ? '-6 ' : ''}-n -T -p ${port} ${server}`,
});

const pathMtu = ({ server, isV6 }: Ends): string => `ping ${isV6 ? '-6 ' : ''}-M do -s 1472 -c 3 ${server}`;

const unread = ({ client }: Ends): Command => ({
  where: 'server',
  purpose: 'Recv-Q above 0 is data that its program has not read.',
  command: sockets(client),
});

const BY_CAUSE: Partial<Record<CauseCode, (ends: Ends) => readonly Command[]>> = {
  'connection-refused': (ends) => [listens(ends), rules(ends)],
  'listener-gone': (ends) => [listens(ends), logs()],
  'host-firewall-reject': (ends) => [rules(ends), listens(ends)],
  'firewall-reject': (ends) => [conntrack(ends)],
  'listen-overflow': (ends) => [backlog(ends)],
  'idle-timeout': (ends) => [timers(ends), keepAlive()],
  'keepalive-timeout': (ends) => [keepAlive(), timers(ends)],
  'stale-connection': (ends) => [timers(ends), keepAlive()],
  'nat-state-lost': (ends) => [conntrack(ends), timers(ends)],
  'translation-missing': (ends) => [conntrack(ends)],
  'stateful-device-lost-flow': (ends) => [conntrack(ends)],
  'closed-with-unread-data': (ends) => [unread(ends), logs()],
  'data-after-close': (ends) => [unread(ends), logs()],
  aborted: (ends) => [logs(), unread(ends)],
  'process-exit': () => [logs()],
  'application-error': () => [logs()],
  'memory-pressure': () => [
    {
      where: 'server',
      purpose: 'Resets for want of memory, and the limits.',
      command: 'nstat -az TcpExtTCPAbortOnMemory; sysctl net.ipv4.tcp_mem net.ipv4.tcp_max_orphans',
    },
  ],
  'path-mtu': (ends) => [
    {
      where: 'client',
      purpose: 'Do large packets pass? Lower the size until it answers.',
      command: pathMtu(ends),
    },
  ],
  'peer-unreachable': (ends) => [route(ends)],
  'time-wait': (ends) => [
    {
      where: 'server',
      purpose: 'Connections of this client that wait out.',
      command: `ss -tn state time-wait dst ${ends.client}`,
    },
  ],
};

/** null where one of the ends is no address: nothing foreign comes into a command for a shell. */
function endsOf(client: string, server: string): Ends | null {
  const from = split(client);
  const to = split(server);
  if (from === null || to === null) return null;
  return {
    client: from.address,
    server: to.address,
    port: to.port,
    isV6: to.address.includes(':'),
  };
}

function split(end: string): { readonly address: string; readonly port: string } | null {
  const match = /^(?:\[([\da-f:.]+)\]|([\d.]+)):(\d{1,5})$/iu.exec(end);
  if (match === null) return null;
  const address = match[1] ?? match[2];
  return parseAddress(address) === undefined ? null : { address, port: match[3] };
}

function bracketed(address: string, { isV6 }: Ends): string {
  return isV6 ? `[${address}]` : address;
}
