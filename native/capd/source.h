/*
 * Where packets come from: on Linux a packet ring of our own, which tells the direction of every packet (source-ring.c);
 * everywhere else, and for link types that it does not know, libpcap (source-pcap.c).
 */
#ifndef CAPD_SOURCE_H
#define CAPD_SOURCE_H

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdint.h>

#include "options.h"

/* The lowest bits of epb_flags: direction, then the kind of reception. */
enum packet_flags {
  PACKET_INBOUND = 1,
  PACKET_OUTBOUND = 2,
  PACKET_UNICAST = 1 << 2,
  PACKET_TO_MULTICAST = 2 << 2,
  PACKET_TO_BROADCAST = 3 << 2,
  PACKET_PROMISCUOUS = 4 << 2,
};

struct packet {
  const uint8_t *data;
  uint32_t captured_bytes;
  uint32_t original_bytes;
  /* Nanoseconds since 1970 UTC. */
  uint64_t time_ns;
  /* enum packet_flags; 0 where nothing is known. */
  uint32_t flags;
  /* The kernel took this tag out of the Ethernet header, behind the two addresses. */
  bool has_vlan_tag;
  uint16_t vlan_protocol;
  uint16_t vlan_tag;
};

/* Counts since the beginning of the capture. */
struct source_statistics {
  /* Packets that passed the filter, dropped ones included. */
  uint64_t received;
  uint64_t dropped_by_kernel;
  bool knows_interface_drops;
  uint64_t dropped_by_interface;
};

struct source;

struct source_operations {
  /* Compiles the filter and begins. Called without privileges. */
  void (*start)(struct source *source, const struct options *options);
  /* The next packet that is there; its data stay valid until the next call. False when there is none now. */
  bool (*next)(struct source *source, struct packet *packet);
  /* Whether the interface went down or away. `has_error`: poll() said that something is wrong. */
  bool (*is_gone)(struct source *source, bool has_error);
  void (*statistics)(struct source *source, struct source_statistics *statistics);
};

struct source {
  const struct source_operations *operations;
  /* Readable when packets are there. */
  int fd;
  /* As the interface description block names it. */
  uint16_t link_type;
  /* The kernel hands packets on after this time at the latest. */
  uint32_t hold_ms;
  /* The handle of libpcap: the source itself, or what knows the link type and compiles the filter. */
  pcap_t *handle;
  const char *interface;
  /* Null before source_describe(), and where the system has none. */
  const char *description;
};

/* Opens the interface, which needs privileges, and ends the process where that is not possible. */
struct source *source_open(const struct options *options);

/* Asks the system for the description of the interface, which needs sockets but no privileges. */
void source_describe(struct source *source);

/* The two kinds, for source_open(). `handle` is active. */
struct source *source_pcap_open(pcap_t *handle, const struct options *options);
struct source *source_ring_open(pcap_t *handle, const struct options *options);

#endif
