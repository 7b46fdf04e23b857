import { BOTH_ENDS, type LessonRun } from '../define.ts';
import { laySecondWay, SECOND_WAY } from '../play/second-way.ts';

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
    await laySecondWay(stage, 'r1', 'r3');
    await stage.command('r3', 'ip', 'route', 'replace', '10.1.0.0/24', 'via', SECOND_WAY.near);
    // So that it gives up soon.
    await stage.sysctl('client', 'net.ipv4.tcp_syn_retries=1');
    await stage.serve();
    const client = stage.program('client', 'client', SERVICE, port);
    await client.line(/^(done|failed)/u);
    await client.ended;
  },
};
