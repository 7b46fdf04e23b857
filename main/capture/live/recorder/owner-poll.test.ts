import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventually, until } from '../../../../test/support/patience.ts';
import { writeProgram } from '../../../../test/support/fake-programs.ts';
import { OwnerPoll } from './owner-poll.ts';
import { parseSockets } from './socket-list.ts';
import { BlockWriter } from '../blocks/pcapng-blocks.ts';
import {
  witnessDetail,
  witnessKind,
  witnessTimeNs,
  WITNESS_SOCKET_OWNER,
  writeSocketOwner,
} from '../blocks/witness-block.ts';

const INTERVAL_MS = 10;

/** Lines of iproute2 6.1, with and without what not every line has. */
const LISTED = `
ESTAB     0      0      10.0.0.1:40000 10.0.0.2:443 users:(("curl",pid=42,fd=5)) timer:(keepalive,54sec,0) uid:1000 ino:12 sk:1 cgroup:/user.slice/user-1000.slice <->
ESTAB     0      0      [::ffff:10.0.0.1]:443 [::ffff:10.0.0.9]:50000 users:(("nginx",pid=7,fd=3),("nginx",pid=8,fd=3)) ino:13 sk:2 cgroup:/system.slice/nginx.service v6only:0 <->
ESTAB     0      0      [fe80::1%eth0]:22 [fe80::2]:60000 users:(("sshd: a b",pid=9,fd=4)) ino:14 sk:3 <->
CLOSE-WAIT 1     0      [2001:db8::a]:1 [2001:db8:0:0:0:0:0:b]:2 users:(("x \\"y\\"",pid=10,fd=4)) <->
LISTEN    0      128    0.0.0.0:80 0.0.0.0:* users:(("nginx",pid=7,fd=6)) ino:15 sk:4 cgroup:/ <->
TIME-WAIT 0      0      127.0.0.1:44445 127.0.0.1:50860 timer:(timewait,5.568ms,0) ino:0 sk:1224
`;

describe('what ss prints', () => {
  it('is understood where a socket has a peer and an owner', () => {
    const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
    expect(
      parseSockets(LISTED).map(({ local, remote, pid, name, cgroup }) =>
        [text(local.address), local.port, text(remote.address), remote.port, pid, name, cgroup].join(' '),
      ),
    ).toEqual([
      '0a000001 40000 0a000002 443 42 curl /user.slice/user-1000.slice',
      '0a000001 443 0a000009 50000 7 nginx /system.slice/nginx.service',
      'fe800000000000000000000000000001 22 fe800000000000000000000000000002 60000 9 sshd: a b ',
      '20010db800000000000000000000000a 1 20010db800000000000000000000000b 2 10 x \\"y\\" ',
    ]);
  });

  it('may be anything', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.nat(LISTED.length), (noise, at) => {
        const text = LISTED.slice(0, at) + noise + LISTED.slice(at);
        for (const { local, remote, pid } of parseSockets(text)) {
          expect([4, 16]).toContain(local.address.length);
          expect(remote.address.length).toBe(local.address.length);
          expect(pid).toBeLessThanOrEqual(0xffff_ffff);
        }
      }),
    );
  });
});

describe('the block of an owner', () => {
  it.each([false, true])('has its fields where they are looked for (big endian: %s)', (bigEndian) => {
    const [socket] = parseSockets(LISTED);
    const out = new BlockWriter(bigEndian);
    const timeNs = 1_700_000_000_123_456_789n;
    writeSocketOwner(out, socket, timeNs);
    const block = out.take();
    expect(block.length % 4).toBe(0);
    expect(witnessKind(block, 0, block.length)).toBe(WITNESS_SOCKET_OWNER);
    expect(witnessTimeNs(block, 0, bigEndian)).toBe(Number(timeNs));
    expect(witnessDetail(block, 0, block.length, bigEndian)).toBe(socket.cgroup);
    const view = new DataView(block.buffer, block.byteOffset, block.length);
    expect(view.getUint16(8, !bigEndian)).toBe(1);
    expect(view.getUint8(11)).toBe(4);
    expect([view.getUint16(20, !bigEndian), view.getUint16(22, !bigEndian)]).toEqual([40_000, 443]);
    expect(view.getUint32(24, !bigEndian)).toBe(42);
    expect([...block.subarray(28, 34)]).toEqual([10, 0, 0, 1, 0, 0]);
    expect(Buffer.from(block.subarray(68, 72)).toString()).toBe('curl');
  });
});

it('are asked for again and again, and told of once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'resetscope-owners-'));
  const told: Uint8Array[] = [];
  // The program prints a line more each time, and fails at the second time.
  const program = writeProgram(
    folder,
    'ss',
    `echo x >>'${folder}/asked'; n=$(wc -l <'${folder}/asked')
i=0; while [ $i -lt $n ]; do i=$((i + 1))
printf 'ESTAB 0 0 10.0.0.1:%d 10.0.0.2:443 users:(("curl",pid=%d,fd=5)) <->\\n' $i $i; done
[ $n -ne 2 ]`,
  );
  const owners = new OwnerPoll(
    program,
    () => false,
    (blocks) => told.push(blocks),
    INTERVAL_MS,
  );
  owners.start();
  await eventually(() => expect(told.length).toBeGreaterThanOrEqual(3));
  owners.stop();
  const count = told.length;
  const pids = told.flatMap((blocks) => pidsOf(blocks));
  // The second answer was none; the third has both sockets that are new.
  expect(pids.slice(0, 4)).toEqual([1, 2, 3, 4]);
  expect(told.slice(0, 3).map((blocks) => pidsOf(blocks).length)).toEqual([1, 2, 1]);
  expect(pidsOf(owners.blocks())).toEqual(pids);
  await anotherIsAnswered(folder);
  expect(told.length).toBe(count);
  rmSync(folder, { recursive: true });
});

/** Shows that there was time for an answer: one that began later, and asks as often, has had several. */
async function anotherIsAnswered(folder: string): Promise<void> {
  let answers = 0;
  // A process of its own each time, so that each answer has news.
  const line = `ESTAB 0 0 10.0.0.1:1 10.0.0.2:443 users:(("curl",pid=%d,fd=5)) <->\\n`;
  const program = writeProgram(folder, 'other-ss', `printf '${line}' $$`);
  const other = new OwnerPoll(
    program,
    () => false,
    () => answers++,
    INTERVAL_MS,
  );
  other.start();
  await until(() => answers >= 3, 'three answers');
  other.stop();
}

function pidsOf(blocks: Uint8Array): number[] {
  const view = new DataView(blocks.buffer, blocks.byteOffset, blocks.length);
  const pids: number[] = [];
  for (let at = 0; at < blocks.length; at += view.getUint32(at + 4, true))
    pids.push(view.getUint32(at + 24, true));
  return pids;
}

it('without a program to ask there are none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'resetscope-owners-'));
  const told: Uint8Array[] = [];
  const owners = new OwnerPoll(
    '/nonexistent/ss',
    () => false,
    (blocks) => told.push(blocks),
    INTERVAL_MS,
  );
  owners.start();
  await anotherIsAnswered(folder);
  owners.stop();
  expect(told).toEqual([]);
  expect(owners.blocks()).toHaveLength(0);
  rmSync(folder, { recursive: true });
});
