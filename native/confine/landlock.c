#include "landlock.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"

/* The kernel's ABI as of version 7, written out: headers are often older than the kernel that the program runs on. */
enum {
  CREATE_RULESET_VERSION = 1 << 0,
  CREATE_RULESET_ERRATA = 1 << 1,
  RULE_PATH_BENEATH = 1,
};

#define ACCESS_EXECUTE (1ULL << 0)
#define ACCESS_WRITE_FILE (1ULL << 1)
#define ACCESS_REMOVE_DIR (1ULL << 4)
#define ACCESS_REMOVE_FILE (1ULL << 5)
#define ACCESS_MAKE_CHAR (1ULL << 6)
#define ACCESS_MAKE_DIR (1ULL << 7)
#define ACCESS_MAKE_REG (1ULL << 8)
#define ACCESS_MAKE_SOCK (1ULL << 9)
#define ACCESS_MAKE_FIFO (1ULL << 10)
#define ACCESS_MAKE_BLOCK (1ULL << 11)
#define ACCESS_MAKE_SYM (1ULL << 12)
#define ACCESS_REFER (1ULL << 13)     /* version 2 */
#define ACCESS_TRUNCATE (1ULL << 14)  /* version 3 */
#define ACCESS_IOCTL_DEV (1ULL << 15) /* version 5 */

#define NET_BIND_TCP (1ULL << 0) /* version 4 */
#define NET_CONNECT_TCP (1ULL << 1)

#define SCOPE_ABSTRACT_UNIX_SOCKET (1ULL << 0) /* version 6 */
#define SCOPE_SIGNAL (1ULL << 1)

/* Without its correction threads of one process, each held by itself, could not signal one another. */
enum { ERRATUM_SIGNALS_OF_THREADS = 1 << 1 };

struct ruleset {
  uint64_t files;
  uint64_t network;
  uint64_t scoped;
};

struct path_rule {
  uint64_t allowed;
  int32_t folder;
} __attribute__((packed));

static const uint64_t ON_FILES = ACCESS_WRITE_FILE | ACCESS_TRUNCATE;
/* Folders, too: tables of a fleet lie in one for each day, and which days those are only the packets tell. */
static const uint64_t IN_FOLDERS =
    ACCESS_WRITE_FILE | ACCESS_TRUNCATE | ACCESS_MAKE_REG | ACCESS_MAKE_DIR | ACCESS_REMOVE_FILE | ACCESS_REMOVE_DIR;

static long create_ruleset(const struct ruleset *ruleset, size_t size, unsigned flags) {
  return syscall(CALL_LANDLOCK_CREATE_RULESET, ruleset, size, flags);
}

int landlock_version(void) {
  const long version = create_ruleset(NULL, 0, CREATE_RULESET_VERSION);
  return version < 0 ? 0 : (int)version;
}

/* Reading is not handled: which files are opened the user says later. */
static uint64_t handled_files(int version) {
  uint64_t files = ACCESS_EXECUTE | ACCESS_WRITE_FILE | ACCESS_REMOVE_DIR | ACCESS_REMOVE_FILE | ACCESS_MAKE_CHAR |
                   ACCESS_MAKE_DIR | ACCESS_MAKE_REG | ACCESS_MAKE_SOCK | ACCESS_MAKE_FIFO | ACCESS_MAKE_BLOCK |
                   ACCESS_MAKE_SYM;
  if (version >= 2) files |= ACCESS_REFER;
  if (version >= 3) files |= ACCESS_TRUNCATE;
  if (version >= 5) files |= ACCESS_IOCTL_DEV;
  return files;
}

static uint64_t scopes(int version) {
  if (version < 6) return 0;
  const long errata = create_ruleset(NULL, 0, CREATE_RULESET_ERRATA);
  const int is_corrected = errata > 0 && (errata & ERRATUM_SIGNALS_OF_THREADS) != 0;
  return SCOPE_ABSTRACT_UNIX_SOCKET | (is_corrected ? SCOPE_SIGNAL : 0);
}

/* A folder that is not there cannot be written in anyway. */
static int allow(int rules, const char *path, uint64_t handled) {
  const int opened = open(path, O_PATH | O_CLOEXEC);
  if (opened < 0) return 0;
  struct stat stats;
  const int is_folder = fstat(opened, &stats) == 0 && S_ISDIR(stats.st_mode);
  const struct path_rule rule = {.allowed = (is_folder ? IN_FOLDERS : ON_FILES) & handled, .folder = opened};
  const long added = syscall(CALL_LANDLOCK_ADD_RULE, rules, RULE_PATH_BENEATH, &rule, 0);
  close(opened);
  return (int)added;
}

int landlock_rules(int version, const char *const *folders, size_t count) {
  const struct ruleset handled = {
      .files = handled_files(version),
      .network = version >= 4 ? NET_BIND_TCP | NET_CONNECT_TCP : 0,
      .scoped = scopes(version),
  };
  const size_t known = version >= 6 ? sizeof handled
                       : version >= 4 ? offsetof(struct ruleset, scoped)
                                      : offsetof(struct ruleset, network);
  const int rules = (int)create_ruleset(&handled, known, 0);
  for (size_t i = 0; rules >= 0 && i < count; i++) {
    if (allow(rules, folders[i], handled.files) == 0) continue;
    close(rules);
    return -1;
  }
  return rules;
}

int landlock_restrict(int rules) { return (int)syscall(CALL_LANDLOCK_RESTRICT_SELF, rules, 0); }
