/** The everyday resets of two hosts: refused, aborted, closed too early, killed. */
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
  about: 'the client aborts with SO_LINGER 0 while the server still sends',
  async run(lab) {
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      ['receive', 50],
      ['send', lab.bytes(60_000, 120_000)],
      ['drain'],
      ['close'],
    );
    await lab.onClient(
      ['connect', lab.server, lab.port],
      ['send', 50],
      ['receive', lab.bytes(5000, 20_000)],
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
    },
    {
      emitter: 'client',
      reason: 'TCP_ABORT_ON_CLOSE',
      cause: 'closed-with-unread-data',
      alternatives: ['aborted', 'client-cancelled'],
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

export const BASIC: readonly Scenario[] = [refused, closeUnread, lingerServer, lingerClient, dataAfterClose];
