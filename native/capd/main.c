/*
 * resetscope-capd: the only part of Resetscope with privileges. It opens an interface, gives the privileges up, and
 * writes what it sees to standard output, or to files of a folder. README.md says what it promises.
 */
#include "capture.h"
#include "filter.h"
#include "list.h"
#include "options.h"
#include "privileges.h"
#include "sandbox.h"

int main(int argc, char **argv) {
  struct options options;
  privileges_hold_standard_streams();
  options_parse(argc, argv, &options);
  switch (options.command) {
    case COMMAND_LIST:
      list_interfaces();
      break;
    case COMMAND_CHECK:
      privileges_drop();
      sandbox_without_network(options.folder);
      filter_check(options.filter, options.link_type, options.snap_length);
      break;
    case COMMAND_CAPTURE:
      capture(&options);
      break;
  }
  return 0;
}
