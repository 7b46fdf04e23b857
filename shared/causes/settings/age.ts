/** How old a connection may become, in use or not. */
import type { Setting } from './setting.ts';
import {
  APACHE,
  APACHE_MPM,
  AWS_ALB,
  ENVOY_TIMEOUTS,
  GUNICORN,
  HAPROXY,
  HIKARI,
  NGINX,
  NGINX_UPSTREAM,
  PGBOUNCER,
  TOMCAT,
} from './sources.ts';

export const AGE: readonly Setting[] = [
  {
    system: 'nginx',
    setting: 'keepalive_time',
    default: '1 h',
    since: '1.19.10',
    source: `${NGINX}#keepalive_time`,
  },
  {
    system: 'nginx',
    setting: 'keepalive_requests',
    default: '1,000 requests',
    since: '1.19.10; 100 before',
    source: `${NGINX}#keepalive_requests`,
  },
  {
    system: 'nginx to its upstream',
    setting: 'upstream keepalive_time',
    default: '1 h',
    since: '1.19.10',
    source: `${NGINX_UPSTREAM}#keepalive_time`,
  },
  {
    system: 'Apache httpd',
    setting: 'MaxKeepAliveRequests',
    default: '100 requests',
    source: `${APACHE}#maxkeepaliverequests`,
  },
  {
    system: 'Apache httpd',
    setting: 'MaxConnectionsPerChild',
    default: '0: no limit',
    source: `${APACHE_MPM}#maxconnectionsperchild`,
  },
  {
    system: 'Tomcat, Spring Boot',
    setting: 'maxKeepAliveRequests',
    default: '100 requests',
    source: TOMCAT,
  },
  {
    system: 'Envoy, Istio',
    setting: 'max_connection_duration',
    default: 'no limit; active streams are drained first',
    source: `${ENVOY_TIMEOUTS}#connection-timeouts`,
  },
  {
    system: 'HAProxy',
    setting: 'hard-stop-after',
    default: 'no limit: an old process stays until its last connection ends',
    source: `${HAPROXY}#3.1-hard-stop-after`,
  },
  {
    system: 'AWS Application Load Balancer',
    setting: 'client_keep_alive.seconds',
    default: '3,600 s (60 to 604,800)',
    source: `${AWS_ALB}#http-client-keep-alive-duration`,
  },
  {
    system: 'gunicorn',
    setting: 'max_requests',
    default: '0: workers are not restarted',
    source: `${GUNICORN}#max-requests`,
  },
  { system: 'HikariCP', setting: 'maxLifetime', default: '30 min', source: HIKARI },
  { system: 'PgBouncer', setting: 'server_lifetime', default: '3,600 s', source: PGBOUNCER },
];
