/** Whether a server reads on after its reply, so that the reply arrives and no reset is sent. */
import type { Setting } from './setting.ts';
import { HAPROXY, NGINX, TOMCAT } from './sources.ts';

export const CLOSING: readonly Setting[] = [
  {
    system: 'nginx',
    setting: 'lingering_close',
    default: 'on: only where more data is expected; “always” for every connection',
    source: `${NGINX}#lingering_close`,
  },
  {
    system: 'nginx',
    setting: 'lingering_time, lingering_timeout',
    default: '30 s in all, 5 s without data',
    source: `${NGINX}#lingering_time`,
  },
  {
    system: 'Tomcat, Spring Boot',
    setting: 'maxSwallowSize',
    default: '2 MiB are read and thrown away, then it closes',
    source: TOMCAT,
  },
  {
    system: 'HAProxy',
    setting: 'option nolinger',
    default: 'off: on makes it reset rather than close',
    source: `${HAPROXY}#4.2-option%20nolinger`,
  },
];
