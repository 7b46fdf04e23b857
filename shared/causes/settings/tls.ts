/** Which versions of TLS the two sides may agree on. */
import type { Setting } from './setting.ts';
import { HAPROXY, REDIS } from './sources.ts';

export const TLS: readonly Setting[] = [
  {
    system: 'nginx',
    setting: 'ssl_protocols',
    default: 'TLSv1.2 TLSv1.3',
    since: '1.23.4 for TLSv1.3',
    source: 'https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_protocols',
  },
  {
    system: 'HAProxy',
    setting: 'ssl-min-ver',
    default: 'TLSv1.2',
    source: `${HAPROXY}#5.1-ssl-min-ver`,
  },
  {
    system: 'Redis',
    setting: 'tls-protocols',
    default: 'TLSv1.2 TLSv1.3',
    source: REDIS,
  },
];
