/*
 * The blocks of the output: pcapng as in draft-ietf-opsawg-pcapng, little endian on every machine, plus the witness
 * block that README.md describes.
 */
#ifndef CAPD_PCAPNG_H
#define CAPD_PCAPNG_H

#include <stdint.h>

#include "batch.h"
#include "source.h"
#include "witness-event.h"

/* What an enhanced packet block needs beside the bytes of its packet, padded and with options. */
enum { PCAPNG_PACKET_OVERHEAD_BYTES = 64 };

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

#endif
