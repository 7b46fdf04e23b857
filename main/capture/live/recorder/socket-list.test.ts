import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSockets } from './socket-list.ts';

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
