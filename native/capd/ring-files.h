/*
 * The files that a capture is written to where the parent gave us a folder: a ring of them, each of which can be opened
 * by itself. We make the files and write them; whoever gave the folder removes the old ones.
 *
 * Invariants: a file ends at a block boundary after every write that succeeded, and is cut back to one after a write
 * that did not; after an error nothing more is written, and every packet that comes is counted as lost.
 */
#ifndef CAPD_RING_FILES_H
#define CAPD_RING_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "batch.h"
#include "options.h"

enum { RING_FILE_NAME_MAX_BYTES = FILE_BASE_MAX_BYTES + 64 };

/* Packets, and when the first and the last of them were; the times mean nothing without packets. */
struct tally {
  uint64_t packets;
  uint64_t first_ns;
  uint64_t last_ns;
};

struct ring_file {
  /* From 1; 0 before the first. */
  uint32_t number;
  char name[RING_FILE_NAME_MAX_BYTES];
  uint64_t bytes;
  struct tally tally;
};

struct ring_files {
  const struct options *options;
  /* What every file begins with. */
  struct batch head;
  size_t head_bytes_without_witness;
  int fd;
  struct ring_file file;
  uint64_t file_head_bytes;
  /* On the monotonic clock. */
  uint64_t file_opened_ns;
  /* Packets of the batch that is not written yet. */
  struct tally waiting;
  uint64_t lost_packets;
  /* An errno; 0 while all is well. */
  int error;
};

void ring_files_init(struct ring_files *files, const struct options *options, size_t head_max_bytes);

/* Files from now on do not say that the kernel is watched. */
void ring_files_forget_witness(struct ring_files *files);

/* Begins the file after the present one. The sandbox lets nothing else be opened. */
void ring_files_open_next(struct ring_files *files);

/* Whether the batch needs a next file: with it the present one would be too long, or that one is too old. */
bool ring_files_must_turn(const struct ring_files *files, const struct batch *batch);

void ring_files_note_packet(struct ring_files *files, uint64_t time_ns);

/* Writes the batch to the present file, and empties it in any case. */
void ring_files_write(struct ring_files *files, struct batch *batch);

/* The call that makes a file, for the sandbox: flags of openat(), whose first argument is the folder. */
extern const int RING_FILES_OPEN_FLAGS;

#endif
