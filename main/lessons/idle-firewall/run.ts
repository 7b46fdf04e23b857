import type { LessonRun } from '../define.ts';
import { BOTH_ENDS } from '../define.ts';
import { until } from '../play/processes.ts';

/** Seconds after which this firewall forgets a silent connection; those that are sold take 300 to 3600. */
const FORGETS_AFTER = 3;
/** One a second: with so many the silence was longer than the firewall remembers. */
const PROBES = 5;

export const run: LessonRun = {
  path: BOTH_ENDS,
  async play(stage) {
    const port = stage.port();
    // Else it would take a segment in the middle of nothing for the beginning of a connection.
    await stage.sysctl('r1', 'net.netfilter.nf_conntrack_tcp_loose=0');
    await stage.nft(
      'r1',
      `table inet firewall {
         counter probes { }
         ct timeout short { protocol tcp; policy = { established: ${FORGETS_AFTER} }; }
         chain remember { type filter hook prerouting priority -10;
           tcp dport ${port} tcp flags & (syn | ack) == syn ct timeout set "short"
         }
         chain guard { type filter hook forward priority 5;
           ip length 52 tcp dport ${port} tcp flags == ack counter name probes
           tcp dport ${port} tcp flags & (syn | ack) == syn accept
           ct state established accept
           meta l4proto tcp reject with tcp reset
         }
       }`,
    );
    await stage.serve();
    const client = stage.client('--requests', 2);
    await client.line('press Enter');
    if (stage.isFixed) {
      await until('probes of the client', async () => {
        const said = await stage.quietly('r1', 'nft', 'list', 'counter', 'inet', 'firewall', 'probes');
        return Number(/packets (\d+)/u.exec(said)?.[1] ?? 0) >= PROBES;
      });
    } else {
      await until('the firewall to forget', async () => {
        const known = await stage.quietly('r1', 'cat', '/proc/net/nf_conntrack');
        return !known.includes(`dport=${port}`);
      });
    }
    client.enter();
    await client.line(/^(done|failed)/u);
    await client.ended;
  },
};
