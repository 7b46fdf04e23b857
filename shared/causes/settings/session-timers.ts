/** How long devices on the path remember a connection that is silent. */
import type { Setting } from './setting.ts';
import { ENVOY_TIMEOUTS, HAPROXY, KUBE_PROXY, LINUX_CONNTRACK } from './sources.ts';

export const SESSION_TIMERS: readonly Setting[] = [
  {
    system: 'AWS Network Load Balancer',
    setting: 'tcp.idle_timeout.seconds',
    default: '350 s (60 to 6,000; TLS listeners are fixed)',
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html',
  },
  {
    system: 'AWS NAT gateway',
    setting: 'idle timeout',
    default: '350 s, fixed',
    source: 'https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html',
  },
  {
    system: 'AWS Network Firewall',
    setting: 'TcpIdleTimeoutSeconds',
    default: '350 s (60 to 6,000)',
    source: 'https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_FlowTimeouts.html',
  },
  {
    system: 'Azure Load Balancer',
    setting: 'idle timeout of the rule',
    default: '4 min (up to 100); drops in silence unless “TCP reset” is on',
    source: 'https://learn.microsoft.com/azure/load-balancer/load-balancer-tcp-reset',
  },
  {
    system: 'Azure NAT gateway of AKS',
    setting: 'idleTimeoutInMinutes',
    default: '4 min (up to 120)',
    source:
      'https://learn.microsoft.com/javascript/api/@azure-rest/arm-containerservice/managedclusternatgatewayprofile',
  },
  {
    system: 'Palo Alto PAN-OS',
    setting: 'TCP session timeout',
    default: '3,600 s',
    source: 'https://docs.paloaltonetworks.com/ngfw/help/12-1/device/device-setup-session/session-timeouts',
  },
  {
    system: 'FortiGate',
    setting: 'config system session-ttl, set default',
    default: '3,600 s (300 to 2,764,800)',
    source:
      'https://community.fortinet.com/t5/FortiGate/Technical-Tip-Default-session-timeout-value-session-ttl/ta-p/194357',
  },
  {
    system: 'Cisco ASA',
    setting: 'timeout conn; set connection timeout idle … reset',
    default: '1 h; sends a reset only with “reset”',
    source:
      'https://www.cisco.com/c/en/us/td/docs/security/asa/asa914/configuration/firewall/asa-914-firewall-config/conns-connlimits.html',
  },
  {
    system: 'F5 BIG-IP, Fast L4 profile',
    setting: 'idle-timeout, reset-on-timeout',
    default: '300 s, reset is on',
    source:
      'https://clouddocs.f5.com/products/extensions/f5-appsvcs-extension/latest/refguide/schemaref/L4_Profile.schema.json.html',
  },
  {
    system: 'NetScaler',
    setting: 'cltTimeout, svrTimeout',
    default: 'by the type of the service, unless ns timeout says another',
    source:
      'https://developer-docs.citrix.com/projects/citrix-adc-nitro-api-reference/en/latest/configuration/ns/nstimeout/',
  },
  {
    system: 'Envoy TCP proxy',
    setting: 'TcpProxy.idle_timeout',
    default: '1 h',
    source: `${ENVOY_TIMEOUTS}#tcp`,
  },
  {
    system: 'nginx stream proxy',
    setting: 'proxy_timeout',
    default: '10 min',
    source: 'https://nginx.org/en/docs/stream/ngx_stream_proxy_module.html#proxy_timeout',
  },
  {
    system: 'HAProxy',
    setting: 'timeout client, timeout server, timeout tunnel',
    default: 'none, with a warning at start',
    source: `${HAPROXY}#4.2-timeout%20client`,
  },
  {
    system: 'Linux connection tracking',
    setting: 'net.netfilter.nf_conntrack_tcp_timeout_established',
    default: '432,000 s (5 days)',
    source: LINUX_CONNTRACK,
  },
  {
    system: 'Kubernetes kube-proxy',
    setting: '--conntrack-tcp-timeout-established',
    default: '24 h',
    source: KUBE_PROXY,
  },
  {
    system: 'Linux IPVS',
    setting: 'ipvsadm --set; kube-proxy ipvs.tcpTimeout',
    default: '15 min',
    source: 'https://github.com/torvalds/linux/blob/master/net/netfilter/ipvs/ip_vs_proto_tcp.c',
  },
];
