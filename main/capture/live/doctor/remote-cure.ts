/** What helps where another machine refuses to capture. It cannot be probed: what is wrong is known by the words of the refusal. */
import type { CaptureProblem, LiveError } from '../../../../shared/model/live.ts';
import { shellWord } from '../sources/source.ts';

/** @returns null where nothing is known to help */
export function remoteCure(
  { code, message }: Pick<LiveError, 'code' | 'message'>,
  host: string,
): CaptureProblem | null {
  if (code === 'no-permission') return mayNot(host);
  if (code !== 'remote') return null;
  if (/tcpdump.*not found/u.test(message)) return noTcpdump(host);
  return /Permission denied|Host key verification failed/u.test(message) ? notLetIn(host) : null;
}

function mayNot(host: string): CaptureProblem {
  const grant = [
    't=$(PATH=$PATH:/usr/sbin:/sbin command -v tcpdump)',
    'sudo groupadd -f pcap && sudo usermod -aG pcap "$USER" && sudo chgrp pcap "$t"',
    'sudo chmod 750 "$t" && sudo setcap cap_net_raw,cap_net_admin=eip "$t"',
  ];
  return {
    code: 'remote-permission',
    title: `tcpdump may not capture on ${host}`,
    text:
      'Name a user who may capture there, such as root@…, or let a group of that machine run tcpdump with the right to capture; ' +
      'the command makes one and puts you in it. It counts from the next login on.',
    command: `ssh -t ${shellWord(host)} ${shellWord(`${grant[0]}; ${grant.slice(1).join(' && ')}`)}`,
    weight: 'blocks',
  };
}

function noTcpdump(host: string): CaptureProblem {
  return {
    code: 'remote-tcpdump',
    title: `There is no tcpdump on ${host}`,
    text: 'What is captured over ssh is captured by that machine’s own tcpdump. Its system has a package of that name.',
    command: null,
    weight: 'blocks',
  };
}

function notLetIn(host: string): CaptureProblem {
  return {
    code: 'remote-login',
    title: `ssh does not get into ${host} without asking you`,
    text:
      'Nobody can answer ssh’s questions here. Have a key in its agent or without a passphrase, and answer in a terminal once ' +
      'what it asks of the other machine’s key.',
    command: `ssh ${shellWord(host)} true`,
    weight: 'blocks',
  };
}
