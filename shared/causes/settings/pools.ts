/** How long clients keep connections that they do not use: shorter than whatever ends them on the other side. */
import type { Setting } from './setting.ts';
import { GO_HTTP, HAPROXY, HIKARI, NGINX_UPSTREAM, PGBOUNCER } from './sources.ts';

export const POOLS: readonly Setting[] = [
  {
    system: '.NET SocketsHttpHandler',
    setting: 'PooledConnectionIdleTimeout',
    default: '60 s',
    since: '.NET 6; 120 s before',
    source:
      'https://learn.microsoft.com/dotnet/api/system.net.http.socketshttphandler.pooledconnectionidletimeout',
  },
  {
    system: 'Java HttpClient',
    setting: 'jdk.httpclient.keepalive.timeout',
    default: '30 s',
    source: 'https://docs.oracle.com/en/java/javase/21/docs/api/java.net.http/module-summary.html',
  },
  {
    system: 'Go net/http client',
    setting: 'DefaultTransport.IdleConnTimeout',
    default: '90 s',
    source: `${GO_HTTP}#Transport`,
  },
  {
    system: 'nginx to its upstream',
    setting: 'upstream keepalive_timeout',
    default: '60 s; connections are kept by default since 1.29.7',
    source: `${NGINX_UPSTREAM}#keepalive_timeout`,
  },
  {
    system: 'HAProxy to its servers',
    setting: 'pool-purge-delay',
    default: '5 s, half of the idle ones each time',
    source: `${HAPROXY}#5.2-pool-purge-delay`,
  },
  {
    system: 'Istio to its upstream',
    setting: 'DestinationRule connectionPool.http.idleTimeout',
    default: '1 h',
    source: 'https://istio.io/latest/docs/reference/config/networking/destination-rule/',
  },
  { system: 'HikariCP', setting: 'idleTimeout', default: '10 min', source: HIKARI },
  { system: 'PgBouncer', setting: 'server_idle_timeout', default: '600 s', source: PGBOUNCER },
];
