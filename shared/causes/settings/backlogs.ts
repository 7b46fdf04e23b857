/** How many finished handshakes may wait to be accepted: the smaller of the program's number and the system's counts. */
import type { Setting } from './setting.ts';
import { APACHE_MPM, GUNICORN, HAPROXY, LINUX_IP, NGINX, REDIS, TOMCAT, UVICORN } from './sources.ts';

export const BACKLOGS: readonly Setting[] = [
  {
    system: 'Linux',
    setting: 'net.core.somaxconn',
    default: '4,096 connections',
    since: '5.4; 128 before',
    source: LINUX_IP,
  },
  {
    system: 'Linux',
    setting: 'net.ipv4.tcp_max_syn_backlog',
    default: '128 handshakes or more, by memory',
    source: LINUX_IP,
  },
  {
    system: 'Linux',
    setting: 'net.ipv4.tcp_abort_on_overflow',
    default: '0: the client waits and retransmits; 1 resets it',
    source: LINUX_IP,
  },
  {
    system: 'macOS',
    setting: 'kern.ipc.somaxconn',
    default: '128 connections; a full queue is answered with a reset',
    source:
      'https://developer.apple.com/library/archive/documentation/System/Conceptual/ManPages_iPhoneOS/man2/listen.2.html',
  },
  {
    system: 'Windows',
    setting: 'listen(SOMAXCONN_HINT(N))',
    default: 'what the program asks for; N counts from 200 to 65,535',
    source: 'https://learn.microsoft.com/windows/win32/api/winsock2/nf-winsock2-listen',
  },
  {
    system: 'nginx',
    setting: 'listen … backlog=',
    default: '511 connections; the system’s limit on macOS and FreeBSD',
    source: `${NGINX}#listen`,
  },
  {
    system: 'Apache httpd',
    setting: 'ListenBackLog',
    default: '511 connections',
    source: `${APACHE_MPM}#listenbacklog`,
  },
  {
    system: 'HAProxy',
    setting: 'backlog',
    default: 'maxconn of the frontend',
    source: `${HAPROXY}#4.2-backlog`,
  },
  {
    system: 'Node.js',
    setting: 'server.listen({ backlog })',
    default: '511 connections',
    source: 'https://nodejs.org/api/net.html#serverlisten',
  },
  {
    system: 'Java ServerSocket',
    setting: 'backlog',
    default: '50 connections',
    source: 'https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/net/ServerSocket.html',
  },
  { system: 'Tomcat, Spring Boot', setting: 'acceptCount', default: '100 connections', source: TOMCAT },
  {
    system: 'Python socketserver, http.server',
    setting: 'request_queue_size',
    default: '5 connections',
    source: 'https://docs.python.org/3/library/socketserver.html',
  },
  { system: 'gunicorn', setting: 'backlog', default: '2,048 connections', source: `${GUNICORN}#backlog` },
  { system: 'uvicorn', setting: '--backlog', default: '2,048 connections', source: UVICORN },
  {
    system: 'PHP-FPM',
    setting: 'listen.backlog',
    default: '511 connections',
    source: 'https://github.com/php/php-src/blob/master/sapi/fpm/www.conf.in',
  },
  { system: 'Redis', setting: 'tcp-backlog', default: '511 connections', source: REDIS },
];
