import { BOTH_ENDS, type LessonRun } from '../define.ts';
import { until } from '../play/processes.ts';

/** What clients know: an address that belongs to no machine. */
const SERVICE = '10.99.0.1';
/** Seconds after which this translator forgets a silent connection. */
const FORGETS_AFTER = 3;
/** Default of net.netfilter.nf_conntrack_tcp_timeout_established, which is kept in the repaired form: five days. */
const REMEMBERS_S = 432_000;

export const run: LessonRun = {
  path: BOTH_ENDS,
  async play(stage) {
    const [server, port] = [stage.address('server'), stage.port()];
    // Strict: a segment in the middle of a connection that it does not know is invalid, and not translated.
    await stage.sysctl('r1', 'net.netfilter.nf_conntrack_tcp_loose=0');
    // What is not translated has nowhere to go.
    await stage.command('r1', 'ip', 'route', 'add', 'blackhole', SERVICE);
    await stage.nft(
      'r1',
      `table ip service {
         chain in { type nat hook prerouting priority -100; ip daddr ${SERVICE} tcp dport ${port} dnat to ${server}; }
       }`,
    );
    const remembers = stage.isFixed ? REMEMBERS_S : FORGETS_AFTER;
    await stage.sysctl('r1', `net.netfilter.nf_conntrack_tcp_timeout_established=${remembers}`);
    const program = await stage.serve();
    const client = stage.program('client', 'client', SERVICE, port);
    await program.line('working');
    await until('a silence that is longer than the translator remembers', async () => {
      const known = await stage.quietly('r1', 'cat', '/proc/net/nf_conntrack');
      const left = new RegExp(`tcp +6 (\\d+) ESTABLISHED .*dport=${port}`, 'u').exec(known)?.[1];
      if (stage.isFixed) return left !== undefined && Number(left) < REMEMBERS_S - FORGETS_AFTER;
      return !known.includes(`dport=${port}`);
    });
    program.enter();
    if (!stage.isFixed) {
      await program.line('the connection broke');
      client.enter();
    }
    await client.line(/^(done|failed)/u);
    await client.ended;
    if (stage.isFixed) await program.line('the client closed');
  },
};
