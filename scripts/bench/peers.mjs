/** The programs that read captures beside Resetscope, and how each is asked. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const ZEEK = ['zeek', '/opt/zeek/bin/zeek'].find((program) => isThere(program)) ?? 'zeek';

/**
 * By name: what is run for a file, how its version is asked, and what it is.
 * @type {Record<string, { command: (file: string) => string[], version: string[], isSlow?: true }>}
 */
export const PEERS = {
  tcpdump: {
    command: (file) => ['tcpdump', '-n', '-r', file, '-w', '/dev/null'],
    version: ['tcpdump', '--version'],
  },
  // Offset 13 is that of IPv4 without options, which libpcap finds: resets in IPv6 are not among them.
  'tcpdump resets': {
    command: (file) => ['tcpdump', '-n', '-r', file, '-w', '/dev/null', 'tcp[13]&4!=0'],
    version: ['tcpdump', '--version'],
  },
  tcptrace: { command: (file) => ['tcptrace', '-n', file], version: ['tcptrace', '-v'] },
  capinfos: { command: (file) => ['capinfos', '-c', '-a', '-e', file], version: ['capinfos', '--version'] },
  zeek: { command: (file) => [ZEEK, '-C', '-r', file], version: [ZEEK, '--version'], isSlow: true },
  cat: { command: (file) => ['cat', file], version: ['cat', '--version'] },
  tshark: {
    command: (file) => ['tshark', '-n', '-2', '-q', '-z', 'conv,tcp', '-r', file],
    version: ['tshark', '--version'],
    isSlow: true,
  },
  'tshark resets': {
    command: (file) => ['tshark', '-n', '-Y', 'tcp.flags.reset==1', '-r', file],
    version: ['tshark', '--version'],
    isSlow: true,
  },
};

/** Those that are installed here; the others are named to whoever looks on. */
export function installed(names) {
  return names.filter((name) => {
    const [program] = PEERS[name].version;
    const is = isThere(program);
    if (!is) console.error(`${program} is not installed: ${name} is left out`);
    return is;
  });
}

/** The first line of what a program says of its version. */
export function versionOf([program, ...args]) {
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 10_000 });
  const lines = `${stdout ?? ''}\n${stderr ?? ''}`.split('\n').map((line) => line.trim());
  return (lines.find((line) => /\d/.test(line)) ?? 'unknown').replace(/^Version: /, '');
}

function isThere(program) {
  if (program.startsWith('/')) return existsSync(program);
  return spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
}
