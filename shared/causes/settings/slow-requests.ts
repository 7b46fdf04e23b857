/** How long servers wait for a request to arrive. */
import type { Setting } from './setting.ts';
import { HAPROXY, NGINX, NODE_HTTP } from './sources.ts';

export const SLOW_REQUESTS: readonly Setting[] = [
  {
    system: 'nginx',
    setting: 'client_header_timeout, client_body_timeout',
    default: '60 s',
    source: `${NGINX}#client_body_timeout`,
  },
  {
    system: 'nginx',
    setting: 'reset_timedout_connection',
    default: 'off: on resets rather than closes',
    source: `${NGINX}#reset_timedout_connection`,
  },
  {
    system: 'Apache httpd',
    setting: 'RequestReadTimeout',
    default: 'header 20 to 40 s, body 20 s, at 500 bytes a second',
    source: 'https://httpd.apache.org/docs/2.4/mod/mod_reqtimeout.html',
  },
  {
    system: 'Node.js',
    setting: 'server.headersTimeout',
    default: '60 s',
    source: `${NODE_HTTP}#serverheaderstimeout`,
  },
  {
    system: 'HAProxy',
    setting: 'timeout http-request',
    default: 'none',
    source: `${HAPROXY}#4.2-timeout%20http-request`,
  },
];
