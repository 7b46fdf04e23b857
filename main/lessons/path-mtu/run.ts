import { BOTH_ENDS, type LessonRun } from '../define.ts';

/** Of a tunnel, which packs each packet into another one, so that it has less room for it. */
const TUNNEL_MTU = '1400';

export const run: LessonRun = {
  path: BOTH_ENDS,
  async play(stage) {
    await stage.command('r1', 'ip', 'link', 'set', 'right', 'mtu', TUNNEL_MTU);
    await stage.command('r2', 'ip', 'link', 'set', 'left', 'mtu', TUNNEL_MTU);
    if (!stage.isFixed)
      await stage.nft(
        'r2',
        `table inet firewall {
           chain out { type filter hook output priority 0; meta l4proto icmp drop; }
         }`,
      );
    // So that a segment is one packet already where it is captured, as it is on a wire.
    await stage.command('server', 'ip', 'link', 'set', 'eth0', 'gso_max_segs', '1');
    await stage.serve();
    const client = stage.client();
    await client.line(/^(done|failed)/u);
    await client.ended;
  },
};
