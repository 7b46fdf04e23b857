#include "ring-files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "pcapng.h"

#ifndef O_LARGEFILE
#define O_LARGEFILE 0
#endif

/* Never one that is there already, nor what a link points to. */
const int RING_FILES_OPEN_FLAGS = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_LARGEFILE;

static const uint64_t NS_PER_S = 1000ull * NS_PER_MS;

void ring_files_init(struct ring_files *files, const struct options *options, size_t head_max_bytes) {
  *files = (struct ring_files){.options = options, .fd = -1};
  batch_open(&files->head, 0, head_max_bytes, 0);
}

void ring_files_forget_witness(struct ring_files *files) { files->head.used = files->head_bytes_without_witness; }

/* The sandbox compares the flags, and the C library does not always pass on the ones that it is given. */
static int open_new(int folder, const char *name) {
#ifdef __linux__
  return (int)syscall(SYS_openat, folder, name, RING_FILES_OPEN_FLAGS, 0600);
#else
  return openat(folder, name, RING_FILES_OPEN_FLAGS, 0600);
#endif
}

/* <base>_<number>_<UTC time>.pcapng: a file set, as Wireshark knows it. */
static void set_name(struct ring_file *file, const char *base) {
  const time_t now = (time_t)(wall_ns() / NS_PER_S);
  struct tm utc;
  memset(&utc, 0, sizeof utc);
  gmtime_r(&now, &utc);
  char stamp[32];
  strftime(stamp, sizeof stamp, "%Y%m%d%H%M%S", &utc);
  snprintf(file->name, sizeof file->name, "%s_%05u_%s.pcapng", base, file->number, stamp);
}

/* How much was written before an error, if there was one. */
static size_t write_all(int fd, const uint8_t *bytes, size_t length, int *error) {
  size_t done = 0;
  while (done < length) {
    const ssize_t count = write(fd, bytes + done, length - done);
    if (count > 0) done += (size_t)count;
    else if (count == 0) *error = ENOSPC;
    else if (errno != EINTR) *error = errno;
    if (*error != 0) break;
  }
  return done;
}

void ring_files_open_next(struct ring_files *files) {
  if (files->error != 0) return;
  if (files->fd >= 0) close(files->fd);
  files->file = (struct ring_file){.number = files->file.number + 1};
  set_name(&files->file, files->options->file_base);
  files->file_opened_ns = monotonic_ns();
  files->fd = open_new(files->options->folder, files->file.name);
  if (files->fd < 0) {
    files->error = errno;
    return;
  }
  const size_t length = files->head.used;
  if (write_all(files->fd, files->head.bytes, length, &files->error) == length) files->file.bytes = length;
  else if (ftruncate(files->fd, 0) != 0) {
    /* The reader finds a file that is cut. */
  }
  files->file_head_bytes = files->file.bytes;
}

bool ring_files_must_turn(const struct ring_files *files, const struct batch *batch) {
  const struct ring_file *file = &files->file;
  if (file->bytes + batch->used > files->options->file_bytes) return file->bytes > files->file_head_bytes;
  const uint64_t age_ns = files->options->file_seconds * NS_PER_S;
  return age_ns > 0 && file->tally.packets > 0 && monotonic_ns() - files->file_opened_ns >= age_ns;
}

static void extend(struct tally *tally, uint64_t packets, uint64_t first_ns, uint64_t last_ns) {
  if (packets == 0) return;
  if (tally->packets == 0 || first_ns < tally->first_ns) tally->first_ns = first_ns;
  if (tally->packets == 0 || last_ns > tally->last_ns) tally->last_ns = last_ns;
  tally->packets += packets;
}

void ring_files_note_packet(struct ring_files *files, uint64_t time_ns) {
  extend(&files->waiting, 1, time_ns, time_ns);
}

void ring_files_write(struct ring_files *files, struct batch *batch) {
  const struct tally waiting = files->waiting;
  uint64_t packets = 0;
  size_t bytes = 0;
  if (files->error == 0) {
    bytes = write_all(files->fd, batch->bytes, batch->used, &files->error);
    packets = waiting.packets;
    if (bytes < batch->used) {
      packets = pcapng_whole_blocks(batch->bytes, &bytes);
      if (ftruncate(files->fd, (off_t)(files->file.bytes + bytes)) != 0) {
        /* The reader finds a file that is cut. */
      }
    }
  }
  files->file.bytes += bytes;
  extend(&files->file.tally, packets, waiting.first_ns, waiting.last_ns);
  files->lost_packets += waiting.packets - packets;
  files->waiting = (struct tally){0};
  batch_clear(batch);
}
