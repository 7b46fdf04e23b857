/** Packet filters and translators: they refuse, forget and reset, on the host itself or on the way. */
import type { Step } from '../agent.ts';
import type { Lab, Scenario } from '../scenario.ts';
import type { CauseRule } from '../truth.ts';
import { exchange } from './exchange.ts';

async function talk(lab: Lab, client: Step[], server: Step[]) {
  return exchange(lab, { request: lab.bytes(60, 700), answer: [lab.bytes(300, 4000)] }, { client, server });
}

const hostRejectSyn: Scenario = {
  name: 'host-reject-syn',
  about: 'the server’s own packet filter rejects the SYN with a reset',
  short: true,
  async run(lab) {
    await lab.nft('server', 'input', `tcp dport ${lab.port} reject with tcp reset`);
    const server = await lab.onServer(['listen', lab.server, lab.port], ['sleep', 0.5]);
    await lab.onClient(
      ['connect', lab.server, lab.port],
      ['sleep', 0.05],
      ['connect', lab.server, lab.port, 'b'],
    ).done;
    await server.done;
  },
  rules: [
    {
      emitter: 'server',
      reason: null,
      cause: 'host-firewall-reject',
      alternatives: ['connection-refused', 'firewall-reject'],
    },
  ],
};

const hostRejectMidstream: Scenario = {
  name: 'host-reject-midstream',
  about: 'a rule is added to the server’s packet filter under a living connection',
  short: true,
  async run(lab) {
    const ends = await talk(
      lab,
      [['wait', 'on'], ['send', 300], ['drain'], ['close']],
      [['wait', 'on'], ['sleep', 0.3], ['send', 400], ['drain'], ['close']],
    );
    await lab.nft('server', 'input', `tcp dport ${lab.port} reject with tcp reset`);
    ends.client.go('on');
    ends.server.go('on');
    await ends.client.done;
    await lab.sleep(700);
    ends.server.kill();
    await ends.server.done;
  },
  rules: [
    {
      emitter: 'server',
      reason: null,
      cause: 'host-firewall-reject',
      alternatives: ['firewall-reject', 'stale-connection'],
    },
  ],
};

const byRouter: CauseRule[] = [
  {
    emitter: 'r1',
    cause: 'firewall-reject',
    // To a SYN it looks like a closed port; in mid-stream like a device that knows the connection no more.
    alternatives: ['connection-refused', 'stateful-device-lost-flow', 'nat-state-lost', 'injected'],
  },
];
/** The same for whatever router of the path did it. */
const byAnyRouter: CauseRule[] = [1, 2, 3, 4, 5].map((k) => ({ ...byRouter[0], emitter: `r${k}` }));

function routerReject(where: 'near' | 'middle' | 'far', when: 'syn' | 'midstream', short: boolean): Scenario {
  return {
    name: `router-reject-${when}-${where}`,
    about: `the router ${where} the client's end rejects ${when === 'syn' ? 'the SYN' : 'a living connection'}`,
    short,
    async run(lab) {
      const router = lab.router(where);
      const rules = [`tcp dport ${lab.port} reject with tcp reset`];
      if (when === 'midstream') rules.push(`tcp sport ${lab.port} reject with tcp reset`);
      if (when === 'syn') {
        await lab.nft(router, 'forward', ...rules);
        const server = await lab.onServer(['listen', lab.server, lab.port], ['sleep', 0.5]);
        await lab.onClient(['connect', lab.server, lab.port], ['sleep', 0.2]).done;
        await server.done;
        return;
      }
      const ends = await talk(
        lab,
        [['wait', 'on'], ['send', lab.bytes(50, 2000)], ['drain'], ['close']],
        [['wait', 'on'], ['send', lab.bytes(50, 2000)], ['drain'], ['close']],
      );
      await lab.nft(router, 'forward', ...rules);
      const [first, second] = lab.random.chance(0.5)
        ? [ends.client, ends.server]
        : [ends.server, ends.client];
      first.go('on');
      await lab.sleep(250);
      second.go('on');
      await Promise.all([ends.client.done, ends.server.done]);
    },
    rules: byAnyRouter,
  };
}

const routerForgot: Scenario = {
  name: 'router-forgot',
  about: 'a stateful router forgets an idle connection and resets what comes later',
  short: true,
  async run(lab) {
    const router = lab.router('middle');
    const idle = 2;
    await lab.nftScript(
      router,
      `table inet forget${lab.port} {
         ct timeout short { protocol tcp; policy = { established: ${idle} }; }
         chain remember { type filter hook prerouting priority -10;
           tcp dport ${lab.port} tcp flags & (syn | ack) == syn ct timeout set "short"
         }
         chain guard { type filter hook forward priority 5;
           tcp dport ${lab.port} tcp flags & (syn | ack) == syn accept
           tcp dport ${lab.port} ct state established accept
           tcp sport ${lab.port} ct state established accept
           tcp dport ${lab.port} reject with tcp reset
           tcp sport ${lab.port} reject with tcp reset
         }
       }`,
    );
    // Else a segment in the middle of nothing would be taken for a connection of its own.
    await lab.command(router, 'sh', '-c', 'echo 0 > /proc/sys/net/netfilter/nf_conntrack_tcp_loose');
    const clientFirst = lab.random.chance(0.6);
    const ends = await talk(
      lab,
      [['wait', 'on'], ['send', 300], ['drain'], ['close']],
      [['wait', 'on'], ['send', 200], ['drain'], ['close']],
    );
    await lab.sleep(idle * 1000 + 700);
    const [first, second] = clientFirst ? [ends.client, ends.server] : [ends.server, ends.client];
    first.go('on');
    await lab.sleep(400);
    second.go('on');
    await Promise.all([ends.client.done, ends.server.done]);
  },
  rules: [1, 2, 3, 4, 5].map((k) => ({
    emitter: `r${k}`,
    cause: 'stateful-device-lost-flow' as const,
    alternatives: ['firewall-reject', 'idle-timeout', 'nat-state-lost', 'stale-connection'] as const,
  })),
};

const natLost: Scenario = {
  name: 'nat-lost-table',
  about: 'the translating router forgets the connection; the server pushes to an address nobody has',
  short: true,
  family: 4,
  on: (plan) => plan.nat !== null,
  async run(lab) {
    const router = `r${lab.plan.nat ?? 1}`;
    await lab.nftScript(
      router,
      `table inet forget${lab.port} {
         ct timeout short { protocol tcp; policy = { established: 2 }; }
         chain remember { type filter hook prerouting priority -10;
           tcp dport ${lab.port} tcp flags & (syn | ack) == syn ct timeout set "short"
         }
       }`,
    );
    const ends = await talk(
      lab,
      [['wait', 'on'], ['send', 100], ['drain'], ['close']],
      [['wait', 'on'], ['send', 600], ['drain'], ['close']],
    );
    await lab.sleep(2800);
    ends.server.go('on');
    await lab.sleep(300);
    ends.client.go('on');
    await Promise.all([ends.client.done, ends.server.done]);
  },
  rules: [
    ...[1, 2, 3, 4, 5].map((k) => ({
      emitter: `r${k}`,
      cause: 'nat-state-lost' as const,
      alternatives: ['stateful-device-lost-flow', 'stale-connection', 'idle-timeout'] as const,
    })),
    {
      // The router forgot its translation, so that what the client still sends reaches the server under the client's own address.
      emitter: 'server',
      reason: 'NO_SOCKET',
      cause: 'translation-missing',
      alternatives: ['stale-connection'],
    },
  ],
};

const icmpReject: Scenario = {
  name: 'icmp-reject',
  about: 'a router refuses the SYN with an ICMP error: no reset anywhere',
  short: true,
  async run(lab) {
    await lab.nft(
      lab.router('middle'),
      'forward',
      `tcp dport ${lab.port} reject with icmpx admin-prohibited`,
    );
    await lab.onClient(['connect', lab.server, lab.port], ['sleep', 0.1]).done;
  },
  failures: [{ kind: 'unreachable', side: 'path' }],
};

const icmpMidstream: Scenario = {
  name: 'icmp-midstream',
  about: 'ICMP errors to a living connection, which ignores them; it ends by an abort later',
  async run(lab) {
    const router = lab.router('far');
    const ends = await talk(
      lab,
      [['wait', 'on'], ['send', 300], ['receive', 100], ['close']],
      [['receive', 300], ['send', 100], ['sleep', 0.1], ['linger0'], ['close']],
    );
    await lab.nftScript(
      router,
      `table inet icmp${lab.port} {
         chain c { type filter hook forward priority 1; tcp dport ${lab.port} reject with icmpx port-unreachable; }
       }`,
    );
    ends.client.go('on');
    await lab.sleep(350);
    await lab.nftScript(router, `delete table inet icmp${lab.port}`);
    await Promise.all([ends.client.done, ends.server.done]);
  },
};

export const FIREWALLS: readonly Scenario[] = [
  hostRejectSyn,
  hostRejectMidstream,
  routerReject('near', 'syn', true),
  routerReject('middle', 'syn', false),
  routerReject('far', 'syn', false),
  routerReject('near', 'midstream', false),
  routerReject('middle', 'midstream', true),
  routerReject('far', 'midstream', true),
  routerForgot,
  natLost,
  icmpReject,
  icmpMidstream,
];
