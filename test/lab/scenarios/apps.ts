/** Real servers and proxies: nginx, haproxy, openssl. Each ends connections in its own way, and all of them are genuine. */
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CauseCode } from '../../../shared/model/cause.ts';
import type { Step } from '../agent.ts';
import { routerName } from '../plan.ts';
import type { Lab, Scenario } from '../scenario.ts';
import type { CauseRule } from '../truth.ts';

const hostPort = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

async function nginx(lab: Lab, node: string, port: number, body: string): Promise<() => Promise<void>> {
  const file = join(lab.folder, 'nginx.conf');
  await chmod(lab.folder, 0o755);
  await writeFile(
    file,
    `${body.includes('stream {') ? `load_module ${STREAM_MODULE};\n` : ''}daemon off; user root; worker_processes 1; pid ${lab.folder}/nginx.pid; error_log ${lab.folder}/error.log;\n` +
      `events { worker_connections 64; }\n${body}\n`,
  );
  return lab.daemon(node, port, 'nginx', '-p', lab.folder, '-c', file, '-e', `${lab.folder}/error.log`);
}

const STREAM_MODULE = '/usr/lib/nginx/modules/ngx_stream_module.so';

const httpPaths = (folder: string): string =>
  ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ');

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
        cause: 'request-too-large',
        alternatives: ['closed-with-unread-data', 'application-error'],
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
      cause: 'application-error',
      alternatives: ['closed-with-unread-data', 'request-too-large'],
    },
  ],
};

/** A proxy stands on a router: the client talks to its address there, it talks to the server. */
interface Proxied {
  readonly name: string;
  readonly about: string;
  readonly short?: boolean;
  readonly configure: 'haproxy-tcp' | 'haproxy-http' | 'nginx-http' | 'nginx-stream';
  /** What the server does with the connection; none: nobody listens. */
  readonly backend: readonly Step[] | null;
  readonly client: readonly Step[];
  readonly cause: CauseCode;
  readonly alternatives: readonly CauseCode[];
}

function proxyConfig(lab: Lab, kind: Proxied['configure'], front: string, back: string): string {
  if (kind === 'nginx-http')
    return `http { access_log off; ${httpPaths(lab.folder)} proxy_read_timeout 1s; proxy_connect_timeout 1s;
      server { listen ${front}; location / { proxy_pass http://${back}; } } }`;
  if (kind === 'nginx-stream')
    return `stream { server { listen ${front}; proxy_pass ${back}; proxy_timeout 1500ms; proxy_connect_timeout 1s; } }`;
  return `global\n  maxconn 50\n  log stderr local0\ndefaults\n  mode ${kind === 'haproxy-tcp' ? 'tcp' : 'http'}
  timeout connect 1s\n  timeout client 1500ms\n  timeout server 1200ms\n  retries 0
listen lab\n  bind ${front}\n  server s ${back}\n`;
}

function proxied(what: Proxied): Scenario {
  // Its replies to what comes after its own close are what such replies always are.
  const proxyRules: CauseRule[] = [1, 2, 3, 4, 5].flatMap((k) =>
    ['TCP_STATE', 'TCP_ABORT_ON_CLOSE', 'TCP_ABORT_ON_LINGER'].map((reason) => ({
      emitter: routerName(k),
      reason,
      cause: what.cause,
      alternatives: what.alternatives,
    })),
  );
  return {
    name: `proxy-${what.name}`,
    about: what.about,
    short: what.short,
    needs:
      what.configure === 'nginx-stream'
        ? ['nginx', STREAM_MODULE]
        : [what.configure.startsWith('haproxy') ? 'haproxy' : 'nginx'],
    async run(lab) {
      const node = routerName(lab.plan.middle > lab.plan.routers ? lab.plan.routers : lab.plan.middle);
      const address = lab.routerAddress(node);
      const frontPort = lab.port + 1;
      const config = proxyConfig(
        lab,
        what.configure,
        // haproxy takes an IPv6 address without brackets, but not with a port after them.
        what.configure.startsWith('haproxy') ? `${address}:${frontPort}` : hostPort(address, frontPort),
        what.configure.startsWith('haproxy') ? `${lab.server}:${lab.port}` : hostPort(lab.server, lab.port),
      );
      let stop: () => Promise<void>;
      if (what.configure.startsWith('haproxy')) {
        const file = join(lab.folder, 'haproxy.cfg');
        await writeFile(file, config);
        stop = await lab.daemon(node, frontPort, 'haproxy', '-db', '-q', '-f', file);
      } else stop = await nginx(lab, node, frontPort, config);
      const backend =
        what.backend === null
          ? null
          : await lab.onServer(['listen', lab.server, lab.port], ['accept'], ...what.backend);
      await lab.onClient(['connect', address, frontPort], ...what.client).done;
      await lab.sleep(200);
      backend?.kill();
      await backend?.done;
      await stop();
    },
    rules: proxyRules,
  };
}

const GET = 'GET / HTTP/1.1\r\nHost: lab.example\r\n\r\n';
const asks: readonly Step[] = [['send', GET], ['drain', 's', 4], ['close']];

const PROXIED: readonly Proxied[] = [
  {
    name: 'haproxy-backend-refused',
    about: 'haproxy, TCP: nobody listens at the backend',
    short: true,
    configure: 'haproxy-tcp',
    backend: null,
    client: asks,
    cause: 'proxy-reset',
    alternatives: ['closed-with-unread-data', 'aborted', 'application-error'],
  },
  {
    name: 'haproxy-backend-aborts',
    about: 'haproxy, TCP: the backend aborts in the middle of its answer',
    short: true,
    configure: 'haproxy-tcp',
    backend: [['receive', GET.length], ['send', 5000], ['sleep', 0.1], ['linger0'], ['close']],
    client: asks,
    cause: 'proxy-reset',
    alternatives: ['aborted', 'data-after-close', 'closed-with-unread-data'],
  },
  {
    name: 'haproxy-idle',
    about: 'haproxy, TCP: nothing is said for longer than its timeouts',
    configure: 'haproxy-tcp',
    backend: [['receive', GET.length], ['send', 300], ['drain', 's', 6], ['close']],
    client: [['send', GET], ['receive', 300], ['sleep', 2.2], ['send', 20], ['sleep', 0.2], ['close']],
    cause: 'proxy-reset',
    alternatives: ['idle-timeout', 'data-after-close', 'aborted', 'client-cancelled'],
  },
  {
    name: 'haproxy-http-timeout',
    about: 'haproxy, HTTP: the backend does not answer in time, the client gets 504',
    configure: 'haproxy-http',
    backend: [
      ['receive', GET.length],
      ['sleep', 3],
    ],
    client: asks,
    cause: 'proxy-reset',
    alternatives: [
      'aborted',
      'idle-timeout',
      'client-cancelled',
      'data-after-close',
      'closed-with-unread-data',
    ],
  },
  {
    name: 'haproxy-client-gone',
    about: 'haproxy, TCP: the client aborts a download and haproxy aborts the other leg',
    configure: 'haproxy-tcp',
    backend: [['receive', GET.length], ['send', 90_000], ['drain', 's', 4], ['close']],
    client: [['send', GET], ['receive', 20_000], ['linger0'], ['close']],
    cause: 'proxy-reset',
    alternatives: ['closed-with-unread-data', 'aborted', 'data-after-close', 'client-cancelled'],
  },
  {
    name: 'nginx-backend-aborts',
    about: 'nginx, HTTP: the backend aborts before it answers, the client gets 502',
    configure: 'nginx-http',
    backend: [['receive', 20], ['sleep', 0.05], ['linger0'], ['close']],
    client: asks,
    cause: 'proxy-reset',
    alternatives: ['aborted', 'closed-with-unread-data', 'data-after-close'],
  },
  {
    name: 'nginx-stream-backend-aborts',
    about: 'nginx, stream: the backend aborts in the middle of its answer',
    short: true,
    configure: 'nginx-stream',
    backend: [['receive', GET.length], ['send', 4000], ['sleep', 0.1], ['linger0'], ['close']],
    client: asks,
    cause: 'proxy-reset',
    alternatives: ['aborted', 'closed-with-unread-data', 'data-after-close'],
  },
  {
    name: 'nginx-stream-idle',
    about: 'nginx, stream: nothing is said for longer than its timeout',
    configure: 'nginx-stream',
    backend: [
      ['receive', GET.length],
      ['send', 300],
      ['drain', 's', 6],
      ['send', 10],
      ['sleep', 0.2],
      ['close'],
    ],
    client: [['send', GET], ['receive', 300], ['sleep', 2], ['send', 20], ['sleep', 0.2], ['close']],
    cause: 'proxy-reset',
    alternatives: ['idle-timeout', 'data-after-close', 'aborted'],
  },
];

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
  ...PROXIED.map(proxied),
  tlsAlert,
  tlsVersion,
];
