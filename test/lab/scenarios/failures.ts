/** Connections that fail without a reset, and healthy ones that look a little like them. */
import { join } from 'node:path';
import type { Step } from '../agent.ts';
import { linkAddress } from '../plan.ts';
import type { Lab, Scenario } from '../scenario.ts';
import { hostPort } from './nginx.ts';

/** Longer than what a scenario waits for: its connections are still there when the captures end. */
const STAYS: Step = ['sleep', 80];

/** Drops what matches in a table of the scenario's own; the returned call takes the table away again. */
async function drop(
  lab: Lab,
  node: string,
  hook: string,
  ...matches: string[]
): Promise<() => Promise<void>> {
  const table = `inet drop${lab.port}`;
  const rules = matches.map((match) => `${match} drop`).join('\n');
  await lab.nftScript(
    node,
    `table ${table} {\n chain c { type filter hook ${hook} priority -20;\n ${rules}\n }\n }`,
  );
  return () => lab.nftScript(node, `delete table ${table}`);
}

/** A request and its answer on a connection that stays open. */
async function exchange(lab: Lab, client: Step[], server: Step[]) {
  const [request, response] = [lab.request(), lab.bytes(100, 3000)];
  const answer = `HTTP/1.1 200 OK\r\nContent-Length: ${response}\r\n\r\n`;
  const serving = await lab.onServer(
    ['listen', lab.server, lab.port],
    ['accept'],
    ['receive', request.length],
    ['send', answer],
    ['send', response],
    ...server,
  );
  const asking = lab.onClient(
    ['connect', lab.server, lab.port],
    ['send', request],
    ['receive', answer.length + response],
    ['mark', 'received'],
    ...client,
  );
  await asking.mark('received');
  await lab.sleep(150);
  return { client: asking, server: serving };
}

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

const deadServer: Scenario = {
  name: 'went-silent-server',
  about: 'the server goes deaf in mid-connection; the client sends its next request again and again',
  short: true,
  async run(lab) {
    const ends = await exchange(
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
    const ends = await exchange(
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
    const ends = await exchange(lab, [STAYS], [['wait', 'on'], ['send', 900], ['mark', 'sent'], STAYS]);
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

function answering(lab: Lab, ...answer: Step[]) {
  return lab.onServer(
    ['listen', lab.server, lab.port],
    ['accept'],
    ['receive', lab.request().length],
    ...answer,
    ['shutdown'],
    ['drain'],
    ['close'],
  );
}

/** A request over HTTP, and the close of a client that has what it got. */
async function ask(lab: Lab): Promise<void> {
  await lab.onClient(
    ['connect', lab.server, lab.port],
    ['send', lab.request()],
    ['drain'],
    ['sleep', 0.02],
    ['close'],
  ).done;
}

const closedEarly: Scenario = {
  name: 'closed-early-server',
  about: 'the server takes the request and closes without a byte of an answer',
  short: true,
  async run(lab) {
    const server = await answering(lab, ['sleep', 0.3]);
    await ask(lab);
    await server.done;
  },
  failures: [{ kind: 'closed-early', side: 'server' }],
};

const gaveUp: Scenario = {
  name: 'closed-early-client',
  about: 'the server takes too long; the client closes without having heard a byte',
  async run(lab) {
    const server = await lab.onServer(['listen', lab.server, lab.port], ['accept'], ['drain'], ['close']);
    await lab.onClient(
      ['connect', lab.server, lab.port],
      ['send', lab.request('/slow')],
      ['sleep', 3],
      ['shutdown'],
      ['drain'],
      ['close'],
    ).done;
    await server.done;
  },
  failures: [{ kind: 'closed-early', side: 'client' }],
};

const cutShort: Scenario = {
  name: 'cut-short-length',
  about: 'the answer ends before its Content-Length',
  short: true,
  async run(lab) {
    const whole = lab.bytes(6000, 20_000);
    const head = `HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: ${whole}\r\n\r\n`;
    const server = await answering(lab, ['send', head], ['send', lab.bytes(1000, 5000)], ['sleep', 0.1]);
    await ask(lab);
    await server.done;
  },
  failures: [{ kind: 'cut-short', side: 'server' }],
};

const cutChunked: Scenario = {
  name: 'cut-short-chunked',
  about: 'a chunked answer ends without its last chunk',
  async run(lab) {
    const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n';
    const chunk = `3e8\r\n${'x'.repeat(1000)}\r\n`;
    const server = await answering(lab, ['send', head], ['send', chunk], ['sleep', 0.1], ['send', chunk]);
    await ask(lab);
    await server.done;
  },
  failures: [{ kind: 'cut-short', side: 'server' }],
};

/** A TLS record: fatal alert, protocol_version. */
const FATAL_ALERT = 'hex:15030300020246';

function tlsRefused(alert: boolean): Scenario {
  return {
    name: `handshake-failed-${alert ? 'alert' : 'close'}`,
    about: `a real ClientHello; the server ${alert ? 'sends a fatal alert and closes' : 'closes without a word'}`,
    short: alert,
    wellKnown: alert ? 8443 : undefined,
    needs: ['openssl'],
    async run(lab) {
      const server = await lab.onServer(
        ['listen', lab.server, lab.port],
        ['accept'],
        ['receive', 200],
        ['sleep', 0.05],
        ...((alert ? [['send', FATAL_ALERT]] : []) as Step[]),
        ['shutdown'],
        ['drain'],
        ['close'],
      );
      await lab
        .command('client', 'timeout', '3', 'openssl', 's_client', '-connect', hostPort(lab.server, lab.port))
        .catch(() => undefined); // it is meant to fail
      await server.done;
    },
    failures: [{ kind: 'handshake-failed', side: 'server', alternatives: alert ? [] : ['closed-early'] }],
  };
}

const tlsUnknownAuthority: Scenario = {
  name: 'handshake-failed-unknown-authority',
  about: 'openssl at both ends; the client does not trust the certificate and says so',
  needs: ['openssl'],
  async run(lab) {
    const [key, certificate] = [join(lab.folder, 'key.pem'), join(lab.folder, 'cert.pem')];
    await lab.command(
      'server',
      'openssl',
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-subj', '/CN=lab.example', '-days', '2', '-keyout', key, '-out', certificate],
    );
    const address = hostPort(lab.server, lab.port);
    const served = ['s_server', '-accept', address, '-key', key, '-cert', certificate, '-tls1_2', '-quiet'];
    const stop = await lab.daemon('server', lab.port, 'openssl', ...served);
    await lab
      .command(
        'client',
        'timeout',
        '3',
        'openssl',
        's_client',
        ...['-tls1_2', '-verify_return_error', '-connect', address],
      )
      .catch(() => undefined); // it is meant to fail
    await lab.sleep(200);
    await stop();
  },
  failures: [{ kind: 'handshake-failed', side: 'client' }],
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

const healthy: Scenario = {
  name: 'healthy',
  about:
    'nothing fails: a slow answer, an idle while, a half-close, a probe without data, a pause in an upload',
  short: true,
  async run(lab) {
    const end: Step[] = [['shutdown'], ['drain'], ['close']];
    const [slow, half, probe, upload] = lab.ports;
    const request = lab.request();
    const answer = `HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello`;
    const kept = [
      await lab.onServer(
        ['listen', lab.server, slow],
        ['accept'],
        ['receive', request.length],
        ['sleep', 2.5],
        ['send', answer],
        ['receive', request.length],
        ['send', answer],
        ...end,
      ),
      await lab.onServer(['listen', lab.server, half], ['accept'], ['drain'], ['send', 3000], ...end),
      await lab.onServer(['listen', lab.server, probe], ['accept'], ['drain'], ['close']),
      await lab.onServer(['listen', lab.server, upload], ['accept'], ['receive', 9000], ['send', 50], ...end),
    ];
    const talks = [
      lab.onClient(
        ['connect', lab.server, slow],
        ['send', request],
        ['receive', answer.length],
        ['sleep', 1.5],
        ['send', request],
        ['drain'],
        ['close'],
      ),
      lab.onClient(['connect', lab.server, half], ['send', 200], ['shutdown'], ['drain'], ['close']),
      lab.onClient(['connect', lab.server, probe], ['shutdown'], ['drain'], ['close']),
      lab.onClient(
        ['connect', lab.server, upload],
        ['send', 4000],
        ['sleep', 2],
        ['send', 5000],
        ['drain'],
        ['close'],
      ),
    ];
    await Promise.all([...kept, ...talks].map((program) => program.done));
  },
};

const lossyButWell: Scenario = {
  name: 'healthy-loss',
  about: 'a path that loses every twelfth packet, and a connection that ends well all the same',
  async run(lab) {
    await lab.nftScript(
      lab.router('middle'),
      `table inet loss${lab.port} {
         chain c { type filter hook forward priority -20;
           tcp dport ${lab.port} numgen random mod 100 < 8 drop
           tcp sport ${lab.port} numgen random mod 100 < 8 drop
         }
       }`,
    );
    const size = lab.bytes(30_000, 70_000);
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      ['receive', 80],
      ['send', size],
      ['shutdown'],
      ['drain'],
      ['close'],
    );
    await lab.onClient(['connect', lab.server, lab.port], ['send', 80], ['drain'], ['close']).done;
    await server.done;
  },
};

export const FAILURES: readonly Scenario[] = [
  noAnswerDeaf,
  cutRequests,
  cutAnswers,
  deadServer,
  blackHole(false),
  blackHole(true),
  zeroWindow(false),
  zeroWindow(true),
  halfOpenData,
  halfOpen,
  synFlood,
  noAnswerDropped,
  noAnswerNobody,
  answersLost,
  answeredLate,
  gaveUp,
  dns,
  healthy,
  lossyButWell,
  unreachableHost,
  unreachablePort,
  closedEarly,
  cutShort,
  cutChunked,
  tlsRefused(true),
  tlsRefused(false),
  tlsUnknownAuthority,
];
