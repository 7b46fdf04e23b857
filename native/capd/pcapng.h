/*
 * The blocks of the output: pcapng as in draft-ietf-opsawg-pcapng, little endian on every machine, plus the witness and
 * report blocks that README.md describes.
 */
#ifndef CAPD_PCAPNG_H
#define CAPD_PCAPNG_H

#include <stdint.h>

#include "batch.h"
#include "ring-files.h"
#include "source.h"
#include "witness-event.h"

/* What an enhanced packet block needs beside the bytes of its packet, padded and with options. */
enum { PCAPNG_PACKET_OVERHEAD_BYTES = 64 };

/* Types in the range for local use: no enumerators, for they do not fit an int. */
static const uint32_t PCAPNG_WITNESS = 0x80525301;
static const uint32_t PCAPNG_REPORT = 0x80525302;

struct pcapng_interface {
  const char *name;
  /* Null where there is none. */
  const char *description;
  const char *filter;
  const char *os;
  uint16_t link_type;
  uint32_t snap_length;
};

void pcapng_section(struct batch *batch, const char *application, const char *os);
void pcapng_interface(struct batch *batch, const struct pcapng_interface *interface);
/* Cuts the packet to `snap_length` when a VLAN tag that is put back makes it longer. */
void pcapng_packet(struct batch *batch, const struct packet *packet, uint32_t snap_length);
void pcapng_statistics(struct batch *batch, uint64_t time_ns, const struct source_statistics *statistics,
                       uint64_t delivered);
void pcapng_witness(struct batch *batch, const struct witness_event *event);

/* Counts since the beginning of the capture. */
struct pcapng_counts {
  /* Captured, whether they could be written or not. */
  uint64_t packets;
  uint64_t wire_bytes;
  struct source_statistics statistics;
  uint64_t witness_events;
  uint64_t witness_lost;
};

/* The whole state of a capture that goes to files. `error`: an errno, 0 while all is well. */
void pcapng_report(struct batch *batch, const struct ring_file *file, int error, uint64_t lost_packets,
                   const struct pcapng_counts *counts);

/* Reads a number of a block, little endian. */
uint32_t pcapng_u32(const uint8_t *at);

/* How many packets are in the whole blocks of the first `*length` bytes; the length becomes that of those blocks. */
uint64_t pcapng_whole_blocks(const uint8_t *bytes, size_t *length);

#endif
