/* Blocks of any content: whole, and with as many packets as were put in. */
#include <stdlib.h>
#include <string.h>

#include "../../../native/capd/pcapng.h"
#include "fuzz.h"

enum { TEXT_MAX = 600, DATA_MAX = 3000, BATCH_BYTES = 256 * 1024 };

static struct batch batch;
static uint8_t *data;

static void add_packet(struct feed *feed, uint32_t snap_length) {
  size_t length = 0;
  const uint8_t *bytes = feed_bytes(feed, feed_u32(feed) % DATA_MAX, &length);
  /* Of its exact length: a look behind it shows. The source never hands on more than the snap length. */
  if (length > snap_length) length = snap_length;
  free(data);
  data = malloc(length + 1);
  if (length > 0) memcpy(data, bytes, length);
  const uint8_t how = feed_byte(feed);
  const struct packet packet = {
      .data = length > 0 ? realloc(data, length) : data,
      .captured_bytes = (uint32_t)length,
      .original_bytes = feed_u32(feed),
      .time_ns = feed_u64(feed),
      .flags = feed_byte(feed),
      /* The kernel tells of tags of Ethernet frames only, which have both addresses, unless they are cut. */
      .has_vlan_tag = (how & 1) != 0,
      .vlan_protocol = (uint16_t)feed_u32(feed),
      .vlan_tag = (uint16_t)feed_u32(feed),
  };
  data = (uint8_t *)packet.data;
  pcapng_packet(&batch, &packet, snap_length);
}

static void add_statistics(struct feed *feed) {
  const struct source_statistics statistics = {
      .received = feed_u64(feed),
      .dropped_by_kernel = feed_u64(feed),
      .knows_interface_drops = (feed_byte(feed) & 1) != 0,
      .dropped_by_interface = feed_u64(feed),
  };
  pcapng_statistics(&batch, feed_u64(feed), &statistics, feed_u64(feed));
}

static void add_event(struct feed *feed) {
  char detail[TEXT_MAX + 1];
  struct witness_event event = {.kind = WITNESS_UNAVAILABLE, .family = feed_byte(feed), .detail = detail};
  /* Without a zero at their end, too. */
  for (size_t i = 0; i < sizeof event.reason; i++) event.reason[i] = (char)feed_byte(feed);
  for (size_t i = 0; i < sizeof event.comm; i++) event.comm[i] = (char)feed_byte(feed);
  feed_text(feed, detail, feed_u32(feed) % TEXT_MAX);
  pcapng_witness(&batch, &event);
}

static void add_report(struct feed *feed) {
  struct ring_file file = {.number = feed_u32(feed), .bytes = feed_u64(feed)};
  for (size_t i = 0; i < sizeof file.name; i++) file.name[i] = (char)feed_byte(feed);
  const struct pcapng_counts counts = {.packets = feed_u64(feed), .witness_lost = feed_u64(feed)};
  pcapng_report(&batch, &file, (int)feed_u32(feed), feed_u64(feed), &counts);
}

void fuzz_pcapng(struct feed feed) {
  char name[TEXT_MAX + 1];
  char text[TEXT_MAX + 1];
  if (batch.bytes == NULL) batch_open(&batch, BATCH_BYTES, 0, 0);
  batch_clear(&batch);
  const uint32_t snap_length = feed_u32(&feed) % SNAP_LENGTH_MAX + 1;
  feed_text(&feed, name, feed_byte(&feed));
  feed_text(&feed, text, feed_byte(&feed));
  const struct pcapng_interface interface = {
      .name = name,
      .description = (feed_byte(&feed) & 1) != 0 ? text : NULL,
      .filter = text,
      .os = name,
      .link_type = (uint16_t)feed_u32(&feed),
      .snap_length = snap_length,
  };
  pcapng_section(&batch, name, text);
  pcapng_interface(&batch, &interface);
  uint64_t added = 0;
  while (feed.left > 0 && batch.used < BATCH_BYTES / 2) {
    const size_t before = batch.used;
    switch (feed_byte(&feed) % 4) {
      case 0:
        add_packet(&feed, snap_length);
        added++;
        /* So much room is kept for a packet. */
        fuzz_check(batch.used - before <= (size_t)snap_length + PCAPNG_PACKET_OVERHEAD_BYTES, "a packet that is too long");
        break;
      case 1: add_statistics(&feed); break;
      case 2: add_event(&feed); break;
      case 3: add_report(&feed); break;
    }
  }
  uint64_t packets = 0;
  fuzz_check(fuzz_are_blocks(batch.bytes, batch.used, &packets), "blocks that are none");
  fuzz_check(packets == added, "another number of packets than was put in");
}
