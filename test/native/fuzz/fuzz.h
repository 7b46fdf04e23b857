/*
 * What the fuzzers of the helper share. Each target is a function over any bytes; it returns, or ends the process where the
 * helper did what it must not. The helper's own ends (fail(), exit()) come back here, but for EXIT_CODE_INTERNAL, a defect.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Input that is taken from its begin; zeros follow its end. */
struct feed {
  const uint8_t *bytes;
  size_t left;
};

uint8_t feed_byte(struct feed *feed);
uint32_t feed_u32(struct feed *feed);
uint64_t feed_u64(struct feed *feed);
/* At most `most` bytes of what is left; their number in `length`. */
const uint8_t *feed_bytes(struct feed *feed, size_t most, size_t *length);
/* The same as text that ends with zero, in `text`, which has room for `most` and the zero. */
void feed_text(struct feed *feed, char *text, size_t most);

/* Ends the process with the input kept where `holds` is false. */
void fuzz_check(bool holds, const char *what);

/* Whether the bytes are whole blocks, and how many packets are in them. */
bool fuzz_are_blocks(const uint8_t *bytes, size_t length, uint64_t *packets);

typedef void fuzz_target(struct feed feed);

/* Targets may be left by fail() at any call: what they allocate is theirs again at the next input. */
fuzz_target fuzz_options, fuzz_filter, fuzz_inlet, fuzz_witness, fuzz_pcapng, fuzz_files;

/* The system as target-files.c plays it: what is written fails as its input says. */
void fuzz_play(struct feed *feed);
void fuzz_play_nothing(void);
/* What was written to standard output while it played. */
const uint8_t *fuzz_output(size_t *length);
extern bool fuzz_could_not_cut;

#endif
