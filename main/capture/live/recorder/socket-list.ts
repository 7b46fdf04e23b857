/** The sockets that `ss` (iproute2) prints. What it prints is parsed as text that may be anything. */
import { parseAddress } from '../../../../shared/format/address.ts';
import type { OwnedSocket, SocketEnd } from '../blocks/witness-block.ts';
import { LIVE_CAPTURE_LIMITS } from '../live-limits.ts';

/** What `parseSockets` understands: TCP sockets, one a line, with owner and cgroup. */
export const SS_ARGUMENTS = ['-H', '-O', '-t', '-a', '-n', '-p', '-e', '--cgroup'];

const USERS = /users:\(\("((?:[^"\\]|\\.)*)",pid=(\d+),/u;
const CGROUP = /\bcgroup:(\S+)/u;

/** Sockets with a peer and a known owner; lines that cannot be understood are passed over. */
export function parseSockets(text: string): OwnedSocket[] {
  const found: OwnedSocket[] = [];
  for (const line of text.split('\n')) {
    if (found.length >= LIVE_CAPTURE_LIMITS.maxSocketOwners) break;
    const users = USERS.exec(line);
    const fields = line.trim().split(/\s+/u);
    if (users === null || fields.length < 5 || fields[0] === 'LISTEN') continue;
    const local = parseEnd(fields[3]);
    const remote = parseEnd(fields[4]);
    const pid = Number(users[2]);
    if (local === undefined || remote === undefined || local.address.length !== remote.address.length)
      continue;
    if (!Number.isSafeInteger(pid) || pid > 0xffff_ffff) continue;
    const cgroup = CGROUP.exec(line)?.[1] ?? '';
    found.push({ local, remote, pid, name: users[1], cgroup });
  }
  return found;
}

/** 10.0.0.1:80, 10.0.0.1%eth0:80, [2001:db8::1]:80, [fe80::1]%eth0:80, [::ffff:10.0.0.1]:80 */
function parseEnd(text: string): SocketEnd | undefined {
  const colon = text.lastIndexOf(':');
  const port = Number(text.slice(colon + 1));
  if (colon < 0 || !Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  const name = text
    .slice(0, colon)
    .replace(/%.*$/u, '')
    .replace(/^\[|\]$/gu, '');
  const parsed = parseAddress(/^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu.exec(name)?.[1] ?? name);
  if (parsed === undefined) return undefined;
  const bytes = new Uint8Array(parsed.family === 4 ? 4 : 16);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length; at += 4) view.setInt32(at, parsed.words[at / 4]);
  return { address: bytes, port };
}
