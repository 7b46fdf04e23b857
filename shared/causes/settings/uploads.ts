/** How large a request may be. */
import type { Setting } from './setting.ts';
import { APACHE, HAPROXY, KESTREL, NGINX, TOMCAT } from './sources.ts';

export const UPLOADS: readonly Setting[] = [
  {
    system: 'nginx',
    setting: 'client_max_body_size',
    default: '1 MiB',
    source: `${NGINX}#client_max_body_size`,
  },
  {
    system: 'Apache httpd',
    setting: 'LimitRequestBody',
    default: '1 GiB',
    since: '2.4.54; unlimited before',
    source: `${APACHE}#limitrequestbody`,
  },
  {
    system: 'ASP.NET Kestrel',
    setting: 'Limits.MaxRequestBodySize',
    default: '30,000,000 bytes',
    source: KESTREL,
  },
  { system: 'Tomcat, Spring Boot', setting: 'maxPostSize', default: '2 MiB of form data', source: TOMCAT },
  {
    system: 'HAProxy',
    setting: 'tune.bufsize',
    default: '16,384 bytes for all headers',
    source: `${HAPROXY}#3.2-tune.bufsize`,
  },
];
