import { BOTH_ENDS, type LessonRun } from '../define.ts';

/** What clients know: an address that belongs to no machine. */
const SERVICE = '10.99.0.1';

export const run: LessonRun = {
  // The second router translates; between the first and the third there is a second way.
  path: { ...BOTH_ENDS, routers: 3 },
  async play(stage) {
    const [server, port] = [stage.address('server'), stage.port()];
    await stage.command('r1', 'ip', 'route', 'add', SERVICE, 'via', stage.address('r2'));
    const fixed = `chain out { type nat hook postrouting priority 100; ip daddr ${server} snat to ${stage.address('r2', 'server')}; }`;
    await stage.nft(
      'r2',
      `table ip service {
         chain in { type nat hook prerouting priority -100; ip daddr ${SERVICE} tcp dport ${port} dnat to ${server}; }
         ${stage.isFixed ? fixed : ''}
       }`,
    );
    // A link reaches into another place by a process that runs there.
    const there = stage.start('second way', 'r3', 'sh', '-c', 'echo "process $$"; exec sleep 600');
    const pid = (await there.line('process ')).slice('process '.length);
    await stage.command(
      'r1',
      'ip',
      'link',
      'add',
      'way',
      'type',
      'veth',
      'peer',
      'name',
      'way',
      'netns',
      pid,
    );
    for (const [place, address] of [
      ['r1', '10.98.0.1/24'],
      ['r3', '10.98.0.3/24'],
    ] as const) {
      await stage.sysctl(place, 'net.ipv4.conf.all.rp_filter=0');
      await stage.sysctl(place, 'net.ipv4.conf.way.rp_filter=0');
      await stage.command(place, 'ip', 'address', 'add', address, 'dev', 'way');
      await stage.command(place, 'ip', 'link', 'set', 'way', 'up');
    }
    await stage.command('r3', 'ip', 'route', 'replace', '10.1.0.0/24', 'via', '10.98.0.1');
    // So that it gives up soon.
    await stage.sysctl('client', 'net.ipv4.tcp_syn_retries=1');
    await stage.serve();
    const client = stage.program('client', 'client', SERVICE, port);
    await client.line(/^(done|failed)/u);
    await client.ended;
  },
};
