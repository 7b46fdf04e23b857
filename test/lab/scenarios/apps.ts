/** Real servers and their ways to end a connection early: HTTP errors under an upload, TLS alerts. */
import type { CauseCode } from '../../../shared/model/cause.ts';
import { hostPort } from '../plan.ts';
import type { Scenario } from '../scenario.ts';
import { httpPaths, nginx } from './nginx.ts';
import { certificate, fatalAlert, greet } from './tls.ts';

/**
 * nginx answers 413 at once and reads on for a while (lingering_timeout): a client that pauses longer in its upload
 * sends the rest to a connection that is gone.
 */
function nginxTooLarge(patient: boolean): Scenario {
  return {
    name: `nginx-413-${patient ? 'patient' : 'impatient'}`,
    about: `an upload larger than client_max_body_size; nginx waits ${patient ? 'for its end' : 'too briefly'}`,
    short: !patient,
    wellKnown: patient ? undefined : 8080,
    needs: ['nginx'],
    async run(lab) {
      const stop = await nginx(
        lab,
        'server',
        lab.port,
        `http { access_log off; ${httpPaths(lab.folder)}
           server { listen ${hostPort(lab.server, lab.port)}; client_max_body_size 1k;
             lingering_timeout ${patient ? '2s' : '300ms'}; } }`,
      );
      const size = lab.bytes(60_000, 110_000);
      await lab.onClient(
        ['connect', lab.server, lab.port],
        ['send', lab.request('/upload', size)],
        ['send', 20_000],
        ['sleep', patient ? 0.05 : 0.7],
        ['send', size - 20_000],
        ['drain', 's', 4],
        ['close'],
      ).done;
      await stop();
    },
    rules: [
      {
        emitter: 'server',
        reason: 'TCP_ABORT_ON_CLOSE',
        cause: 'closed-with-unread-data',
        alternatives: ['request-too-large', 'application-error'],
      },
      {
        emitter: 'server',
        cause: 'data-after-close',
        alternatives: ['request-too-large', 'closed-with-unread-data', 'unacceptable-segment'],
      },
    ],
  };
}

/**
 * The server answers an upload before it has read it. Whatever the answer says, it is the close that resets; a program that
 * fails so looks the same.
 */
function earlyAnswer(
  name: string,
  status: string,
  { chunked = false, short = false, alternatives = [] as readonly CauseCode[] } = {},
): Scenario {
  return {
    name,
    about: `the server answers ${status} in the middle of an upload and closes with the rest unread`,
    short,
    async run(lab) {
      const size = lab.bytes(40_000, 90_000);
      const answer = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 3\r\n\r\nno\n`;
      const head = chunked
        ? `POST /api HTTP/1.1\r\nHost: lab.example\r\nTransfer-Encoding: chunked\r\n\r\n${size.toString(16)}\r\n`
        : lab.request('/api', size);
      const server = await lab.onServer(
        ['listen', lab.server, lab.port, 64, 'l', 8192],
        ['accept'],
        ['receive', 2000],
        ['send', answer],
        ['peek', 200],
        ['close'],
      );
      await lab.onClient(
        ['connect', lab.server, lab.port],
        ['send', head],
        ['send', size],
        ['drain', 's', 3],
        ['close'],
      ).done;
      await server.done;
    },
    rules: [
      {
        emitter: 'server',
        reason: 'TCP_ABORT_ON_CLOSE',
        cause: 'closed-with-unread-data',
        alternatives: ['application-error', ...alternatives],
        matters: true,
      },
    ],
  };
}

const HANDSHAKE_FAILURE = 40;

const tlsAlert: Scenario = {
  name: 'tls-alert',
  about: 'a real ClientHello; the server sends a fatal alert and resets',
  short: true,
  wellKnown: 443,
  needs: ['openssl'],
  async run(lab) {
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      ['receive', 200],
      ['send', fatalAlert(HANDSHAKE_FAILURE)],
      ['sleep', 0.02],
      ['linger0'],
      ['close'],
    );
    await greet(lab);
    await server.done;
  },
  rules: [
    {
      emitter: 'server',
      reason: 'TCP_STATE',
      cause: 'tls-failure',
      alternatives: ['aborted', 'closed-with-unread-data'],
    },
    {
      emitter: 'server',
      reason: 'TCP_ABORT_ON_CLOSE',
      cause: 'tls-failure',
      alternatives: ['aborted', 'closed-with-unread-data'],
    },
  ],
};

const tlsVersion: Scenario = {
  name: 'tls-version',
  about:
    'openssl at both ends, no TLS version in common; a second client is content and sends after the close',
  // The first of its two connections fails in its handshake; both have one port.
  failures: [{ kind: 'handshake-failed', side: null, at: { client: null, middle: null, server: null } }],
  needs: ['openssl'],
  async run(lab) {
    const address = hostPort(lab.server, lab.port);
    const served = ['s_server', '-accept', address, ...(await certificate(lab)), '-tls1_2', '-www'];
    const stop = await lab.daemon('server', lab.port, 'openssl', ...served);
    const client = (...options: string[]): Promise<unknown> =>
      lab
        .command(
          'client',
          'sh',
          '-c',
          `printf 'GET / HTTP/1.0\\r\\n\\r\\n' | timeout 2 openssl s_client -connect ${address} ${options.join(' ')}`,
        )
        .catch(() => undefined);
    await client('-tls1_3');
    await client('-tls1_2', '-verify_return_error', '-verify', '3');
    await client('-tls1_2');
    await stop();
  },
  rules: [
    {
      cause: 'tls-failure',
      alternatives: ['closed-with-unread-data', 'data-after-close', 'aborted', 'client-cancelled'],
    },
  ],
};

export const APPS: readonly Scenario[] = [
  nginxTooLarge(false),
  nginxTooLarge(true),
  earlyAnswer('early-http-error', '401 Unauthorized', { short: true }),
  earlyAnswer('unread-upload-200', '200 OK', { short: true }),
  earlyAnswer('unread-upload-413', '413 Content Too Large', { alternatives: ['request-too-large'] }),
  earlyAnswer('unread-upload-chunked', '401 Unauthorized', { chunked: true }),
  tlsAlert,
  tlsVersion,
];
