#include "source.h"

#include <net/if.h>
#include <string.h>

#include "fail.h"

static void check_exists(const char *name) {
  if (strcmp(name, "any") != 0 && if_nametoindex(name) == 0)
    fail(EXIT_CODE_NO_SUCH_INTERFACE, "there is no interface '%s'", name);
}

_Noreturn static void fail_to_open(const char *name, int status, const char *why) {
  switch (status) {
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
      fail(EXIT_CODE_NO_PERMISSION, "'%s' may not be captured on: this needs root, or cap_net_raw and cap_net_admin",
           name);
    case PCAP_ERROR_NO_SUCH_DEVICE:
      fail(EXIT_CODE_NO_SUCH_INTERFACE, "there is no interface '%s'", name);
    case PCAP_ERROR_IFACE_NOT_UP:
      fail(EXIT_CODE_INTERFACE_GONE, "'%s' is not up", name);
    default:
      fail(EXIT_CODE_SYSTEM, "'%s' cannot be opened: %s", name, why[0] == '\0' ? pcap_statustostr(status) : why);
  }
}

/* Active, with everything asked for; or only as much as it takes to know the link type and to compile filters. */
static pcap_t *open_handle(const struct options *options, bool captures) {
  const char *name = options->interface;
  char error[PCAP_ERRBUF_SIZE] = "";
  pcap_t *handle = pcap_create(name, error);
  if (handle == NULL) fail(EXIT_CODE_SYSTEM, "'%s' cannot be opened: %s", name, error);
  pcap_set_snaplen(handle, (int)options->snap_length);
  if (captures) {
    const bool is_any = strcmp(name, "any") == 0;
    /* "any" cannot be promiscuous, and libpcap would then look into /sys for its drops, which the sandbox forbids. */
    pcap_set_promisc(handle, options->promiscuous && !is_any);
    pcap_set_timeout(handle, (int)options->batch_ms);
    pcap_set_buffer_size(handle, (int)options->buffer_bytes);
    pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO);
  }
  const int status = pcap_activate(handle);
  if (status < 0) fail_to_open(name, status, pcap_geterr(handle));
  return handle;
}

static struct source *open_by_link_type(const struct options *options) {
#ifdef __linux__
  pcap_t *probe = open_handle(options, false);
  const int link_type = pcap_datalink(probe);
  /* Ethernet, or IP with nothing below it: what the packet socket hands on is the packet. */
  if (link_type == DLT_EN10MB || link_type == DLT_RAW) return source_ring_open(probe, options);
  pcap_close(probe);
#endif
  return source_pcap_open(open_handle(options, true), options);
}

/* What the system calls the interface, for people; lives as long as the process. */
static const char *description_of(const char *name) {
  char error[PCAP_ERRBUF_SIZE];
  char *description = NULL;
  pcap_if_t *devices = NULL;
  if (pcap_findalldevs(&devices, error) != 0) return NULL;
  for (const pcap_if_t *at = devices; at != NULL && description == NULL; at = at->next)
    if (strcmp(at->name, name) == 0 && at->description != NULL) description = strdup(at->description);
  pcap_freealldevs(devices);
  return description;
}

struct source *source_open(const struct options *options) {
  check_exists(options->interface);
  return open_by_link_type(options);
}

void source_describe(struct source *source) { source->description = description_of(source->interface); }
