#include "list.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "fail.h"
#include "json.h"

/* libpcap also lists USB buses, Bluetooth adapters and netfilter queues. */
static bool is_network_interface(const pcap_if_t *device) {
  return strcmp(device->name, "any") == 0 || if_nametoindex(device->name) != 0;
}

static void print_addresses(const pcap_if_t *device) {
  const char *separator = "";
  fputs(",\"addresses\":[", stdout);
  for (const pcap_addr_t *at = device->addresses; at != NULL; at = at->next) {
    char text[INET6_ADDRSTRLEN];
    if (at->addr == NULL) continue;
    const int family = at->addr->sa_family;
    const void *bytes = NULL;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (family == AF_INET) {
      memcpy(&v4, at->addr, sizeof v4);
      bytes = &v4.sin_addr;
    } else if (family == AF_INET6) {
      memcpy(&v6, at->addr, sizeof v6);
      bytes = &v6.sin6_addr;
    }
    if (bytes == NULL || inet_ntop(family, bytes, text, sizeof text) == NULL) continue;
    printf("%s\"%s\"", separator, text);
    separator = ",";
  }
  fputc(']', stdout);
}

/* Puts the default link type first, as tcpdump -L does not. */
static void print_link_types_of(pcap_t *handle) {
  const int first = pcap_datalink(handle);
  int *all = NULL;
  const int count = pcap_list_datalinks(handle, &all);
  fputc('[', stdout);
  json_string(stdout, pcap_datalink_val_to_name(first));
  for (int i = 0; i < count; i++) {
    const char *name = pcap_datalink_val_to_name(all[i]);
    if (all[i] == first || name == NULL) continue;
    fputc(',', stdout);
    json_string(stdout, name);
  }
  fputc(']', stdout);
  if (count >= 0) pcap_free_datalinks(all);
}

/* An interface that cannot be opened (no permission, mostly) has no known link types. */
static void print_link_types(const pcap_if_t *device) {
  char error[PCAP_ERRBUF_SIZE];
  fputs(",\"linkTypes\":", stdout);
  pcap_t *handle = pcap_create(device->name, error);
  const bool is_open =
      handle != NULL && pcap_activate(handle) >= 0 && pcap_datalink_val_to_name(pcap_datalink(handle)) != NULL;
  if (is_open) print_link_types_of(handle);
  else fputs("null", stdout);
  if (handle != NULL) pcap_close(handle);
}

static void print_flag(const char *name, const pcap_if_t *device, bpf_u_int32 flag) {
  printf(",\"%s\":%s", name, (device->flags & flag) != 0 ? "true" : "false");
}

static void print_interface(const pcap_if_t *device) {
  fputs("{\"name\":", stdout);
  json_string(stdout, device->name);
  fputs(",\"description\":", stdout);
  json_string(stdout, device->description);
  print_addresses(device);
  print_flag("up", device, PCAP_IF_UP);
  print_flag("running", device, PCAP_IF_RUNNING);
  print_flag("loopback", device, PCAP_IF_LOOPBACK);
  print_flag("wireless", device, PCAP_IF_WIRELESS);
  print_link_types(device);
  fputc('}', stdout);
}

void list_interfaces(void) {
  char error[PCAP_ERRBUF_SIZE];
  pcap_if_t *devices = NULL;
  if (pcap_findalldevs(&devices, error) != 0) fail(EXIT_CODE_SYSTEM, "interfaces cannot be listed: %s", error);
  fputs("{\"version\":", stdout);
  json_string(stdout, CAPD_VERSION);
  fputs(",\"libpcap\":", stdout);
  json_string(stdout, pcap_lib_version());
  fputs(",\"interfaces\":[", stdout);
  const char *separator = "";
  for (const pcap_if_t *device = devices; device != NULL; device = device->next) {
    if (!is_network_interface(device)) continue;
    fputs(separator, stdout);
    print_interface(device);
    separator = ",";
  }
  fputs("]}\n", stdout);
  pcap_freealldevs(devices);
  if (fflush(stdout) != 0 || ferror(stdout)) fail(EXIT_CODE_OUTPUT_FAILED, "the list could not be written");
}
