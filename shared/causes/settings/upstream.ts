/** How long proxies wait for the server behind them. */
import type { Setting } from './setting.ts';
import { APACHE, AWS_ALB, ENVOY_TIMEOUTS, HAPROXY, NGINX_PROXY } from './sources.ts';

export const UPSTREAM: readonly Setting[] = [
  {
    system: 'nginx',
    setting: 'proxy_read_timeout',
    default: '60 s between two reads',
    source: `${NGINX_PROXY}#proxy_read_timeout`,
  },
  {
    system: 'nginx',
    setting: 'proxy_connect_timeout',
    default: '60 s',
    source: `${NGINX_PROXY}#proxy_connect_timeout`,
  },
  {
    system: 'Apache httpd',
    setting: 'ProxyTimeout',
    default: 'TimeOut, 60 s',
    source: `${APACHE}#timeout`,
  },
  {
    system: 'Envoy, Istio',
    setting: 'route timeout',
    default: '15 s for the whole response',
    source: `${ENVOY_TIMEOUTS}#route-timeouts`,
  },
  {
    system: 'Envoy, Istio',
    setting: 'stream_idle_timeout',
    default: '5 min',
    source: `${ENVOY_TIMEOUTS}#stream-timeouts`,
  },
  {
    system: 'Envoy, Istio',
    setting: 'cluster connect_timeout',
    default: '5 s',
    source: `${ENVOY_TIMEOUTS}#tcp`,
  },
  {
    system: 'HAProxy',
    setting: 'retry-on, retries',
    default: 'conn-failure only, 3 times',
    source: `${HAPROXY}#4.2-retry-on`,
  },
  {
    system: 'AWS Application Load Balancer',
    setting: 'idle timeout against keep-alive of the target',
    default: '60 s: the target’s must be longer, else 502',
    source: AWS_ALB,
  },
];
