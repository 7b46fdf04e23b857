/** How long clients wait for a reply, and what servers do when a client goes away. */
import type { Setting } from './setting.ts';
import { APACHE, GO_HTTP, NGINX, NGINX_PROXY, NODE_HTTP } from './sources.ts';

export const CLIENT_TIMEOUTS: readonly Setting[] = [
  {
    system: '.NET HttpClient',
    setting: 'Timeout',
    default: '100 s',
    source: 'https://learn.microsoft.com/dotnet/api/system.net.http.httpclient.timeout',
  },
  { system: 'Go net/http client', setting: 'Client.Timeout', default: 'none', source: `${GO_HTTP}#Client` },
  {
    system: 'curl',
    setting: '--max-time',
    default: 'none',
    source: 'https://curl.se/docs/manpage.html#-m',
  },
  {
    system: 'Python requests',
    setting: 'timeout=',
    default: 'none',
    source: 'https://requests.readthedocs.io/en/latest/user/advanced/#timeouts',
  },
  {
    system: 'nginx as a proxy',
    setting: 'proxy_ignore_client_abort',
    default: 'off: the request behind it is dropped as well',
    source: `${NGINX_PROXY}#proxy_ignore_client_abort`,
  },
  {
    system: 'nginx',
    setting: 'send_timeout',
    default: '60 s between two writes',
    source: `${NGINX}#send_timeout`,
  },
  { system: 'Apache httpd', setting: 'TimeOut', default: '60 s', source: `${APACHE}#timeout` },
  {
    system: 'Node.js',
    setting: 'server.requestTimeout',
    default: '300 s for the whole request',
    source: `${NODE_HTTP}#serverrequesttimeout`,
  },
];
