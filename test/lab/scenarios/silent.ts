/** Connections at work that go silent or stall without a reset. */
import type { Step } from '../agent.ts';
import type { Lab, Scenario } from '../scenario.ts';
import { drop } from './drop.ts';
import { exchange, STAYS } from './exchange.ts';

/** A request over HTTP, its answer, and what comes after. */
async function talk(lab: Lab, client: Step[], server: Step[]) {
  const response = lab.bytes(100, 3000);
  const answer = [`HTTP/1.1 200 OK\r\nContent-Length: ${response}\r\n\r\n`, response];
  return exchange(lab, { request: lab.request(), answer }, { client, server });
}

const deadServer: Scenario = {
  name: 'went-silent-server',
  about: 'the server goes deaf in mid-connection; the client sends its next request again and again',
  short: true,
  async run(lab) {
    const ends = await talk(
      lab,
      [['wait', 'on'], ['send', lab.request('/next')], ['mark', 'sent'], STAYS],
      [STAYS],
    );
    await drop(lab, 'server', 'input', `tcp dport ${lab.port}`);
    ends.client.go('on');
    await ends.client.mark('sent');
    await lab.sleep(6000);
  },
  failures: [{ kind: 'went-silent', side: null }],
};

const cutRequests: Scenario = {
  name: 'went-silent-path',
  about: 'the path loses both directions from a moment on; the client sends again and again',
  async run(lab) {
    const ends = await talk(
      lab,
      [['wait', 'on'], ['send', lab.request('/next')], ['mark', 'sent'], STAYS],
      [STAYS],
    );
    await drop(lab, lab.router('far'), 'forward', `tcp dport ${lab.port}`, `tcp sport ${lab.port}`);
    ends.client.go('on');
    await ends.client.mark('sent');
    await lab.sleep(6000);
  },
  failures: [{ kind: 'went-silent', side: null, at: { server: null } }],
};

const cutAnswers: Scenario = {
  name: 'went-silent-push',
  about: 'the server pushes to a client that is no longer reached',
  async run(lab) {
    const ends = await talk(lab, [STAYS], [['wait', 'on'], ['send', 900], ['mark', 'sent'], STAYS]);
    await drop(lab, lab.router('near'), 'forward', `tcp sport ${lab.port}`);
    ends.server.go('on');
    await ends.server.mark('sent');
    await lab.sleep(6000);
  },
  failures: [{ kind: 'went-silent', side: null, at: { client: null, middle: null } }],
};

function zeroWindow(recovers: boolean): Scenario {
  return {
    name: `zero-window${recovers ? '-recovers' : ''}`,
    about: `the server does not read${recovers ? ' for some seconds, and then all' : ''}: its window is closed`,
    short: !recovers,
    async run(lab) {
      const size = 400_000;
      const server = await lab.onServer(
        ['listen', lab.server, lab.port, 64, 'l', 8192],
        ['accept'],
        ...((recovers
          ? [['sleep', 4.5], ['receive', size], ['send', 90], ['shutdown'], ['drain'], ['close']]
          : [STAYS]) as Step[]),
      );
      const client = lab.onClient(
        ['connect', lab.server, lab.port],
        ['send', size, 's', recovers ? 20 : 5],
        ['mark', 'sent'],
        ...((recovers ? [['drain'], ['close']] : [STAYS]) as Step[]),
      );
      await (recovers ? Promise.all([client.done, server.done]) : client.mark('sent'));
    },
    failures: [{ kind: 'stalled', side: 'server', recovered: recovers }],
  };
}

function blackHole(recovers: boolean): Scenario {
  return {
    name: `mtu-black-hole${recovers ? '-recovers' : ''}`,
    about: `full-size segments are dropped and nobody is told${recovers ? ', for some seconds' : ''}`,
    short: !recovers,
    async run(lab) {
      const large = `tcp sport ${lab.port} meta length > 1400`;
      const allow = await drop(lab, lab.router('near'), 'forward', large);
      const end: Step[] = recovers ? [['shutdown'], ['drain'], ['close']] : [STAYS];
      const server = await lab.onServer(
        ['listen', lab.server, lab.port],
        ['accept'],
        ['receive', 60],
        ['send', 8000],
        ...end,
      );
      const client = lab.onClient(
        ['connect', lab.server, lab.port],
        ['send', 60],
        ['mark', 'asked'],
        ...((recovers ? [['drain'], ['close']] : [STAYS]) as Step[]),
      );
      await client.mark('asked');
      await lab.sleep(recovers ? 4000 : 7000);
      if (!recovers) return;
      await allow();
      await Promise.all([client.done, server.done]);
    },
    failures: [
      {
        kind: 'stalled',
        side: 'path',
        recovered: recovers,
        alternatives: ['went-silent'],
        at: { client: null, middle: null },
      },
    ],
  };
}

export const SILENT: readonly Scenario[] = [
  cutRequests,
  cutAnswers,
  deadServer,
  blackHole(false),
  blackHole(true),
  zeroWindow(false),
  zeroWindow(true),
];
