#include <stdlib.h>

#include "clock.h"
#include "fail.h"
#include "filter.h"
#include "packet-socket.h"
#include "source.h"

struct source_pcap {
  struct source base;
  uint64_t ns_per_fraction;
  bool has_failed;
  uint64_t handed_on;
  struct source_statistics statistics;
};

/* LINKTYPE_LINUX_SLL2: protocol, reserved, interface index, ARPHRD, then the packet type. */
enum { SLL2_PACKET_TYPE_AT = 10, SLL2_HEADER_BYTES = 20 };

/* Numbers in files differ from those in memory for a few types, all of them old but this one. */
static uint16_t file_link_type(int link_type) {
  enum { LINKTYPE_RAW = 101, FIRST_SHARED_NUMBER = 104 };
  if (link_type == DLT_RAW) return LINKTYPE_RAW;
  const bool is_shared = link_type == DLT_NULL || link_type == DLT_EN10MB || link_type == DLT_PPP ||
                         (link_type >= FIRST_SHARED_NUMBER && link_type <= UINT16_MAX);
  if (!is_shared) fail(EXIT_CODE_SYSTEM, "the link type %d cannot be written to a file", link_type);
  return (uint16_t)link_type;
}

static void start(struct source *source, const struct options *options) {
  struct bpf_program program;
  filter_compile(source->handle, options->filter, &program);
  if (pcap_setfilter(source->handle, &program) != 0)
    fail(EXIT_CODE_SYSTEM, "the filter was not taken: %s", pcap_geterr(source->handle));
  pcap_freecode(&program);
}

static bool next(struct source *source, struct packet *packet) {
  struct source_pcap *self = (struct source_pcap *)source;
  struct pcap_pkthdr *header = NULL;
  const uint8_t *data = NULL;
  const int outcome = pcap_next_ex(source->handle, &header, &data);
  if (outcome < 0) self->has_failed = true;
  if (outcome != 1) return false;
  self->handed_on++;
  *packet = (struct packet){
      .data = data,
      .captured_bytes = header->caplen,
      .original_bytes = header->len,
      /* tv_usec holds nanoseconds when those were asked for and granted. */
      .time_ns = (uint64_t)header->ts.tv_sec * 1000000000u + (uint64_t)header->ts.tv_usec * self->ns_per_fraction,
  };
#ifdef __linux__
  if (source->link_type == DLT_LINUX_SLL2 && header->caplen >= SLL2_HEADER_BYTES)
    packet->flags = packet_socket_flags(data[SLL2_PACKET_TYPE_AT]);
#endif
  return true;
}

/* Reading fails for no other reason than that the interface is gone. */
static bool is_gone(struct source *source, bool has_error) {
  (void)has_error;
  return ((struct source_pcap *)source)->has_failed;
}

static void statistics(struct source *source, struct source_statistics *statistics) {
  struct source_pcap *self = (struct source_pcap *)source;
#ifdef __linux__
  packet_socket_statistics(source->fd, &self->statistics);
#else
  struct pcap_stat counts;
  if (pcap_stats(source->handle, &counts) == 0) {
    self->statistics.dropped_by_kernel = counts.ps_drop;
    self->statistics.dropped_by_interface = counts.ps_ifdrop;
    self->statistics.knows_interface_drops = true;
  }
#endif
  /* libpcap listens before it sets the filter, and some systems count whatever the filter says: the system's own count
     of what was received holds packets that never passed it. */
  self->statistics.received = self->handed_on + self->statistics.dropped_by_kernel;
  *statistics = self->statistics;
}

static const struct source_operations OPERATIONS = {start, next, is_gone, statistics};

/* Takes the newer one of the two cooked headers, which also names the interface of each packet. */
static void prefer_sll2(pcap_t *handle) {
  int *types = NULL;
  const int count = pcap_list_datalinks(handle, &types);
  for (int i = 0; i < count; i++)
    if (types[i] == DLT_LINUX_SLL2) pcap_set_datalink(handle, DLT_LINUX_SLL2);
  if (count >= 0) pcap_free_datalinks(types);
}

struct source *source_pcap_open(pcap_t *handle, const struct options *options) {
  struct source_pcap *self = calloc(1, sizeof *self);
  if (self == NULL) fail(EXIT_CODE_SYSTEM, "out of memory");
  prefer_sll2(handle);
  char error[PCAP_ERRBUF_SIZE];
  if (pcap_setnonblock(handle, 1, error) != 0) fail(EXIT_CODE_SYSTEM, "%s", error);
  self->base = (struct source){
      .operations = &OPERATIONS,
      .fd = pcap_get_selectable_fd(handle),
      .link_type = file_link_type(pcap_datalink(handle)),
      .hold_ms = options->batch_ms,
      .handle = handle,
      .interface = options->interface,
  };
  if (self->base.fd < 0) fail(EXIT_CODE_SYSTEM, "'%s' cannot be waited for", options->interface);
  const bool is_nano = pcap_get_tstamp_precision(handle) == PCAP_TSTAMP_PRECISION_NANO;
  self->ns_per_fraction = is_nano ? 1 : NS_PER_US;
  return &self->base;
}
