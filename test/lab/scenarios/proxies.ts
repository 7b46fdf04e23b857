/** Proxies on the way whose other side fails: two connections, one cause, and every reset is an endpoint's. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CauseCode } from '../../../shared/model/cause.ts';
import type { Step } from '../agent.ts';
import { hostPort, routerName } from '../plan.ts';
import type { Lab, Scenario } from '../scenario.ts';
import type { CauseRule } from '../truth.ts';
import { askOverTls, certificate } from './tls.ts';
import { httpPaths, nginx, STREAM_MODULE } from './nginx.ts';

/** A proxy stands on a router: the client talks to its address there, it talks to the server. */
interface Proxied {
  readonly name: string;
  readonly about: string;
  readonly short?: boolean;
  readonly configure:
    'haproxy-tcp' | 'haproxy-proxy-protocol' | 'haproxy-tls' | 'haproxy-http' | 'nginx-http' | 'nginx-stream';
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
  return `global\n  maxconn 50\n  log stderr local0\ndefaults\n  mode ${kind === 'haproxy-http' ? 'http' : 'tcp'}
  timeout connect 1s\n  timeout client 1500ms\n  timeout server 1200ms\n  retries 0
listen lab\n  bind ${front}${kind === 'haproxy-tls' ? ` ssl crt ${join(lab.folder, 'both.pem')}` : ''}
  server s ${back}${kind === 'haproxy-proxy-protocol' ? ' send-proxy-v2' : ''}\n`;
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
      what.configure === 'haproxy-tls'
        ? ['haproxy', 'openssl']
        : what.configure === 'nginx-stream'
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
      if (what.configure === 'haproxy-tls') await certificate(lab);
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
      if (what.configure === 'haproxy-tls') await askOverTls(lab, hostPort(address, frontPort), GET);
      else await lab.onClient(['connect', address, frontPort], ...what.client).done;
      await lab.sleep(200);
      backend?.kill();
      await backend?.done;
      await stop();
    },
    proxied: { front: 1, back: 0 },
    rules: proxyRules,
  };
}

/** The least that version 2 of it takes, over IPv4. */
const PROXY_HEADER = 28;
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
    name: 'haproxy-healthy',
    about: 'haproxy, TCP: a download that both sides close',
    short: true,
    configure: 'haproxy-tcp',
    backend: [['receive', GET.length], ['send', 30_000], ['shutdown'], ['drain', 's', 4], ['close']],
    client: asks,
    cause: 'proxy-reset',
    alternatives: ['aborted', 'data-after-close', 'closed-with-unread-data'],
  },
  {
    name: 'haproxy-protocol-aborts',
    about: 'haproxy, TCP, tells the backend of the client (PROXY protocol); the backend aborts in its answer',
    short: true,
    configure: 'haproxy-proxy-protocol',
    backend: [['receive', GET.length + PROXY_HEADER], ['send', 5000], ['sleep', 0.1], ['linger0'], ['close']],
    client: asks,
    cause: 'proxy-reset',
    alternatives: ['aborted', 'data-after-close', 'closed-with-unread-data'],
  },
  {
    name: 'haproxy-tls-ended',
    about: 'haproxy ends TLS and speaks plainly to the backend, which aborts in the middle of its answer',
    short: true,
    configure: 'haproxy-tls',
    backend: [['receive', GET.length], ['send', 5000], ['sleep', 0.1], ['linger0'], ['close']],
    client: [],
    cause: 'proxy-reset',
    alternatives: ['aborted', 'data-after-close', 'closed-with-unread-data', 'client-cancelled'],
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

export const PROXIES: readonly Scenario[] = PROXIED.map(proxied);
