#include "options.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fail.h"

static const char USAGE[] =
    "Usage: resetscope-capd list\n"
    "       resetscope-capd check --filter TEXT [--link-type NAME] [--snap-length N]\n"
    "       resetscope-capd capture --interface NAME [--filter TEXT] [--snap-length N] [--no-promiscuous]\n"
    "                               [--buffer-bytes N] [--batch-bytes N] [--batch-ms N] [--witness]\n"
    "                               [--folder DESCRIPTOR --file-base NAME --file-bytes N [--file-seconds N]]\n"
    "\n"
    "list      the interfaces, as JSON\n"
    "check     whether a filter compiles (exit code 65 when not)\n"
    "capture   pcapng on standard output, until standard input ends or SIGTERM or SIGINT comes;\n"
    "          with an open folder to files in there, and reports of them on standard output\n";

enum {
  BUFFER_MIN_BYTES = 256 * 1024,
  BUFFER_MAX_BYTES = 1 << 30,
  BUFFER_DEFAULT_BYTES = 32 << 20,
  BATCH_MIN_BYTES = 4096,
  BATCH_MAX_BYTES = 16 << 20,
  BATCH_DEFAULT_BYTES = 64 * 1024,
  BATCH_MAX_MS = 10 * 1000,
  BATCH_DEFAULT_MS = 20,
  FILE_MIN_BYTES = 64 * 1024,
  /* More descriptors than this are not open. */
  FOLDER_MAX = 15,
  FILE_SECONDS_MAX = 1000 * 1000 * 1000,
};

enum command_bit { FOR_CHECK = 1 << COMMAND_CHECK, FOR_CAPTURE = 1 << COMMAND_CAPTURE };

static uint32_t number(const char *name, const char *text, uint32_t min, uint32_t max) {
  char *end = NULL;
  errno = 0;
  const unsigned long value = strtoul(text, &end, 10);
  /* strtoul takes signs and blanks as well. */
  const bool is_decimal = text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0;
  if (!is_decimal || value < min || value > max)
    fail(EXIT_CODE_USAGE, "%s wants a number from %u to %u, not '%.80s'", name, min, max, text);
  return (uint32_t)value;
}

/* The size of a file may need more than 32 bits. */
static uint64_t file_bytes(const char *text) {
  char *end = NULL;
  errno = 0;
  const unsigned long long value = strtoull(text, &end, 10);
  const bool is_decimal = text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0;
  if (!is_decimal || value < FILE_MIN_BYTES || value > INT64_MAX)
    fail(EXIT_CODE_USAGE, "--file-bytes wants a number from %u, not '%.80s'", FILE_MIN_BYTES, text);
  return value;
}

/* A name must not lead out of the folder. */
static const char *file_base(const char *text) {
  static const char ALLOWED[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+@-";
  const size_t length = strlen(text);
  if (length == 0 || length > FILE_BASE_MAX_BYTES || strspn(text, ALLOWED) != length)
    fail(EXIT_CODE_USAGE, "--file-base wants up to %d letters, digits and . _ + @ -, not '%.80s'", FILE_BASE_MAX_BYTES,
         text);
  return text;
}

static enum command command_named(const char *name) {
  if (strcmp(name, "list") == 0) return COMMAND_LIST;
  if (strcmp(name, "check") == 0) return COMMAND_CHECK;
  if (strcmp(name, "capture") == 0) return COMMAND_CAPTURE;
  fail(EXIT_CODE_USAGE, "there is no command '%.80s'; there are list, check and capture", name);
}

static const char *interface_name(const char *text) {
  if (text[0] == '\0') fail(EXIT_CODE_USAGE, "--interface wants a name");
  if (strlen(text) >= IF_NAMESIZE)
    fail(EXIT_CODE_NO_SUCH_INTERFACE, "no interface name is as long as '%.80s'", text);
  return text;
}

static const char *filter_text(const char *text) {
  if (strlen(text) > FILTER_MAX_BYTES)
    fail(EXIT_CODE_BAD_FILTER, "the filter is longer than %d bytes", FILTER_MAX_BYTES);
  return text;
}

/* The options of one word. Answers false where `name` is none of them. */
static bool take_switch(struct options *options, const char *name) {
  if (options->command != COMMAND_CAPTURE) return false;
  if (strcmp(name, "--no-promiscuous") == 0) options->promiscuous = false;
  else if (strcmp(name, "--witness") == 0) options->witness = true;
  else return false;
  return true;
}

static void take_value(struct options *options, const char *name, const char *value) {
  if (strcmp(name, "--filter") == 0) options->filter = filter_text(value);
  else if (strcmp(name, "--link-type") == 0) options->link_type = value;
  else if (strcmp(name, "--interface") == 0) options->interface = interface_name(value);
  else if (strcmp(name, "--snap-length") == 0) options->snap_length = number(name, value, 1, SNAP_LENGTH_MAX);
  else if (strcmp(name, "--buffer-bytes") == 0)
    options->buffer_bytes = number(name, value, BUFFER_MIN_BYTES, BUFFER_MAX_BYTES);
  else if (strcmp(name, "--batch-bytes") == 0)
    options->batch_bytes = number(name, value, BATCH_MIN_BYTES, BATCH_MAX_BYTES);
  else if (strcmp(name, "--batch-ms") == 0) options->batch_ms = number(name, value, 1, BATCH_MAX_MS);
  else if (strcmp(name, "--folder") == 0) options->folder = (int)number(name, value, 3, FOLDER_MAX);
  else if (strcmp(name, "--file-base") == 0) options->file_base = file_base(value);
  else if (strcmp(name, "--file-bytes") == 0) options->file_bytes = file_bytes(value);
  else if (strcmp(name, "--file-seconds") == 0) options->file_seconds = number(name, value, 1, FILE_SECONDS_MAX);
}

/* The commands that know an option with a value, as bits; 0 for none. */
static int commands_with(const char *name) {
  static const struct {
    const char *name;
    int commands;
  } KNOWN[] = {
      {"--filter", FOR_CHECK | FOR_CAPTURE}, {"--snap-length", FOR_CHECK | FOR_CAPTURE},
      {"--link-type", FOR_CHECK},            {"--interface", FOR_CAPTURE},
      {"--buffer-bytes", FOR_CAPTURE},       {"--batch-bytes", FOR_CAPTURE},
      {"--batch-ms", FOR_CAPTURE},           {"--folder", FOR_CAPTURE},
      {"--file-base", FOR_CAPTURE},          {"--file-bytes", FOR_CAPTURE},
      {"--file-seconds", FOR_CAPTURE},
  };
  for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++)
    if (strcmp(name, KNOWN[i].name) == 0) return KNOWN[i].commands;
  return 0;
}

static void check_files(const struct options *options) {
  struct stat about;
  const bool has_folder = options->folder >= 0;
  if (has_folder != (options->file_base != NULL) || has_folder != (options->file_bytes > 0) ||
      (!has_folder && options->file_seconds > 0))
    fail(EXIT_CODE_USAGE, "--folder, --file-base and --file-bytes go together");
  if (has_folder && (fstat(options->folder, &about) != 0 || !S_ISDIR(about.st_mode)))
    fail(EXIT_CODE_USAGE, "descriptor %d is no open folder", options->folder);
}

void options_parse(int argc, char **argv, struct options *options) {
  *options = (struct options){
      .filter = "",
      .link_type = "EN10MB",
      .snap_length = SNAP_LENGTH_MAX,
      .promiscuous = true,
      .buffer_bytes = BUFFER_DEFAULT_BYTES,
      .batch_bytes = BATCH_DEFAULT_BYTES,
      .batch_ms = BATCH_DEFAULT_MS,
      .folder = -1,
  };
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--help") != 0) continue;
    fputs(USAGE, stdout);
    exit(fflush(stdout) == 0 ? EXIT_CODE_OK : EXIT_CODE_OUTPUT_FAILED);
  }
  if (argc < 2) fail(EXIT_CODE_USAGE, "a command is missing: list, check or capture");
  options->command = command_named(argv[1]);
  bool has_filter = false;
  for (int i = 2; i < argc; i++) {
    const char *name = argv[i];
    if (take_switch(options, name)) continue;
    if ((commands_with(name) & (1 << options->command)) == 0)
      fail(EXIT_CODE_USAGE, "%s has no option '%.80s'", argv[1], name);
    if (i + 1 == argc) fail(EXIT_CODE_USAGE, "%s wants a value", name);
    take_value(options, name, argv[++i]);
    if (strcmp(name, "--filter") == 0) has_filter = true;
  }
  if (options->command == COMMAND_CHECK && !has_filter) fail(EXIT_CODE_USAGE, "check wants --filter");
  if (options->command == COMMAND_CAPTURE && options->interface == NULL)
    fail(EXIT_CODE_USAGE, "capture wants --interface");
  check_files(options);
}
