/*
 * A packet socket with a ring in shared memory (TPACKET_V3). libpcap uses the same, but does not hand on whether a
 * packet went out or came in, which the kernel says for every packet; README.md has the reasons.
 */
#ifdef __linux__

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fail.h"
#include "filter.h"
#include "packet-socket.h"
#include "source.h"

enum {
  /* Room in a block for the headers of block and packet. */
  BLOCK_HEADERS_BYTES = 512,
  BLOCK_MIN_BYTES = 128 * 1024,
  /* Fewer blocks would leave the kernel none to fill while one is read. */
  BLOCKS_MIN = 4,
  HOLD_MAX_MS = 100,
};

/* The drop counters of a device that libpcap adds up as well. */
static const char *const DROP_COUNTERS[] = {"rx_missed_errors", "rx_fifo_errors"};
enum { DROP_COUNTER_COUNT = sizeof DROP_COUNTERS / sizeof *DROP_COUNTERS };

struct source_ring {
  struct source base;
  int interface_index;
  bool is_loopback;
  uint8_t *blocks;
  uint32_t block_bytes;
  uint32_t block_count;
  /* The block that is read, or the one to be read next. */
  uint32_t block;
  bool holds_block;
  uint32_t frames_left;
  const uint8_t *frame;
  struct source_statistics statistics;
  /* -1 where the device has no such counter. */
  int drop_counters[DROP_COUNTER_COUNT];
  uint64_t drops_before;
};

static struct source_ring *ring_of(struct source *source) { return (struct source_ring *)source; }

static struct tpacket_block_desc *current_block(const struct source_ring *self) {
  return (struct tpacket_block_desc *)(void *)(self->blocks + (size_t)self->block * self->block_bytes);
}

static void release_block(struct source_ring *self) {
  __atomic_store_n(&current_block(self)->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
  self->block = (self->block + 1) % self->block_count;
  self->holds_block = false;
}

/* Takes the next block with packets from the kernel. */
static bool take_block(struct source_ring *self) {
  const struct tpacket_block_desc *block = current_block(self);
  const uint32_t status = __atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE);
  if ((status & TP_STATUS_USER) == 0) return false;
  self->holds_block = true;
  self->frames_left = block->hdr.bh1.num_pkts;
  self->frame = (const uint8_t *)block + block->hdr.bh1.offset_to_first_pkt;
  return true;
}

static void fill_packet(const struct source_ring *self, const struct tpacket3_hdr *frame,
                        const struct sockaddr_ll *link, struct packet *packet) {
  *packet = (struct packet){
      .data = (const uint8_t *)frame + frame->tp_mac,
      .captured_bytes = frame->tp_snaplen,
      .original_bytes = frame->tp_len,
      .time_ns = (uint64_t)frame->tp_sec * 1000000000u + frame->tp_nsec,
      /* A packet on the loopback interface goes out and comes in: both words would mislead. */
      .flags = self->is_loopback ? 0 : packet_socket_flags(link->sll_pkttype),
  };
  if ((frame->tp_status & TP_STATUS_VLAN_VALID) == 0 || self->base.link_type != DLT_EN10MB) return;
  const bool knows_protocol = (frame->tp_status & TP_STATUS_VLAN_TPID_VALID) != 0;
  packet->has_vlan_tag = true;
  packet->vlan_protocol = knows_protocol ? frame->hv1.tp_vlan_tpid : ETH_P_8021Q;
  packet->vlan_tag = (uint16_t)frame->hv1.tp_vlan_tci;
}

static bool next(struct source *source, struct packet *packet) {
  struct source_ring *self = ring_of(source);
  for (;;) {
    while (self->frames_left == 0) {
      if (self->holds_block) release_block(self);
      if (!take_block(self)) return false;
    }
    const struct tpacket3_hdr *frame = (const struct tpacket3_hdr *)(const void *)self->frame;
    const struct sockaddr_ll *link =
        (const struct sockaddr_ll *)(const void *)(self->frame + TPACKET_ALIGN(sizeof *frame));
    self->frame += frame->tp_next_offset;
    self->frames_left--;
    /* The loopback interface shows every packet twice; kernels before 4.20 cannot leave one of them out. */
    if (self->is_loopback && link->sll_pkttype == PACKET_OUTGOING) continue;
    fill_packet(self, frame, link, packet);
    return true;
  }
}

/* An interface that goes down, or away, puts an error on the socket; reading it takes it away. */
static bool is_gone(struct source *source, bool has_error) {
  int error = 0;
  socklen_t length = sizeof error;
  return has_error && (getsockopt(source->fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0 || error != 0);
}

/* The sum of the device's drop counters; false when there are none, or no more. */
static bool read_drop_counters(const struct source_ring *self, uint64_t *sum) {
  bool any = false;
  *sum = 0;
  for (int i = 0; i < DROP_COUNTER_COUNT; i++) {
    char text[24];
    if (self->drop_counters[i] < 0) continue;
    const ssize_t length = pread(self->drop_counters[i], text, sizeof text - 1, 0);
    if (length <= 0) continue;
    text[length] = '\0';
    *sum += strtoull(text, NULL, 10);
    any = true;
  }
  return any;
}

static void statistics(struct source *source, struct source_statistics *statistics) {
  struct source_ring *self = ring_of(source);
  packet_socket_statistics(source->fd, &self->statistics);
  uint64_t drops = 0;
  if (self->statistics.knows_interface_drops && read_drop_counters(self, &drops) && drops >= self->drops_before)
    self->statistics.dropped_by_interface = drops - self->drops_before;
  *statistics = self->statistics;
}

static void set_ring(struct source_ring *self, const struct options *options) {
  const int version = TPACKET_V3;
  uint32_t block_bytes = BLOCK_MIN_BYTES;
  while (block_bytes < options->snap_length + BLOCK_HEADERS_BYTES) block_bytes *= 2;
  uint32_t count = options->buffer_bytes / block_bytes;
  if (count < BLOCKS_MIN) count = BLOCKS_MIN;
  const struct tpacket_req3 request = {
      .tp_block_size = block_bytes,
      .tp_block_nr = count,
      /* Version 3 packs packets of any size, but wants numbers that fit each other. */
      .tp_frame_size = block_bytes,
      .tp_frame_nr = count,
      .tp_retire_blk_tov = self->base.hold_ms,
  };
  const int fd = self->base.fd;
  if (setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version) != 0 ||
      setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof request) != 0)
    fail(EXIT_CODE_SYSTEM, "no packet ring of %u bytes: %s", block_bytes * count, strerror(errno));
  const size_t bytes = (size_t)block_bytes * count;
  void *blocks = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (blocks == MAP_FAILED) fail(EXIT_CODE_SYSTEM, "the packet ring cannot be mapped: %s", strerror(errno));
  self->blocks = blocks;
  self->block_bytes = block_bytes;
  self->block_count = count;
}

static void set_filter(struct source_ring *self, const char *text) {
  struct bpf_program program;
  filter_compile(self->base.handle, text, &program);
  /* The same layout under two names: struct bpf_insn here, struct sock_filter there. */
  const struct sock_fprog kernel_program = {
      .len = (unsigned short)program.bf_len,
      .filter = (struct sock_filter *)(void *)program.bf_insns,
  };
  if (setsockopt(self->base.fd, SOL_SOCKET, SO_ATTACH_FILTER, &kernel_program, sizeof kernel_program) != 0)
    fail(EXIT_CODE_SYSTEM, "the kernel does not take the filter: %s", strerror(errno));
  pcap_freecode(&program);
}

static void bind_to_interface(const struct source_ring *self) {
  const struct sockaddr_ll address = {
      .sll_family = AF_PACKET,
      .sll_protocol = htons(ETH_P_ALL),
      .sll_ifindex = self->interface_index,
  };
  if (bind(self->base.fd, (const struct sockaddr *)&address, sizeof address) == 0) return;
  const bool is_gone = errno == ENODEV || errno == ENXIO || errno == ENETDOWN;
  fail(is_gone ? EXIT_CODE_INTERFACE_GONE : EXIT_CODE_SYSTEM, "'%s' cannot be captured on: %s", self->base.interface,
       strerror(errno));
}

/* Not one packet comes in before ring and filter are there: only then is the socket bound. */
static void start(struct source *source, const struct options *options) {
  struct source_ring *self = ring_of(source);
  set_filter(self, options->filter);
  set_ring(self, options);
  pcap_close(source->handle);
  source->handle = NULL;
  const int yes = 1;
  if (self->is_loopback && setsockopt(source->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes) != 0) {
    /* An older kernel: next() leaves those packets out. */
  }
  const struct packet_mreq promiscuous = {.mr_ifindex = self->interface_index, .mr_type = PACKET_MR_PROMISC};
  if (options->promiscuous && !self->is_loopback &&
      setsockopt(source->fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &promiscuous, sizeof promiscuous) != 0)
    fail(EXIT_CODE_SYSTEM, "'%s' cannot be made promiscuous: %s", source->interface, strerror(errno));
  bind_to_interface(self);
}

static const struct source_operations OPERATIONS = {start, next, is_gone, statistics};

/* /sys may show another network namespace, with an interface of the same name: the index tells. */
static bool sysfs_shows(const char *name, int interface_index) {
  char path[128];
  snprintf(path, sizeof path, "/sys/class/net/%s/ifindex", name);
  FILE *file = fopen(path, "re");
  if (file == NULL) return false;
  int found = 0;
  const bool is_same = fscanf(file, "%d", &found) == 1 && found == interface_index;
  fclose(file);
  return is_same;
}

static void open_drop_counters(struct source_ring *self) {
  const bool is_shown = sysfs_shows(self->base.interface, self->interface_index);
  for (int i = 0; i < DROP_COUNTER_COUNT; i++) {
    char path[128];
    snprintf(path, sizeof path, "/sys/class/net/%s/statistics/%s", self->base.interface, DROP_COUNTERS[i]);
    self->drop_counters[i] = is_shown ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  }
  self->statistics.knows_interface_drops = read_drop_counters(self, &self->drops_before);
}

static void look_up_interface(struct source_ring *self) {
  struct ifreq request;
  memset(&request, 0, sizeof request);
  strncpy(request.ifr_name, self->base.interface, sizeof request.ifr_name - 1);
  if (ioctl(self->base.fd, SIOCGIFINDEX, &request) != 0)
    fail(EXIT_CODE_NO_SUCH_INTERFACE, "there is no interface '%s'", self->base.interface);
  self->interface_index = request.ifr_ifindex;
  if (ioctl(self->base.fd, SIOCGIFFLAGS, &request) != 0)
    fail(EXIT_CODE_INTERFACE_GONE, "'%s' went away", self->base.interface);
  self->is_loopback = (request.ifr_flags & IFF_LOOPBACK) != 0;
}

struct source *source_ring_open(pcap_t *handle, const struct options *options) {
  enum { LINKTYPE_ETHERNET = 1, LINKTYPE_RAW = 101 };
  struct source_ring *self = calloc(1, sizeof *self);
  if (self == NULL) fail(EXIT_CODE_SYSTEM, "out of memory");
  const uint32_t hold_ms = options->batch_ms / 2;
  self->base = (struct source){
      .operations = &OPERATIONS,
      /* Protocol 0 until it is bound: nothing comes in. */
      .fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0),
      .link_type = pcap_datalink(handle) == DLT_EN10MB ? LINKTYPE_ETHERNET : LINKTYPE_RAW,
      .hold_ms = hold_ms < 1 ? 1 : hold_ms > HOLD_MAX_MS ? HOLD_MAX_MS : hold_ms,
      .handle = handle,
      .interface = options->interface,
  };
  if (self->base.fd < 0) fail(EXIT_CODE_SYSTEM, "no packet socket: %s", strerror(errno));
  look_up_interface(self);
  open_drop_counters(self);
  return &self->base;
}

#else
typedef int this_file_is_about_linux;
#endif
