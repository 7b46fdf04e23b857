#include "pcapng.h"

#include <string.h>

#include "fail.h"

enum block_type {
  SECTION_HEADER = 0x0a0d0d0a,
  INTERFACE_DESCRIPTION = 1,
  INTERFACE_STATISTICS = 5,
  ENHANCED_PACKET = 6,
};

enum { BYTE_ORDER_MAGIC = 0x1a2b3c4d, NANOSECONDS = 9 };

enum option {
  OPTION_END = 0,
  IF_NAME = 2,
  IF_DESCRIPTION = 3,
  SHB_OS = 3,
  SHB_USERAPPL = 4,
  IF_TSRESOL = 9,
  IF_FILTER = 11,
  IF_OS = 12,
  EPB_FLAGS = 2,
  ISB_IFRECV = 4,
  ISB_IFDROP = 5,
  ISB_OSDROP = 7,
  ISB_USRDELIV = 8,
};

/* Type and length before the body, the length again behind it. */
enum { FRAME_BYTES = 12 };
enum { OPTION_HEADER_BYTES = 4, OPTION_END_BYTES = 4 };
enum { OPTION_MAX_BYTES = 0xffff };

static size_t padded(size_t length) { return (length + 3) & ~(size_t)3; }

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/* Writes on, little endian. */
static uint8_t *put_u16(uint8_t *at, uint32_t value) {
  at[0] = (uint8_t)value;
  at[1] = (uint8_t)(value >> 8);
  return at + 2;
}

static uint8_t *put_u32(uint8_t *at, uint32_t value) {
  at = put_u16(at, value & 0xffff);
  return put_u16(at, value >> 16);
}

/* As pcapng has times: the high half first. */
static uint8_t *put_time(uint8_t *at, uint64_t ns) {
  at = put_u32(at, (uint32_t)(ns >> 32));
  return put_u32(at, (uint32_t)ns);
}

static uint8_t *put_bytes(uint8_t *at, const void *bytes, size_t length) {
  if (length > 0) memcpy(at, bytes, length);
  return at + length;
}

static uint8_t *put_zeros(uint8_t *at, size_t count) {
  memset(at, 0, count);
  return at + count;
}

static uint8_t *put_option(uint8_t *at, enum option code, const void *bytes, size_t length) {
  at = put_u16(at, code);
  at = put_u16(at, (uint32_t)length);
  at = put_bytes(at, bytes, length);
  return put_zeros(at, padded(length) - length);
}

static uint8_t *put_u64(uint8_t *at, uint64_t value) {
  at = put_u32(at, (uint32_t)value);
  return put_u32(at, (uint32_t)(value >> 32));
}

static uint8_t *put_option_u64(uint8_t *at, enum option code, uint64_t value) {
  at = put_u16(at, code);
  at = put_u16(at, 8);
  return put_u64(at, value);
}

static uint8_t *put_end_of_options(uint8_t *at) { return put_u32(at, OPTION_END); }

static size_t option_size(size_t length) { return OPTION_HEADER_BYTES + padded(length); }

/* Begins a block whose body has `body_bytes`, a multiple of 4; finish_block() must find it filled. */
static uint8_t *begin_block(struct batch *batch, uint32_t type, size_t body_bytes) {
  const uint32_t total = (uint32_t)(body_bytes + FRAME_BYTES);
  uint8_t *at = batch_add(batch, total);
  at = put_u32(at, type);
  at = put_u32(at, total);
  put_u32(at + body_bytes, total);
  return at;
}

static void finish_block(const struct batch *batch, const uint8_t *at) {
  if (at + 4 != batch->bytes + batch->used) fail(EXIT_CODE_INTERNAL, "a block has another length than it says");
}

void pcapng_section(struct batch *batch, const char *application, const char *os) {
  const size_t application_length = smaller(strlen(application), OPTION_MAX_BYTES);
  const size_t os_length = smaller(strlen(os), OPTION_MAX_BYTES);
  const size_t body = 16 + option_size(os_length) + option_size(application_length) + OPTION_END_BYTES;
  uint8_t *at = begin_block(batch, SECTION_HEADER, body);
  at = put_u32(at, BYTE_ORDER_MAGIC);
  at = put_u16(at, 1);
  at = put_u16(at, 0);
  /* The length of a section that is still being written is not known: -1. */
  at = put_u32(at, 0xffffffff);
  at = put_u32(at, 0xffffffff);
  at = put_option(at, SHB_OS, os, os_length);
  at = put_option(at, SHB_USERAPPL, application, application_length);
  finish_block(batch, put_end_of_options(at));
}

/* Each text is a name or a filter of bounded length. */
void pcapng_interface(struct batch *batch, const struct pcapng_interface *interface) {
  const char *description = interface->description == NULL ? "" : interface->description;
  const size_t name_length = strlen(interface->name);
  const size_t description_length = smaller(strlen(description), OPTION_MAX_BYTES);
  const size_t filter_length = strlen(interface->filter);
  const size_t os_length = smaller(strlen(interface->os), OPTION_MAX_BYTES);
  size_t body = 8 + option_size(name_length) + option_size(1) + option_size(os_length) + OPTION_END_BYTES;
  if (description_length > 0) body += option_size(description_length);
  if (filter_length > 0) body += option_size(1 + filter_length);
  uint8_t *at = begin_block(batch, INTERFACE_DESCRIPTION, body);
  at = put_u16(at, interface->link_type);
  at = put_u16(at, 0);
  at = put_u32(at, interface->snap_length);
  at = put_option(at, IF_NAME, interface->name, name_length);
  if (description_length > 0) at = put_option(at, IF_DESCRIPTION, description, description_length);
  const uint8_t resolution = NANOSECONDS;
  at = put_option(at, IF_TSRESOL, &resolution, 1);
  if (filter_length > 0) {
    const size_t length = 1 + filter_length;
    at = put_u16(at, IF_FILTER);
    at = put_u16(at, (uint32_t)length);
    /* 0: what follows is text in libpcap's language. */
    *at++ = 0;
    at = put_bytes(at, interface->filter, filter_length);
    at = put_zeros(at, padded(length) - length);
  }
  at = put_option(at, IF_OS, interface->os, os_length);
  finish_block(batch, put_end_of_options(at));
}

/* Where the tag was: behind the two Ethernet addresses. */
enum { VLAN_TAG_AT = 12, VLAN_TAG_BYTES = 4 };

static uint8_t *put_packet_data(uint8_t *at, const struct packet *packet, uint32_t captured) {
  if (!packet->has_vlan_tag) return put_bytes(at, packet->data, captured);
  uint8_t tag[VLAN_TAG_BYTES] = {
      (uint8_t)(packet->vlan_protocol >> 8),
      (uint8_t)packet->vlan_protocol,
      (uint8_t)(packet->vlan_tag >> 8),
      (uint8_t)packet->vlan_tag,
  };
  const size_t before = smaller(captured, VLAN_TAG_AT);
  const size_t of_tag = smaller(captured - before, VLAN_TAG_BYTES);
  at = put_bytes(at, packet->data, before);
  at = put_bytes(at, tag, of_tag);
  return put_bytes(at, packet->data + before, captured - before - of_tag);
}

void pcapng_packet(struct batch *batch, const struct packet *packet, uint32_t snap_length) {
  /* A packet too short to have a tag put back did not have one taken out. */
  const uint32_t tag = packet->has_vlan_tag && packet->captured_bytes >= VLAN_TAG_AT ? VLAN_TAG_BYTES : 0;
  const uint32_t captured = (uint32_t)smaller(packet->captured_bytes + tag, snap_length);
  const size_t options = packet->flags == 0 ? 0 : option_size(4) + OPTION_END_BYTES;
  uint8_t *at = begin_block(batch, ENHANCED_PACKET, 20 + padded(captured) + options);
  at = put_u32(at, 0);
  at = put_time(at, packet->time_ns);
  at = put_u32(at, captured);
  at = put_u32(at, packet->original_bytes + tag);
  if (tag > 0) at = put_packet_data(at, packet, captured);
  else at = put_bytes(at, packet->data, captured);
  at = put_zeros(at, padded(captured) - captured);
  if (options > 0) {
    at = put_u16(at, EPB_FLAGS);
    at = put_u16(at, 4);
    at = put_u32(at, packet->flags);
    at = put_end_of_options(at);
  }
  finish_block(batch, at);
}

void pcapng_statistics(struct batch *batch, uint64_t time_ns, const struct source_statistics *statistics,
                       uint64_t delivered) {
  const size_t counters = statistics->knows_interface_drops ? 4 : 3;
  uint8_t *at = begin_block(batch, INTERFACE_STATISTICS, 12 + counters * option_size(8) + OPTION_END_BYTES);
  at = put_u32(at, 0);
  at = put_time(at, time_ns);
  at = put_option_u64(at, ISB_IFRECV, statistics->received);
  if (statistics->knows_interface_drops) at = put_option_u64(at, ISB_IFDROP, statistics->dropped_by_interface);
  at = put_option_u64(at, ISB_OSDROP, statistics->dropped_by_kernel);
  at = put_option_u64(at, ISB_USRDELIV, delivered);
  finish_block(batch, put_end_of_options(at));
}

enum { WITNESS_VERSION = 1, WITNESS_FIXED_BYTES = 60, WITNESS_PROCESS_CONTEXT = 1 };

void pcapng_witness(struct batch *batch, const struct witness_event *event) {
  const char *detail = event->detail == NULL ? "" : event->detail;
  const size_t reason_length = strnlen(event->reason, sizeof event->reason);
  const size_t comm_length = strnlen(event->comm, sizeof event->comm);
  const size_t detail_length = strnlen(detail, WITNESS_DETAIL_MAX_BYTES);
  const size_t texts = reason_length + comm_length + detail_length;
  uint8_t *at = begin_block(batch, PCAPNG_WITNESS, WITNESS_FIXED_BYTES + padded(texts));
  at = put_u16(at, WITNESS_VERSION);
  *at++ = (uint8_t)event->kind;
  *at++ = event->family;
  at = put_time(at, event->time_ns);
  at = put_u16(at, event->local.port);
  at = put_u16(at, event->remote.port);
  at = put_u32(at, event->pid);
  at = put_bytes(at, event->local.address, sizeof event->local.address);
  at = put_bytes(at, event->remote.address, sizeof event->remote.address);
  *at++ = event->tcp_state;
  *at++ = event->is_process_context ? WITNESS_PROCESS_CONTEXT : 0;
  at = put_u16(at, (uint32_t)reason_length);
  at = put_u16(at, (uint32_t)comm_length);
  at = put_u16(at, (uint32_t)detail_length);
  at = put_bytes(at, event->reason, reason_length);
  at = put_bytes(at, event->comm, comm_length);
  at = put_bytes(at, detail, detail_length);
  finish_block(batch, put_zeros(at, padded(texts) - texts));
}

enum { REPORT_VERSION = 1, REPORT_FIXED_BYTES = 8 + 12 * 8 + 4 };

void pcapng_report(struct batch *batch, const struct ring_file *file, int error, uint64_t lost_packets,
                   const struct pcapng_counts *counts) {
  const struct source_statistics *statistics = &counts->statistics;
  const size_t name_length = strnlen(file->name, sizeof file->name);
  uint8_t *at = begin_block(batch, PCAPNG_REPORT, REPORT_FIXED_BYTES + padded(name_length));
  at = put_u16(at, REPORT_VERSION);
  at = put_u16(at, (uint32_t)error);
  at = put_u32(at, file->number);
  at = put_u64(at, file->bytes);
  at = put_u64(at, file->tally.packets);
  at = put_u64(at, file->tally.first_ns);
  at = put_u64(at, file->tally.last_ns);
  at = put_u64(at, counts->packets);
  at = put_u64(at, counts->wire_bytes);
  at = put_u64(at, lost_packets);
  at = put_u64(at, statistics->received);
  at = put_u64(at, statistics->dropped_by_kernel);
  at = put_u64(at, statistics->knows_interface_drops ? statistics->dropped_by_interface : UINT64_MAX);
  at = put_u64(at, counts->witness_events);
  at = put_u64(at, counts->witness_lost);
  at = put_u16(at, (uint32_t)name_length);
  at = put_u16(at, 0);
  at = put_bytes(at, file->name, name_length);
  finish_block(batch, put_zeros(at, padded(name_length) - name_length));
}

uint32_t pcapng_u32(const uint8_t *at) {
  return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

uint64_t pcapng_whole_blocks(const uint8_t *bytes, size_t *length) {
  uint64_t packets = 0;
  size_t at = 0;
  while (*length - at >= FRAME_BYTES) {
    const size_t block = pcapng_u32(bytes + at + 4);
    if (block < FRAME_BYTES || block > *length - at) break;
    if (pcapng_u32(bytes + at) == ENHANCED_PACKET) packets++;
    at += block;
  }
  *length = at;
  return packets;
}
