/*
 * Where what was captured goes: to standard output, or to the files of a folder, with reports of them on standard output.
 *
 * Everything waits in one batch until it is due. A reader of standard output that is slow keeps the batch from being
 * written, and us from taking more packets; a slow reader of reports delays nothing but the next file.
 */
#ifndef CAPD_OUTLET_H
#define CAPD_OUTLET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "batch.h"
#include "options.h"
#include "pcapng.h"
#include "ring-files.h"
#include "witness-event.h"

/* How long a reader may take at the end. */
enum { OUTLET_PATIENCE_MS = 5000 };

enum outlet_trouble { OUTLET_WORKS, OUTLET_READER_GONE, OUTLET_FILES_FAILED };

struct outlet {
  const struct options *options;
  struct batch batch;
  struct pcapng_counts counts;
  /* The first trouble that came. */
  enum outlet_trouble trouble;

  /* With a folder only. */
  struct ring_files files;
  struct batch reports;
  /* Something changed since the last report. */
  bool wants_report;
  bool is_reader_gone;
  uint64_t report_due_ns;
};

/* `block_bytes`: the longest block that will be added at once. */
void outlet_open(struct outlet *outlet, const struct options *options, size_t block_bytes);

bool outlet_has_folder(const struct outlet *outlet);

/* Adds what everything begins with. Nothing of it is written before outlet_begin(). */
void outlet_add_head(struct outlet *outlet, const char *application, const char *os,
                     const struct pcapng_interface *interface);

/* Adds whether the kernel witness is there, or no longer is. */
void outlet_add_witness_status(struct outlet *outlet, const struct witness_event *event);

void outlet_add_witness_event(struct outlet *outlet, const struct witness_event *event);
void outlet_add_packet(struct outlet *outlet, const struct packet *packet);
void outlet_add_statistics(struct outlet *outlet, const struct source_statistics *statistics);
/* Adds a block that somebody else has made; there is always room for it. */
void outlet_add_block(struct outlet *outlet, const uint8_t *bytes, size_t length);

static inline bool outlet_takes_more(const struct outlet *outlet) { return batch_takes_more(&outlet->batch); }

/* The capture has begun. */
void outlet_begin(struct outlet *outlet);

/* Writes what is due. */
void outlet_write(struct outlet *outlet);

/* When something becomes due although nothing is added; UINT64_MAX for never. */
uint64_t outlet_due_ns(const struct outlet *outlet);

/* Whether something waits for the reader of standard output. */
bool outlet_wants_reader(const struct outlet *outlet);

void outlet_lose_reader(struct outlet *outlet);

/* Writes all, and waits for the reader if need be. */
void outlet_write_all(struct outlet *outlet);

/* Reports for the last time. */
void outlet_end(struct outlet *outlet);

#endif
