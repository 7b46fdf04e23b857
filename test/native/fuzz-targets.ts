/** Hostile arguments, filters and trace lines for the capture helper, under its sanitizers. */
import { spawnSync } from 'node:child_process';
import type { FuzzTarget } from '../fuzz/fuzz-loop.ts';
import type { Random } from '../fuzz/mutate.ts';
import { SANITIZED, SANITIZER_ENV, WITNESS_LINES } from './support/programs.ts';

export const FILTERS = [
  'tcp port 80 and (host 10.0.0.1 or net 192.0.2.0/24) and not icmp6',
  'tcp[tcpflags] & (tcp-rst|tcp-syn) != 0 and ip[2:2] - ((ip[0] & 0xf) << 2) > 40',
  'vlan 5 and pppoes 7 and mpls and ip6 protochain 6',
  'ether host 01:02:03:04:05:06 and ether[0] & 1 = 0 and len <= 128',
  'inbound or outbound or ip multicast or portrange 1-65535',
  '((((((((((((((((tcp))))))))))))))))',
  'ip6 host fe80::1 or dst net 2001:db8::/32 or greater 4294967295',
];
export const ARGUMENTS = [
  'list',
  'check --filter tcp --link-type EN10MB --snap-length 96',
  'capture --interface no-such --batch-ms 20 --batch-bytes 65536 --buffer-bytes 1048576 --witness',
  'capture --interface no-such --folder 3 --file-base a_b --file-bytes 65536 --file-seconds 1',
  'capture --interface %n%s%x --snap-length 262144 --no-promiscuous --filter udp',
];
const LINK_TYPES = ['EN10MB', 'RAW', 'LINUX_SLL', 'LINUX_SLL2', 'IEEE802_11_RADIO', 'NULL', 'PPP', 'DOCSIS'];
export const TRACE_LINES = [
  '  nginx-812     [001] ..... 12.000005: tcp_send_reset: skbaddr=0 skaddr=0 src=10.0.0.1:80 dest=10.0.0.2:4000 ' +
    'state=TCP_CLOSE reason=NO_SOCKET\nCPU:1 [LOST 12 EVENTS]\n',
  '  <idle>-0 [000] ..s. 1.5: tcp_receive_reset: family=AF_INET6 sport=80 dport=4000 saddr=0.0.0.0 daddr=0.0.0.0 ' +
    'saddrv6=::ffff:10.0.0.1 daddrv6=fd00::2 sock_cookie=1\n',
];

/** Exit codes of exit-codes.h that arguments alone can lead to. */
const EXPECTED = [0, 64, 65, 66];

function run(args: readonly string[]): void {
  const { status, signal, stderr } = spawnSync(SANITIZED, args, {
    encoding: 'utf8',
    env: SANITIZER_ENV,
    timeout: 30_000,
  });
  const isOneLine = status === 0 ? stderr === '' : /^resetscope-capd: [a-z-]+: [^\n]*\n$/.test(stderr);
  if (signal !== null || status === null || !EXPECTED.includes(status) || !isOneLine)
    throw new Error(`${JSON.stringify(args)}: exit code ${status}, signal ${signal}: ${stderr}`);
}

/** Arguments hold any byte but NUL; Node only passes on text. */
const asArgument = (input: Uint8Array): string => Buffer.from(input).toString('latin1').replaceAll('\0', '');
const bytesOf = (texts: readonly string[]): Uint8Array[] =>
  texts.map((text) => new TextEncoder().encode(text));

export const filtersTarget: FuzzTarget = {
  name: 'capture-filters',
  corpus: bytesOf(FILTERS),
  check(input: Uint8Array, random: Random) {
    run(['check', '--filter', asArgument(input), '--link-type', random.pick(LINK_TYPES)]);
  },
};

export const argumentsTarget: FuzzTarget = {
  name: 'capture-arguments',
  corpus: bytesOf(ARGUMENTS),
  check(input: Uint8Array) {
    run(asArgument(input).split(' '));
  },
};

export const traceLinesTarget: FuzzTarget = {
  name: 'trace-lines',
  corpus: bytesOf(TRACE_LINES),
  check(input: Uint8Array) {
    const { status, signal, stderr } = spawnSync(WITNESS_LINES, { input, encoding: 'utf8', timeout: 30_000 });
    if (status !== 0) throw new Error(`exit code ${status}, signal ${signal}: ${stderr}`);
  },
};
