/*
 * How resetscope-capd ends. Whoever starts it tells the cases apart by these numbers, and shows the line on standard
 * error, which begins with the word. The numbers are those of sysexits.h where it has a fitting one. README.md has the
 * same table.
 */
#ifndef CAPD_EXIT_CODES_H
#define CAPD_EXIT_CODES_H

enum exit_code {
  EXIT_CODE_OK = 0,
  EXIT_CODE_USAGE = 64,
  EXIT_CODE_BAD_FILTER = 65,
  EXIT_CODE_NO_SUCH_INTERFACE = 66,
  EXIT_CODE_INTERFACE_GONE = 69,
  EXIT_CODE_INTERNAL = 70,
  EXIT_CODE_SYSTEM = 71,
  EXIT_CODE_OUTPUT_FAILED = 74,
  EXIT_CODE_NO_PERMISSION = 77,
};

#endif
