/** Documents that several families of settings rest on. */

export const NGINX = 'https://nginx.org/en/docs/http/ngx_http_core_module.html';
export const NGINX_PROXY = 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html';
export const NGINX_UPSTREAM = 'https://nginx.org/en/docs/http/ngx_http_upstream_module.html';
export const APACHE = 'https://httpd.apache.org/docs/2.4/mod/core.html';
export const APACHE_MPM = 'https://httpd.apache.org/docs/2.4/mod/mpm_common.html';
export const TOMCAT = 'https://tomcat.apache.org/tomcat-11.0-doc/config/http.html';
export const HAPROXY = 'https://docs.haproxy.org/3.2/configuration.html';
export const ENVOY_TIMEOUTS = 'https://www.envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts';
export const GUNICORN = 'https://docs.gunicorn.org/en/stable/settings.html';
export const UVICORN = 'https://www.uvicorn.org/settings/';
export const NODE_HTTP = 'https://nodejs.org/api/http.html';
export const KESTREL =
  'https://learn.microsoft.com/dotnet/api/microsoft.aspnetcore.server.kestrel.core.kestrelserverlimits';
export const GO_HTTP = 'https://pkg.go.dev/net/http';
export const REDIS = 'https://github.com/redis/redis/blob/unstable/redis.conf';
export const LINUX_IP = 'https://docs.kernel.org/networking/ip-sysctl.html';
export const LINUX_CONNTRACK = 'https://docs.kernel.org/networking/nf_conntrack-sysctl.html';
export const LINUX_IPVS = 'https://docs.kernel.org/networking/ipvs-sysctl.html';
export const KUBE_PROXY = 'https://kubernetes.io/docs/reference/command-line-tools-reference/kube-proxy/';
export const AWS_ALB =
  'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html';
export const PGBOUNCER = 'https://www.pgbouncer.org/config.html';
export const HIKARI = 'https://github.com/brettwooldridge/HikariCP';
