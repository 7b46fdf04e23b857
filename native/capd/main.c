/*
 * resetscope-capd: the only part of Resetscope with privileges. It opens an interface, gives the privileges up, and
 * writes what it sees to standard output, or to files of a folder. README.md says what it promises.
 */
#include "capture.h"
#include "filter.h"
#include "inherited.h"
#include "list.h"
#include "options.h"
#include "privileges.h"
#include "sandbox.h"

int main(int argc, char **argv) {
  struct options options;
  inherited_hold_standard_streams();
  inherited_forget();
  privileges_begin();
  options_parse(argc, argv, &options);
  inherited_close_descriptors(options.folder);
  if (!options.witness) privileges_forgo_witness();
  switch (options.command) {
    case COMMAND_LIST:
      sandbox_without_files();
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
