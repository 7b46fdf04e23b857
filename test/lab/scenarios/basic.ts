/** The everyday resets of two hosts: refused, aborted, closed too early, sent to after the end. */
import type { Scenario } from '../scenario.ts';

const refused: Scenario = {
  name: 'refused',
  about: 'nobody listens on the port; the client tries twice',
  short: true,
  async run(lab) {
    await lab.onClient(
      ['connect', lab.server, lab.port],
      ['sleep', 0.1],
      ['connect', lab.server, lab.port, 'again'],
    ).done;
  },
};

const refusedByClient: Scenario = {
  name: 'refused-by-client',
  about: 'the server calls back, as FTP did, and nobody listens at the client',
  on: (plan) => plan.nat === null,
  async run(lab) {
    await lab.on('server', ['connect', lab.client, lab.port], ['sleep', 0.05]).done;
  },
};

const closeUnread: Scenario = {
  name: 'close-unread',
  about: 'the server answers and closes while the rest of the request lies unread',
  short: true,
  async run(lab) {
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      ['receive', 100],
      ['send', lab.bytes(200, 3000)],
      ['peek', 100],
      ['close'],
    );
    await lab.onClient(
      ['connect', lab.server, lab.port],
      ['send', lab.bytes(3000, 9000)],
      ['drain'],
      ['close'],
    ).done;
    await server.done;
  },
};

const lingerServer: Scenario = {
  name: 'linger0-server',
  about: 'the server aborts with SO_LINGER 0 after an exchange',
  short: true,
  async run(lab) {
    const request = lab.bytes(80, 900);
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      ['receive', request],
      ['send', lab.bytes(500, 5000)],
      ['sleep', 0.1],
      ['linger0'],
      ['close'],
    );
    await lab.onClient(['connect', lab.server, lab.port], ['send', request], ['drain'], ['close']).done;
    await server.done;
  },
};

const lingerClient: Scenario = {
  name: 'linger0-client',
  about: 'the client aborts with SO_LINGER 0 after it has read the answer',
  short: true,
  async run(lab) {
    const [request, response] = [lab.bytes(50, 500), lab.bytes(500, 20_000)];
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      ['receive', request],
      ['send', response],
      ['drain'],
      ['close'],
    );
    await lab.onClient(
      ['connect', lab.server, lab.port],
      ['send', request],
      ['receive', response],
      ['sleep', 0.05],
      ['linger0'],
      ['close'],
    ).done;
    await server.done;
  },
  rules: [
    {
      emitter: 'client',
      reason: 'TCP_STATE',
      cause: 'aborted',
      alternatives: ['client-cancelled', 'closed-with-unread-data'],
      // It had the whole answer.
      matters: false,
    },
  ],
};

const cancelled: Scenario = {
  name: 'client-cancelled',
  about: 'the client closes in the middle of a download',
  short: true,
  async run(lab) {
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      ['receive', 50],
      ['send', lab.bytes(60_000, 110_000)],
      ['drain'],
      ['close'],
    );
    await lab.onClient(
      ['connect', lab.server, lab.port],
      ['send', 50],
      ['receive', lab.bytes(5000, 20_000)],
      ['peek', 500],
      ['close'],
    ).done;
    await server.done;
  },
  rules: [
    {
      emitter: 'client',
      reason: 'TCP_ABORT_ON_CLOSE',
      cause: 'client-cancelled',
      alternatives: ['closed-with-unread-data', 'aborted'],
    },
  ],
};

const dataAfterClose: Scenario = {
  name: 'data-after-close',
  about: 'the server closes completely; the client sends on',
  short: true,
  async run(lab) {
    const request = lab.bytes(40, 400);
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      ['receive', request],
      ['send', lab.bytes(100, 2000)],
      ['close'],
    );
    const client = lab.onClient(
      ['connect', lab.server, lab.port],
      ['send', request],
      ['drain'],
      ['sleep', 0.15],
      ['send', lab.bytes(20, 900)],
      ['sleep', 0.1],
      ['send', 10],
      ['close'],
    );
    await Promise.all([client.done, server.done]);
  },
};

const pushAfterClientClose: Scenario = {
  name: 'push-after-client-close',
  about: 'the client closes, having read all it wanted; the server goes on sending in small pieces',
  async run(lab) {
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      ['receive', 30],
      ['send', 200],
      ['sleep', 0.2],
      ['send', lab.bytes(100, 1400)],
      ['send', lab.bytes(100, 1400)],
      ['send', lab.bytes(100, 1400)],
      ['sleep', 0.1],
      ['close'],
    );
    await lab.onClient(['connect', lab.server, lab.port], ['send', 30], ['receive', 200], ['close']).done;
    await server.done;
  },
};

const halfCloseAbort: Scenario = {
  name: 'half-close-abort',
  about: 'the server ends its side, then closes with the request unread',
  async run(lab) {
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      ['peek', 200],
      ['sleep', 0.1],
      ['shutdown'],
      ['sleep', 0.05],
      ['close'],
    );
    await lab.onClient(
      ['connect', lab.server, lab.port],
      ['send', lab.bytes(200, 1200)],
      ['drain'],
      ['sleep', 0.2],
      ['close'],
    ).done;
    await server.done;
  },
};

const polite: Scenario = {
  name: 'polite',
  about: 'nothing goes wrong: a trap for those who see resets everywhere',
  short: true,
  async run(lab) {
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      ['receive', 60],
      ['send', 3000],
      ['shutdown'],
      ['drain'],
      ['close'],
    );
    await lab.onClient(['connect', lab.server, lab.port], ['send', 60], ['shutdown'], ['drain'], ['close'])
      .done;
    await server.done;
  },
};

export const BASIC: readonly Scenario[] = [
  refused,
  refusedByClient,
  closeUnread,
  lingerServer,
  lingerClient,
  cancelled,
  dataAfterClose,
  pushAfterClientClose,
  halfCloseAbort,
  polite,
];
