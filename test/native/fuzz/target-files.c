/*
 * A capture into the files of a folder, on a disk and with a reader that fail as the input says. What ring-files.h promises is held
 * to: files end at a block, and every packet is in one of them or counted as lost.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../../native/capd/outlet.h"
#include "fuzz.h"

/* As in capture.c. */
enum { SMALL_BLOCKS_BYTES = 16 * 1024, SNAP_LENGTH = 2000 };

static int folder = -1;
static char path[] = "/tmp/resetscope-fuzz-XXXXXX";
static struct outlet outlet;

static void remove_folder(void) { rmdir(path); }

static uint64_t packets_in(const char *name) {
  const int fd = openat(folder, name, O_RDONLY);
  struct stat about;
  uint64_t packets = 0;
  fuzz_check(fd >= 0 && fstat(fd, &about) == 0, "a file that cannot be read");
  const size_t length = (size_t)about.st_size;
  uint8_t *bytes = malloc(length + 1);
  fuzz_check(read(fd, bytes, length) == (ssize_t)length, "a file that cannot be read");
  close(fd);
  fuzz_check(fuzz_are_blocks(bytes, length, &packets) || fuzz_could_not_cut, "a file that ends within a block");
  if (strcmp(name, outlet.files.file.name) == 0 && !fuzz_could_not_cut) {
    fuzz_check(length == outlet.files.file.bytes, "a file of another length than is reported");
    fuzz_check(packets == outlet.files.file.tally.packets, "a file with other packets than are reported");
  }
  free(bytes);
  return packets;
}

/* Looks into all files, unless `look` is false, and removes them. */
static uint64_t empty_folder(bool look) {
  uint64_t packets = 0;
  DIR *entries = fdopendir(openat(folder, ".", O_RDONLY | O_DIRECTORY));
  fuzz_check(entries != NULL, "a folder that cannot be read");
  for (const struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
    if (entry->d_name[0] == '.') continue;
    if (look) packets += packets_in(entry->d_name);
    unlinkat(folder, entry->d_name, 0);
  }
  closedir(entries);
  return packets;
}

/* The input before may have left it by fail(). */
static void clean_up(void) {
  if (outlet.files.fd > 0) close(outlet.files.fd);
  free(outlet.batch.bytes);
  free(outlet.reports.bytes);
  free(outlet.files.head.bytes);
  memset(&outlet, 0, sizeof outlet);
  empty_folder(false);
}

static void add_packet(struct feed *feed) {
  static const uint8_t BYTES[SNAP_LENGTH];
  const uint32_t length = feed_u32(feed) % SNAP_LENGTH;
  const struct packet packet = {
      .data = BYTES, .captured_bytes = length, .original_bytes = length, .time_ns = feed_u64(feed), .flags = 1};
  if (outlet_takes_more(&outlet)) outlet_add_packet(&outlet, &packet);
}

static void add_event(struct feed *feed, enum witness_kind kind) {
  char detail[256];
  struct witness_event event = {.kind = kind, .family = 4, .detail = detail};
  feed_text(feed, detail, feed_byte(feed) % (sizeof detail - 1));
  if (kind == WITNESS_STARTED || kind == WITNESS_UNAVAILABLE) outlet_add_witness_status(&outlet, &event);
  else if (outlet_takes_more(&outlet)) outlet_add_witness_event(&outlet, &event);
}

static void add_block(struct feed *feed) {
  static uint8_t block[SMALL_BLOCKS_BYTES];
  const uint32_t length = 12 + feed_u32(feed) % ((SMALL_BLOCKS_BYTES - 12) / 4) * 4;
  memset(block, 0, length);
  for (int i = 0; i < 4; i++) {
    block[i] = (uint8_t)(PCAPNG_WITNESS >> 8 * i);
    block[4 + i] = block[length - 4 + (size_t)i] = (uint8_t)(length >> 8 * i);
  }
  outlet_add_block(&outlet, block, length);
}

static void step(struct feed *feed) {
  const struct source_statistics statistics = {.received = feed_byte(feed)};
  switch (feed_byte(feed) % 10) {
    case 0: add_event(feed, WITNESS_SEND_RESET); break;
    case 1: add_event(feed, WITNESS_LOST); break;
    case 2: add_event(feed, WITNESS_UNAVAILABLE); break;
    case 3: add_block(feed); break;
    case 4:
      if (outlet_takes_more(&outlet)) outlet_add_statistics(&outlet, &statistics);
      break;
    case 5: outlet_write_all(&outlet); break;
    case 6: outlet_lose_reader(&outlet); break;
    case 7: outlet_write(&outlet); break;
    default: add_packet(feed);
  }
  outlet_write(&outlet);
}

void fuzz_files(struct feed feed) {
  if (folder < 0) {
    fuzz_check(mkdtemp(path) != NULL, "a folder");
    folder = open(path, O_RDONLY | O_DIRECTORY);
    atexit(remove_folder);
  }
  clean_up();
  const struct options options = {
      .filter = "",
      .interface = "eth0",
      .snap_length = SNAP_LENGTH,
      .batch_bytes = 4096 + feed_byte(&feed) * 64u,
      .batch_ms = 1 + feed_byte(&feed),
      .folder = folder,
      .file_base = "fuzz",
      .file_bytes = 4096 + feed_byte(&feed) * 256u,
      .file_seconds = feed_byte(&feed) % 3,
  };
  const struct pcapng_interface interface = {.name = "eth0", .filter = "", .os = "", .link_type = 1};
  fuzz_play(&feed);
  outlet_open(&outlet, &options, SMALL_BLOCKS_BYTES);
  outlet.files.fd = -1;
  outlet_add_head(&outlet, "fuzz", "", &interface);
  if ((feed_byte(&feed) & 1) != 0) add_event(&feed, WITNESS_STARTED);
  outlet_begin(&outlet);
  while (feed.left > 0) step(&feed);
  outlet_end(&outlet);
  fuzz_play_nothing();
  const uint64_t written = empty_folder(true);
  if (!fuzz_could_not_cut)
    fuzz_check(written + outlet.files.lost_packets == outlet.counts.packets, "a packet neither written nor lost");
  size_t length = 0;
  uint64_t packets = 0;
  const uint8_t *reports = fuzz_output(&length);
  fuzz_check(outlet.is_reader_gone || fuzz_are_blocks(reports, length, &packets), "reports that are no blocks");
}
