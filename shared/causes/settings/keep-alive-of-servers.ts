/** How long servers and their front ends keep a connection that nobody uses. The client's own timer must be shorter. */
import type { Setting } from './setting.ts';
import {
  APACHE,
  AWS_ALB,
  ENVOY_TIMEOUTS,
  GO_HTTP,
  GUNICORN,
  HAPROXY,
  KESTREL,
  NGINX,
  NODE_HTTP,
  TOMCAT,
  UVICORN,
} from './sources.ts';

export const KEEP_ALIVE_OF_SERVERS: readonly Setting[] = [
  {
    system: 'nginx',
    setting: 'keepalive_timeout',
    default: '75 s',
    source: `${NGINX}#keepalive_timeout`,
  },
  {
    system: 'nginx',
    setting: 'keepalive_min_timeout',
    default: '0 s: idle connections are closed at once on reload',
    since: '1.27.4',
    source: `${NGINX}#keepalive_min_timeout`,
  },
  {
    system: 'Apache httpd',
    setting: 'KeepAliveTimeout',
    default: '5 s',
    source: `${APACHE}#keepalivetimeout`,
  },
  {
    system: 'IIS',
    setting: 'limits connectionTimeout',
    default: '120 s',
    source: 'https://learn.microsoft.com/iis/configuration/system.applicationhost/sites/sitedefaults/limits',
  },
  { system: 'ASP.NET Kestrel', setting: 'Limits.KeepAliveTimeout', default: '130 s', source: KESTREL },
  {
    system: 'Node.js',
    setting: 'server.keepAliveTimeout',
    default: '5 s',
    since: '8.0; 65 s in releases after 26.0',
    source: `${NODE_HTTP}#serverkeepalivetimeout`,
  },
  {
    system: 'Node.js',
    setting: 'server.keepAliveTimeoutBuffer',
    default: '1 s on top of it',
    since: '24.6',
    source: `${NODE_HTTP}#serverkeepalivetimeoutbuffer`,
  },
  {
    system: 'Go net/http server',
    setting: 'Server.IdleTimeout',
    default: 'ReadTimeout, or none where there is no such either',
    source: `${GO_HTTP}#Server`,
  },
  {
    system: 'Tomcat, Spring Boot',
    setting: 'keepAliveTimeout',
    default: 'connectionTimeout, 60 s (20 s in the server.xml that comes with Tomcat)',
    source: TOMCAT,
  },
  { system: 'gunicorn', setting: 'keepalive', default: '2 s', source: `${GUNICORN}#keepalive` },
  { system: 'uvicorn', setting: '--timeout-keep-alive', default: '5 s', source: UVICORN },
  {
    system: 'Envoy, Istio',
    setting: 'common_http_protocol_options.idle_timeout',
    default: '1 h',
    source: ENVOY_TIMEOUTS,
  },
  {
    system: 'HAProxy',
    setting: 'timeout http-keep-alive',
    default: 'timeout http-request',
    source: `${HAPROXY}#4.2-timeout%20http-keep-alive`,
  },
  {
    system: 'MySQL',
    setting: 'wait_timeout',
    default: '28,800 s (8 h)',
    source: 'https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_wait_timeout',
  },
  {
    system: 'AWS Application Load Balancer',
    setting: 'idle_timeout.timeout_seconds',
    default: '60 s',
    source: `${AWS_ALB}#connection-idle-timeout`,
  },
  {
    system: 'Google Cloud Application Load Balancer',
    setting: 'httpKeepAliveTimeoutSec',
    default: '610 s towards clients; 600 s towards backends, fixed',
    source: 'https://cloud.google.com/load-balancing/docs/https/request-distribution',
  },
];
