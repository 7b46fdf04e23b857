/*
 * Stands in for libFuzzer where there is no clang: changes seeds at random, without looking at what they reach. It takes the
 * options of libFuzzer that fuzz-programs.ts uses: -runs=N -max_total_time=SECONDS -seed=N -artifact_prefix=PATH FOLDER…
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
void __sanitizer_set_death_callback(void (*callback)(void));

enum { SEEDS_MAX = 4096, INPUT_MAX_BYTES = 20 * 1024, CHANGES_MAX = 8 };

static struct {
  uint8_t *bytes;
  size_t length;
} seeds[SEEDS_MAX];
static size_t seed_count;
static uint8_t input[INPUT_MAX_BYTES];
static size_t input_length;
static const char *artifact_prefix = "";
static uint64_t state;

/* splitmix64 */
static uint64_t draw(void) {
  uint64_t mixed = state += 0x9e3779b97f4a7c15u;
  mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
  return mixed ^ mixed >> 31;
}

static size_t below(size_t bound) { return bound == 0 ? 0 : (size_t)(draw() % bound); }

static void keep_input(void) {
  char path[1024];
  snprintf(path, sizeof path, "%scrash-%016llx", artifact_prefix, (unsigned long long)state);
  const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (fd < 0 || syscall(SYS_write, fd, input, input_length) < 0) return;
  close(fd);
  fprintf(stderr, "Test unit written to %s\n", path);
}

static void on_abort(int number) {
  (void)number;
  keep_input();
  _exit(77);
}

static void read_seeds(const char *folder) {
  DIR *entries = opendir(folder);
  for (const struct dirent *entry = entries == NULL ? NULL : readdir(entries); entry != NULL; entry = readdir(entries)) {
    const int fd = openat(dirfd(entries), entry->d_name, O_RDONLY);
    uint8_t bytes[INPUT_MAX_BYTES];
    const ssize_t length = fd < 0 ? -1 : read(fd, bytes, sizeof bytes);
    if (fd >= 0) close(fd);
    if (length < 0 || seed_count == SEEDS_MAX) continue;
    seeds[seed_count].bytes = malloc((size_t)length + 1);
    memcpy(seeds[seed_count].bytes, bytes, (size_t)length);
    seeds[seed_count++].length = (size_t)length;
  }
  if (entries != NULL) closedir(entries);
}

static void copy_over(size_t at, const uint8_t *bytes, size_t length) {
  if (length > INPUT_MAX_BYTES - at) length = INPUT_MAX_BYTES - at;
  if (length > 0) memmove(input + at, bytes, length);
  if (at + length > input_length) input_length = at + length;
}

static void change(void) {
  static const uint8_t TELLING[] = {0, 1, 0x7f, 0x80, 0xff, '0', '9', '=', ' ', '\n', '[', ']', '(', ')', ':', '.', '-'};
  const size_t at = below(input_length + 1);
  const size_t span = below(input_length - at < 64 ? input_length - at : 64);
  switch (below(7)) {
    case 0:
      if (at < input_length) input[at] ^= (uint8_t)(1u << below(8));
      break;
    case 1:
      if (at < input_length) input[at] = TELLING[below(sizeof TELLING)];
      break;
    case 2:
      memmove(input + at, input + at + span, input_length - at - span);
      input_length -= span;
      break;
    case 3: copy_over(below(input_length + 1), input + at, span); break;
    case 4: {
      const size_t from = below(seed_count);
      copy_over(at, seeds[from].bytes, seeds[from].length);
      break;
    }
    case 5: input_length = at; break;
    default:
      for (size_t i = at; i < at + span; i++) input[i] = (uint8_t)draw();
  }
}

static void make_input(void) {
  const size_t from = below(seed_count);
  input_length = 0;
  copy_over(0, seeds[from].bytes, seeds[from].length);
  for (size_t i = below(CHANGES_MAX) + 1; i > 0; i--) change();
}

static const char *value_of(const char *argument, const char *name) {
  const size_t length = strlen(name);
  return strncmp(argument, name, length) == 0 ? argument + length : NULL;
}

static void run_one(void) {
  /* Of its exact length: a look behind its end shows. */
  uint8_t *bytes = malloc(input_length + (input_length == 0));
  memcpy(bytes, input, input_length);
  LLVMFuzzerTestOneInput(bytes, input_length);
  free(bytes);
}

int main(int argc, char **argv) {
  unsigned long long runs = UINT64_MAX, done = 0;
  time_t end = 0;
  LLVMFuzzerInitialize(&argc, &argv);
  __sanitizer_set_death_callback(keep_input);
  signal(SIGABRT, on_abort);
  for (int i = 1; i < argc; i++) {
    const char *value;
    if ((value = value_of(argv[i], "-runs=")) != NULL) runs = strtoull(value, NULL, 10);
    else if ((value = value_of(argv[i], "-max_total_time=")) != NULL) end = time(NULL) + atol(value);
    else if ((value = value_of(argv[i], "-seed=")) != NULL) state = strtoull(value, NULL, 10);
    else if ((value = value_of(argv[i], "-artifact_prefix=")) != NULL) artifact_prefix = value;
    else if (argv[i][0] != '-') read_seeds(argv[i]);
  }
  for (size_t i = 0; i < seed_count; i++) {
    input_length = 0;
    copy_over(0, seeds[i].bytes, seeds[i].length);
    run_one();
  }
  for (; done < runs && (end == 0 || done % 256 != 0 || time(NULL) < end); done++) {
    make_input();
    run_one();
  }
  fprintf(stderr, "stat::number_of_executed_units: %llu\n", done + seed_count);
  /* Not exit(), which the build renames. */
  return 0;
}
