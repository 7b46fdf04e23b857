/* The calls of the helper that may fail: as they are, and while a target plays them, as its input says. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

enum { OUTPUT_MAX = 1 << 20 };

static struct feed *played;
static uint8_t *output;
static size_t output_length;
static uint64_t now_ns;
bool fuzz_could_not_cut;

/* The build renames the helper's calls to these. */
ssize_t fuzz_write(int fd, const void *bytes, size_t length);
int fuzz_poll(struct pollfd *streams, nfds_t count, int timeout_ms);
int fuzz_ftruncate(int fd, off_t length);
int fuzz_clock_gettime(clockid_t clock, struct timespec *time);

void fuzz_play(struct feed *feed) {
  played = feed;
  if (output == NULL) output = malloc(OUTPUT_MAX);
  output_length = 0;
  now_ns = 1700000000ull * 1000000000;
  fuzz_could_not_cut = false;
}

void fuzz_play_nothing(void) { played = NULL; }

const uint8_t *fuzz_output(size_t *length) {
  *length = output_length;
  return output;
}

/* Mostly all is well: a byte of the input in the upper half says so. */
static int trouble(void) {
  static const int ERRORS[] = {EINTR, EAGAIN, ENOSPC, EIO, EPIPE, EFBIG};
  const uint8_t byte = feed_byte(played);
  return byte < 0xe0 ? 0 : ERRORS[byte % (sizeof ERRORS / sizeof *ERRORS)];
}

ssize_t fuzz_write(int fd, const void *bytes, size_t length) {
  if (played == NULL) return syscall(SYS_write, fd, bytes, length);
  errno = trouble();
  if (errno != 0) return -1;
  const uint8_t part = feed_byte(played);
  if (length > 1 && part >= 0xc0) length = length * (part - 0xc0u) / 0x40 + 1;
  if (fd != STDOUT_FILENO) return syscall(SYS_write, fd, bytes, length);
  if (length > OUTPUT_MAX - output_length) length = OUTPUT_MAX - output_length;
  memcpy(output + output_length, bytes, length);
  output_length += length;
  if (length > 0) return (ssize_t)length;
  errno = EPIPE;
  return -1;
}

/* Nobody waits for ever: the reader comes, or does not. */
int fuzz_poll(struct pollfd *streams, nfds_t count, int timeout_ms) {
  (void)streams, (void)count, (void)timeout_ms;
  if (played == NULL) return 0;
  errno = EINTR;
  const uint8_t byte = feed_byte(played);
  /* After the end of the input nothing becomes of it any more. */
  if (played->left == 0) return 0;
  return byte < 0xa0 ? 1 : byte < 0xd0 ? 0 : -1;
}

int fuzz_ftruncate(int fd, off_t length) {
  if (played != NULL && trouble() != 0) {
    fuzz_could_not_cut = true;
    return -1;
  }
  return (int)syscall(SYS_ftruncate, fd, length);
}

int fuzz_clock_gettime(clockid_t clock, struct timespec *time) {
  if (played == NULL) return (int)syscall(SYS_clock_gettime, clock, time);
  now_ns += (uint64_t)feed_byte(played) << 16;
  *time = (struct timespec){.tv_sec = (time_t)(now_ns / 1000000000), .tv_nsec = (long)(now_ns % 1000000000)};
  return 0;
}
