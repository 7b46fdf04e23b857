import { BOTH_ENDS, type LessonRun } from '../define.ts';

export const run: LessonRun = {
  path: BOTH_ENDS,
  async play(stage) {
    await stage.nft(
      'r1',
      `table ip nat {
         chain out { type nat hook postrouting priority 100; oifname "right" snat to 10.2.0.1; }
       }`,
    );
    // Strict: what it does not know it lets pass as it is. By default it would pick the connection up again.
    if (!stage.isFixed) await stage.sysctl('r1', 'net.netfilter.nf_conntrack_tcp_loose=0');
    await stage.serve();
    const client = stage.client('--requests', 2);
    await client.line('press Enter');
    await stage.command('r1', 'python3', stage.file('flush.py'));
    client.enter();
    await client.line(/^(done|failed)/u);
    await client.ended;
  },
};
