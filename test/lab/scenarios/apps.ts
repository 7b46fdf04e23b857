/** Real servers and their ways to end a connection early: HTTP errors under an upload, TLS alerts. */
import { join } from 'node:path';
import type { Scenario } from '../scenario.ts';
import { hostPort, httpPaths, nginx } from './nginx.ts';

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

const earlyError: Scenario = {
  name: 'early-http-error',
  about: 'a server answers 401 while the upload runs, and closes',
  short: true,
  async run(lab) {
    const text = '{"error":"no token"}';
    const answer =
      'HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Type: application/json\r\n' +
      `Content-Length: ${text.length}\r\n\r\n${text}`;
    const size = lab.bytes(30_000, 90_000);
    const server = await lab.onServer(
      ['listen', lab.server, lab.port, 64, 'l', 8192],
      ['accept'],
      ['receive', 400],
      ['send', answer],
      ['peek', 200],
      ['close'],
    );
    await lab.onClient(
      ['connect', lab.server, lab.port],
      ['send', lab.request('/api', size)],
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
      alternatives: ['application-error', 'request-too-large'],
    },
  ],
};

/** A TLS record: fatal alert, handshake_failure. */
const FATAL_ALERT = 'hex:15030300020228';

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
      ['send', FATAL_ALERT],
      ['sleep', 0.02],
      ['linger0'],
      ['close'],
    );
    await lab
      .command('client', 'timeout', '3', 'openssl', 's_client', '-connect', hostPort(lab.server, lab.port))
      .catch(() => undefined); // it is meant to fail
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
    const [key, certificate] = [join(lab.folder, 'key.pem'), join(lab.folder, 'cert.pem')];
    await lab.command(
      'server',
      'openssl',
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-subj', '/CN=lab.example', '-days', '2', '-keyout', key, '-out', certificate],
    );
    const stop = await lab.daemon(
      'server',
      lab.port,
      'openssl',
      ...[
        's_server',
        '-accept',
        hostPort(lab.server, lab.port),
        '-key',
        key,
        '-cert',
        certificate,
        '-tls1_2',
        '-www',
      ],
    );
    const client = (...options: string[]): Promise<unknown> =>
      lab
        .command(
          'client',
          'sh',
          '-c',
          `printf 'GET / HTTP/1.0\\r\\n\\r\\n' | timeout 2 openssl s_client -connect ${hostPort(lab.server, lab.port)} ${options.join(' ')}`,
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
  earlyError,
  tlsAlert,
  tlsVersion,
];
