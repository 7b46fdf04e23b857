/** A service address that is translated to hosts behind it: translation that is missing, a replica that is down, re-steering. */
import type { Step } from '../agent.ts';
import { linkAddress, serviceAddress } from '../plan.ts';
import type { Lab, Scenario } from '../scenario.ts';

/** Answers have to come back by the router that translates. */
const isSymmetric: Scenario['on'] = (plan) => !plan.asymmetric && plan.nat === null;

/** The router next to the client sends what goes to the service address to the server. */
async function serve(lab: Lab, ...targets: string[]): Promise<void> {
  const choice =
    targets.length === 1
      ? targets[0]
      : `numgen inc mod ${targets.length} map { ${targets.map((address, i) => `${i} : ${address}`).join(', ')} }`;
  const service = serviceAddress(lab.plan, 4);
  await lab.nftScript(
    lab.router('near'),
    `table ip serve${lab.port} {
       chain c { type nat hook prerouting priority -100;
         ip daddr ${service} tcp dport ${lab.port} dnat to ${choice}
       }
     }`,
  );
}

/** From now on answers are not tracked, and so leave with the server's own address. */
async function leak(lab: Lab): Promise<void> {
  await lab.nftScript(
    lab.router('near'),
    `table ip leak${lab.port} {
       chain c { type filter hook prerouting priority -300;
         tcp sport ${lab.port} notrack
       }
     }`,
  );
}

const leakedAnswers: Scenario = {
  name: 'translation-leaked',
  about: 'a translator lets answers of the server pass untranslated, as for segments it takes for invalid',
  family: 4,
  short: true,
  on: isSymmetric,
  async run(lab) {
    await serve(lab, lab.server);
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      ['receive', 90],
      ['send', 700],
      ['receive', 60],
      ['send', 2000],
      ['drain'],
      ['close'],
    );
    const client = lab.onClient(
      ['connect', serviceAddress(lab.plan, 4), lab.port],
      ['send', 90],
      ['receive', 700],
      ['mark', 'received'],
      ['wait', 'on'],
      ['send', 60],
      ['receive', 2000, 's', 3],
    );
    await client.mark('received');
    await lab.sleep(100);
    await leak(lab);
    client.go('on');
    await Promise.all([client.done, server.done]);
  },
  rules: [
    {
      emitter: 'client',
      reason: 'NO_SOCKET',
      cause: 'translation-missing',
      // The capture at the server shows one address only.
      alternatives: ['stale-connection', 'unacceptable-segment'],
      matters: true,
    },
  ],
};

const leakedSynAck: Scenario = {
  name: 'translation-synack',
  about: 'the SYN-ACK comes back with the server’s own address instead of the service’s',
  family: 4,
  on: isSymmetric,
  async run(lab) {
    await serve(lab, lab.server);
    await leak(lab);
    const server = await lab.onServer(['listen', lab.server, lab.port], ['sleep', 4]);
    await lab.onClient(['connect', serviceAddress(lab.plan, 4), lab.port, 's', 0, 3.5]).done;
    await server.done;
  },
  rules: [
    {
      emitter: 'client',
      cause: 'translation-missing',
      alternatives: ['backscatter', 'stale-connection', 'half-open-scan', 'unacceptable-segment'],
      matters: true,
    },
  ],
};

const replicas: Scenario = {
  name: 'replica-down',
  about: 'two hosts behind one service address; at one of them nobody listens',
  family: 4,
  short: true,
  on: isSymmetric,
  async run(lab) {
    const { plan } = lab;
    // The last router stands for the other host: its own TCP refuses.
    const other = linkAddress(plan, plan.routers - 1, 'right', 4);
    await serve(lab, lab.server, other);
    const count = 4;
    const serving: Step[] = Array.from({ length: count }, (): Step[] => [
      ['accept'],
      ['receive', 50],
      ['send', 300],
      ['shutdown'],
      ['drain'],
      ['close'],
    ]).flat();
    const server = await lab.onServer(['listen', lab.server, lab.port], ...serving);
    const asking: Step[] = Array.from({ length: 2 * count }, (_, i): Step[] => [
      ['connect', serviceAddress(plan, 4), lab.port, `c${i}`],
      ['send', 50, `c${i}`],
      ['drain', `c${i}`],
      ['close', `c${i}`],
      ['sleep', 0.05],
    ]).flat();
    await lab.onClient(...asking).done;
    server.kill();
    await server.done;
  },
  rules: [{ cause: 'connection-refused', alternatives: ['listener-gone', 'listen-overflow'], matters: true }],
};

const resteered: Scenario = {
  name: 'resteered',
  about:
    'two hosts have one address; in mid-connection the path turns to the farther one, which knows nothing of it',
  short: true,
  on: (plan) => !plan.asymmetric && plan.routers > 1,
  async run(lab) {
    const service = serviceAddress(lab.plan, lab.family);
    const near = lab.router('near');
    const length = lab.family === 4 ? 32 : 128;
    const one = ['address', 'add', `${service}/${length}`, 'dev'];
    await lab.command('server', 'ip', ...one, 'eth0', ...(lab.family === 6 ? ['nodad'] : []));
    await lab.command(near, 'ip', ...one, 'lo');
    // Or a socket of its own would still get what is to be routed on.
    await lab.command(near, 'sh', '-c', 'echo 0 > /proc/sys/net/ipv4/ip_early_demux');
    const server = await lab.serve(
      near,
      ['listen', service, lab.port],
      ['accept'],
      ['receive', 80],
      ['send', 1200],
      ['receive', 40],
      ['sleep', 3],
    );
    const client = lab.onClient(
      ['connect', service, lab.port],
      ['send', 80],
      ['receive', 1200],
      ['mark', 'received'],
      ['wait', 'on'],
      ['send', 200],
      ['drain', 's', 3],
      ['close'],
    );
    await client.mark('received');
    await lab.sleep(150);
    await lab.command(near, 'ip', 'address', 'del', `${service}/${length}`, 'dev', 'lo');
    client.go('on');
    await client.done;
    server.kill();
    await server.done;
  },
  rules: [
    {
      emitter: 'server',
      cause: 'resteered',
      alternatives: ['stale-connection', 'stateful-device-lost-flow'],
    },
  ],
};

export const TRANSLATION: readonly Scenario[] = [leakedAnswers, leakedSynAck, replicas, resteered];
