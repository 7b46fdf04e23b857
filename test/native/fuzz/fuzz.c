#include "fuzz.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "../../../native/capd/fail.h"
#include "../../../native/capd/pcapng.h"

/* libFuzzer's, or loop.c's. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
_Noreturn void fuzz_exit(int code);
int fuzz_setitimer(__itimer_which_t which, const struct itimerval *value, struct itimerval *before);

static const struct {
  const char *name;
  fuzz_target *target;
} TARGETS[] = {
    {"options", fuzz_options}, {"filter", fuzz_filter}, {"inlet", fuzz_inlet},
    {"witness", fuzz_witness}, {"pcapng", fuzz_pcapng}, {"files", fuzz_files},
};

static fuzz_target *target;
static jmp_buf end_of_input;

/* Which one is said by the environment: the arguments are the fuzzer's. */
int LLVMFuzzerInitialize(int *argc, char ***argv) {
  const char *name = getenv("FUZZ_HELPER");
  (void)argc, (void)argv;
  for (size_t i = 0; i < sizeof TARGETS / sizeof *TARGETS; i++)
    if (name != NULL && strcmp(name, TARGETS[i].name) == 0) target = TARGETS[i].target;
  if (target != NULL) return 0;
  fprintf(stderr, "FUZZ_HELPER names no target\n");
  abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_play_nothing();
  if (setjmp(end_of_input) == 0) target((struct feed){data, size});
  return 0;
}

void fail(enum exit_code code, const char *format, ...) {
  fuzz_check(code != EXIT_CODE_INTERNAL, format);
  longjmp(end_of_input, 1);
}

void fuzz_exit(int code) {
  (void)code;
  longjmp(end_of_input, 1);
}

/* The fuzzer has a time limit of its own. */
int fuzz_setitimer(__itimer_which_t which, const struct itimerval *value, struct itimerval *before) {
  (void)which, (void)value, (void)before;
  return 0;
}

void fuzz_check(bool holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "not as it must be: %s\n", what);
  abort();
}

bool fuzz_are_blocks(const uint8_t *bytes, size_t length, uint64_t *packets) {
  size_t whole = length;
  *packets = pcapng_whole_blocks(bytes, &whole);
  if (whole != length) return false;
  for (size_t at = 0; at < length;) {
    const size_t block = pcapng_u32(bytes + at + 4);
    if (block % 4 != 0 || pcapng_u32(bytes + at + block - 4) != block) return false;
    at += block;
  }
  return true;
}

uint8_t feed_byte(struct feed *feed) {
  if (feed->left == 0) return 0;
  feed->left--;
  return *feed->bytes++;
}

uint32_t feed_u32(struct feed *feed) {
  uint32_t value = 0;
  for (int i = 0; i < 4; i++) value = value << 8 | feed_byte(feed);
  return value;
}

uint64_t feed_u64(struct feed *feed) {
  const uint64_t high = feed_u32(feed);
  return high << 32 | feed_u32(feed);
}

const uint8_t *feed_bytes(struct feed *feed, size_t most, size_t *length) {
  const uint8_t *bytes = feed->bytes;
  *length = most < feed->left ? most : feed->left;
  feed->bytes += *length;
  feed->left -= *length;
  return bytes;
}

void feed_text(struct feed *feed, char *text, size_t most) {
  size_t length = 0;
  const uint8_t *bytes = feed_bytes(feed, most, &length);
  if (length > 0) memcpy(text, bytes, length);
  text[length] = '\0';
}
