/**
 * tcpdump on another machine, through ssh. Keys and known hosts are the user's ssh configuration; with BatchMode no
 * password is asked for and none passes through us.
 */
import type { LiveOptions } from '../../../../shared/model/live.ts';
import type { CaptureSource } from './source.ts';
import { lastWords, shellWord } from './source.ts';
import { explainWords, tcpdumpArguments } from './tcpdump.ts';

/** Exit code of ssh's own failures (ssh(1)). */
const SSH_FAILED = 255;

/**
 * What the other machine's shell runs. tcpdump takes the shell's place; beside it waits a process that ends it when our
 * end of the connection is gone, which tcpdump would not notice on a quiet link. The filter leaves out the very
 * connection that carries the capture: each packet of it would make another one.
 */
export function remoteScript(options: LiveOptions): string {
  const tcpdump = ['tcpdump', ...tcpdumpArguments(options)].map(shellWord).join(' ');
  return [
    'exec 3<&0',
    '{ cat <&3; kill $$; } >/dev/null 2>&1 &',
    `f=${shellWord(options.filter)}`,
    'set -- $SSH_CONNECTION',
    '[ $# -eq 4 ] && f="not (host $1 and tcp port $2 and host $3 and tcp port $4)${f:+ and ($f)}"',
    'PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin',
    `exec ${tcpdump} -- "$f" 3<&-`,
  ].join('\n');
}

export const SSH: CaptureSource = {
  kind: 'ssh',
  lacks: [
    'losses while it runs: tcpdump tells them at the end',
    'which way packets went',
    'what the kernel says of resets',
    'owners of sockets',
  ],

  launch(options, { ssh }) {
    if (ssh === null || options.host === null) return undefined;
    return {
      kind: 'ssh',
      program: ssh,
      args: ['-o', 'BatchMode=yes', '-o', 'ServerAliveInterval=15', options.host, remoteScript(options)],
      format: 'pcap',
      interface: options.interface,
      endBy: 'stdin',
      writesFiles: false,
      countsAtSignal: false,
      dropsAreQueue: false,
      isLocal: false,
    };
  },

  explain(end, options) {
    const host = options.host ?? 'the host';
    if (end.exitCode === SSH_FAILED) return { code: 'remote', message: `${host}: ${lastWords(end, 'ssh')}` };
    const found = explainWords(end, 'tcpdump');
    return {
      code: found.code === 'source-died' ? 'remote' : found.code,
      message: `${host}: ${found.message}`,
    };
  },
};
