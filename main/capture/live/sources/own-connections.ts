/**
 * The connections over which our own programs bring captures here. Whoever captures their packets as well records each capture
 * twice, and where two places see each other's connection, without end.
 */
import { readFile } from 'node:fs/promises';
import { addressText } from '../../../../shared/format/address.ts';
import type { RunProgram } from '../doctor/run-program.ts';
import type { OwnedSocket, SocketEnd } from '../blocks/witness-block.ts';
import { parseSockets, SS_ARGUMENTS } from '../recorder/socket-list.ts';
import type { CapturePrograms } from './source.ts';

/** Each becomes a part of a filter, which may not grow without end. */
const MOST = 16;
/** Processes between a program that we started and one that it started in turn, as ssh does for a jump host. */
const MOST_GENERATIONS = 16;

/**
 * Connections of programs that this process started, and of the ssh process that shares its connection to the host with others
 * (ControlMaster). Empty where `ss` is missing: then they stay in the capture, which is more to read, and nothing worse.
 */
export async function ownConnections(
  host: string,
  { ss, ssh }: Pick<CapturePrograms, 'ss' | 'ssh'>,
  run: RunProgram,
): Promise<OwnedSocket[]> {
  if (ss === null) return [];
  const sockets = parseSockets((await run(ss, SS_ARGUMENTS)).stdout);
  const ours = new Set<number>();
  for (const pid of new Set(sockets.map((socket) => socket.pid)))
    if (await isDescendant(pid, process.pid)) ours.add(pid);
  if (ours.size === 0 && ssh !== null) {
    const { stdout, stderr } = await run(ssh, ['-o', 'BatchMode=yes', '-O', 'check', '--', host]);
    const master = /pid=(\d+)/u.exec(stdout + stderr);
    if (master !== null) ours.add(Number(master[1]));
  }
  return sockets.filter(({ pid }) => ours.has(pid)).slice(0, MOST);
}

/** A capture filter that passes what `filter` does, but for the packets of these connections. */
export function leavingOut(connections: readonly OwnedSocket[], filter: string): string {
  if (connections.length === 0) return filter;
  const out = connections.map(({ local, remote }) => `(${endText(local)} and ${endText(remote)})`);
  return `not (${out.join(' or ')})${filter.trim() === '' ? '' : ` and (${filter})`}`;
}

function endText({ address, port }: SocketEnd): string {
  const view = new DataView(address.buffer, address.byteOffset);
  const words = Int32Array.from({ length: address.length / 4 }, (_, word) => view.getInt32(4 * word));
  return `host ${addressText(words, 0, address.length === 4 ? 4 : 6)} and tcp port ${port}`;
}

/** Asks /proc, which is there wherever `ss` is. */
async function isDescendant(pid: number, ancestor: number): Promise<boolean> {
  let parent = pid;
  for (let step = 0; step < MOST_GENERATIONS && parent > 1; step++) {
    const stat = await readFile(`/proc/${parent}/stat`, 'latin1').catch(() => '');
    // The name, in parentheses, may hold anything.
    parent = Number(/^.*\) \S (\d+) /su.exec(stat)?.[1] ?? 0);
    if (parent === ancestor) return true;
  }
  return false;
}
