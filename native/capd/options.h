/* The command line. */
#ifndef CAPD_OPTIONS_H
#define CAPD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

enum command { COMMAND_LIST, COMMAND_CHECK, COMMAND_CAPTURE };

/* Longer filters are refused: the compiler is the largest parser in this program that foreign text reaches. */
enum { FILTER_MAX_BYTES = 16 * 1024 };

/* The longest snap length, as tcpdump has it. */
enum { SNAP_LENGTH_MAX = 262144 };

/* The longest text that names of files may begin with. */
enum { FILE_BASE_MAX_BYTES = 128 };

struct options {
  enum command command;
  /* Null unless given. */
  const char *interface;
  /* Empty when not given: everything passes. */
  const char *filter;
  const char *link_type;
  uint32_t snap_length;
  bool promiscuous;
  /* Size of the kernel's packet ring. */
  uint32_t buffer_bytes;
  /* A batch is written when it holds this much … */
  uint32_t batch_bytes;
  /* … or when its first packet waited this long. */
  uint32_t batch_ms;
  bool witness;
  /* An open directory that the capture's files are made in; -1: it goes to standard output. */
  int folder;
  /* What their names begin with. */
  const char *file_base;
  /* A next file is begun when one would be longer than this … */
  uint64_t file_bytes;
  /* … or holds packets and is older than this; 0 for no such limit. */
  uint32_t file_seconds;
};

/* Ends the process with a line on standard error when the arguments make no sense, and with the usage for --help. */
void options_parse(int argc, char **argv, struct options *options);

#endif
