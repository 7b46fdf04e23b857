/** Connections that do not come about without a reset: not answered, refused by ICMP, half open. */
import type { Step } from '../agent.ts';
import { linkAddress } from '../plan.ts';
import type { Scenario } from '../scenario.ts';
import { drop } from './drop.ts';
import { STAYS } from './exchange.ts';

const noAnswerDropped: Scenario = {
  name: 'no-answer-dropped',
  about: 'a router drops every SYN to the port without a word',
  short: true,
  async run(lab) {
    await drop(lab, lab.router('far'), 'forward', `tcp dport ${lab.port}`);
    await lab.onClient(['connect', lab.server, lab.port, 's', 0, 3.5]).done;
  },
  failures: [{ kind: 'no-answer', side: null }],
};

const noAnswerDeaf: Scenario = {
  name: 'no-answer-deaf-host',
  about: 'the server’s packet filter drops every SYN',
  async run(lab) {
    await drop(lab, 'server', 'input', `tcp dport ${lab.port}`);
    await lab.onClient(['connect', lab.server, lab.port, 's', 0, 7.5]).done;
  },
  failures: [{ kind: 'no-answer', side: null }],
};

const noAnswerNobody: Scenario = {
  name: 'no-answer-nobody-there',
  about: 'no host has the address: the last router says so after its address resolution failed',
  async run(lab) {
    const { plan } = lab;
    const nobody = linkAddress(plan, plan.routers, 'right', lab.family).replace(/2$/, '99');
    await lab.onClient(['connect', nobody, lab.port, 's', 0, 4]).done;
  },
  failures: [{ kind: 'unreachable', side: 'path', alternatives: ['no-answer'] }],
};

const answersLost: Scenario = {
  name: 'no-answer-answers-lost',
  about: 'the SYN-ACKs are lost on the way back: the client sees no answer, the server no last ACK',
  short: true,
  async run(lab) {
    await drop(lab, lab.router('near'), 'forward', `tcp sport ${lab.port}`);
    const server = await lab.onServer(['listen', lab.server, lab.port], ['sleep', 4]);
    await lab.onClient(['connect', lab.server, lab.port, 's', 0, 3.5]).done;
    await server.done;
  },
  failures: [
    {
      kind: 'no-answer',
      side: null,
      alternatives: ['half-open'],
      at: { client: 'no-answer', server: 'half-open' },
    },
  ],
};

const answeredLate: Scenario = {
  name: 'answered-late',
  about: 'the first two SYNs are lost; the third one is answered',
  async run(lab) {
    const allow = await drop(lab, lab.router('near'), 'forward', `tcp dport ${lab.port}`);
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      ['receive', 60],
      ['send', 900],
      ['shutdown'],
      ['drain'],
      ['close'],
    );
    const client = lab.onClient(['connect', lab.server, lab.port], ['send', 60], ['drain'], ['close']);
    await lab.sleep(1500);
    await allow();
    await Promise.all([client.done, server.done]);
  },
  // A delay, which may be told or not.
  failures: [
    { kind: 'no-answer', side: null, recovered: true, at: { client: null, middle: null, server: null } },
  ],
};

const unreachableHost: Scenario = {
  name: 'unreachable-host',
  about: 'a router answers the SYN with host unreachable',
  short: true,
  async run(lab) {
    await lab.nft(lab.router('far'), 'forward', `tcp dport ${lab.port} reject with icmpx host-unreachable`);
    await lab.onClient(['connect', lab.server, lab.port, 's', 0, 4]).done;
  },
  failures: [{ kind: 'unreachable', side: 'path' }],
};

const unreachablePort: Scenario = {
  name: 'unreachable-port',
  about: 'the server’s own packet filter answers the SYN with port unreachable',
  async run(lab) {
    await lab.nft('server', 'input', `tcp dport ${lab.port} reject with icmpx port-unreachable`);
    await lab.onClient(['connect', lab.server, lab.port, 's', 0, 4]).done;
  },
  failures: [{ kind: 'unreachable', side: 'server' }],
};

const halfOpen: Scenario = {
  name: 'half-open-ack-lost',
  about: 'all that the client sends after its SYN is lost: the SYN-ACK is repeated',
  short: true,
  async run(lab) {
    await drop(lab, lab.router('far'), 'forward', `tcp dport ${lab.port} tcp flags & syn == 0`);
    const server = await lab.onServer(['listen', lab.server, lab.port], STAYS);
    const client = lab.onClient(['connect', lab.server, lab.port], ['mark', 'in'], STAYS);
    await client.mark('in');
    await lab.sleep(4500);
    void server;
  },
  failures: [{ kind: 'half-open', side: null }],
};

const halfOpenData: Scenario = {
  name: 'half-open-data-lost',
  about: 'the same, while the client sends its request again and again',
  async run(lab) {
    await drop(lab, lab.router('far'), 'forward', `tcp dport ${lab.port} tcp flags & syn == 0`);
    await lab.onServer(['listen', lab.server, lab.port], STAYS);
    const client = lab.onClient(
      ['connect', lab.server, lab.port],
      ['send', lab.request()],
      ['mark', 'in'],
      STAYS,
    );
    await client.mark('in');
    await lab.sleep(5000);
  },
  failures: [{ kind: 'half-open', side: null, alternatives: ['went-silent'] }],
};

const synFlood: Scenario = {
  name: 'half-open-spoofed',
  about: 'SYNs of a host that takes no notice of the answers, as a flood with forged addresses has it',
  family: 4,
  on: (plan) => plan.nat === null,
  async run(lab) {
    await lab.nft('client', 'input', `tcp sport ${lab.port} drop`);
    const server = await lab.onServer(['listen', lab.server, lab.port], ['sleep', 5]);
    const sources = lab.ports.slice(-3);
    await lab.onClient(
      ...sources.map((source): Step => ['raw_tcp', lab.client, lab.server, source, lab.port, 77_000, 0, 2]),
      ['sleep', 4.5],
    ).done;
    await server.done;
  },
  failures: [{ kind: 'half-open', side: 'client' }],
};

const dns: Scenario = {
  name: 'dns',
  about: 'questions that are refused by a closed port, dropped, and answered',
  short: true,
  wellKnown: 53,
  async run(lab) {
    const [refused, dropped, answered] = lab.ports.slice(-3);
    await lab.onClient(['dns', lab.server, lab.port, refused]).done;
    await drop(lab, 'server', 'input', `udp sport ${dropped} udp dport ${lab.port}`);
    const server = lab.on('server', ['dns_serve', lab.server, lab.port, 4]);
    await server.mark('listening');
    await lab.onClient(['dns', lab.server, lab.port, dropped], ['dns', lab.server, lab.port, answered]).done;
    await server.done;
  },
  // The well-known port comes before its own twenty.
  failures: [
    { kind: 'unreachable', from: 18, side: 'server' },
    { kind: 'no-answer', from: 19, side: null },
  ],
};

export const NO_CONNECTION: readonly Scenario[] = [
  noAnswerDeaf,
  halfOpenData,
  halfOpen,
  synFlood,
  noAnswerDropped,
  noAnswerNobody,
  answersLost,
  answeredLate,
  dns,
  unreachableHost,
  unreachablePort,
];
