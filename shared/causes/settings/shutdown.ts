/** How long a program that is told to stop may finish its work before it is killed. */
import type { Setting } from './setting.ts';
import { APACHE_MPM, GUNICORN, HAPROXY, LINUX_IP, UVICORN } from './sources.ts';

export const SHUTDOWN: readonly Setting[] = [
  {
    system: 'Kubernetes',
    setting: 'terminationGracePeriodSeconds',
    default: '30 s, then SIGKILL',
    source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination',
  },
  {
    system: 'systemd',
    setting: 'TimeoutStopSec (DefaultTimeoutStopSec)',
    default: '90 s, then SIGKILL',
    source: 'https://www.freedesktop.org/software/systemd/man/latest/systemd-system.conf.html',
  },
  {
    system: 'nginx',
    setting: 'worker_shutdown_timeout',
    default: 'none: old workers stay until their connections end',
    source: 'https://nginx.org/en/docs/ngx_core_module.html#worker_shutdown_timeout',
  },
  {
    system: 'Apache httpd',
    setting: 'GracefulShutdownTimeout',
    default: '0: no limit',
    source: `${APACHE_MPM}#gracefulshutdowntimeout`,
  },
  {
    system: 'HAProxy',
    setting: 'close-spread-time',
    default: 'none: idle connections are all closed at once on reload',
    source: `${HAPROXY}#3.1-close-spread-time`,
  },
  {
    system: 'gunicorn',
    setting: 'timeout',
    default: '30 s: a worker that is silent for longer is killed',
    source: `${GUNICORN}#timeout`,
  },
  {
    system: 'gunicorn',
    setting: 'graceful_timeout',
    default: '30 s',
    source: `${GUNICORN}#graceful-timeout`,
  },
  {
    system: 'uvicorn',
    setting: '--timeout-graceful-shutdown',
    default: 'none',
    source: UVICORN,
  },
  {
    system: 'Linux',
    setting: 'net.ipv4.tcp_migrate_req',
    default: '0: connections that wait die with their listener, SO_REUSEPORT or not',
    source: LINUX_IP,
  },
];
