/** Connections that both ends close, and that fail all the same: no answer, a part of it, no handshake of TLS. */
import type { Step } from '../agent.ts';
import { hostPort } from '../plan.ts';
import type { Lab, Scenario } from '../scenario.ts';
import { certificate, fatalAlert, greet } from './tls.ts';

const PROTOCOL_VERSION = 70;

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
        ...((alert ? [['send', fatalAlert(PROTOCOL_VERSION)]] : []) as Step[]),
        ['shutdown'],
        ['drain'],
        ['close'],
      );
      await greet(lab);
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
    const address = hostPort(lab.server, lab.port);
    const served = ['s_server', '-accept', address, ...(await certificate(lab)), '-tls1_2', '-quiet'];
    const stop = await lab.daemon('server', lab.port, 'openssl', ...served);
    await greet(lab, '-tls1_2', '-verify_return_error');
    await lab.sleep(200);
    await stop();
  },
  failures: [{ kind: 'handshake-failed', side: 'client' }],
};

export const ENDED_EARLY: readonly Scenario[] = [
  gaveUp,
  closedEarly,
  cutShort,
  cutChunked,
  tlsRefused(true),
  tlsRefused(false),
  tlsUnknownAuthority,
];
