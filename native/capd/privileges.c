#include "privileges.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include "fail.h"

/* More than are open at any time; poll() wants the limit to be at least the number it is given. */
enum { OPEN_FILES_MAX = 32 };

void privileges_hold_standard_streams(void) {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
      fail(EXIT_CODE_SYSTEM, "standard streams cannot be opened");
}

static void return_to_real_user(void) {
  const uid_t user = getuid();
  const gid_t group = getgid();
  if (geteuid() == user && getegid() == group) return;
  if (geteuid() == 0 && setgroups(0, NULL) != 0)
    fail(EXIT_CODE_SYSTEM, "groups cannot be given up: %s", strerror(errno));
  if (setgid(group) != 0 || setuid(user) != 0)
    fail(EXIT_CODE_SYSTEM, "the user id cannot be given up: %s", strerror(errno));
  /* Had the saved id stayed, this would work. */
  if (user != 0 && setuid(0) == 0) fail(EXIT_CODE_INTERNAL, "the user id could be taken back");
}

static void limit(int resource, rlim_t value) {
  const struct rlimit limits = {value, value};
  setrlimit(resource, &limits);
}

static void limit_resources(void) {
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_NPROC, 0);
  limit(RLIMIT_NOFILE, OPEN_FILES_MAX);
}

#ifdef __linux__
/* Keeps the permitted capabilities below number 32 that are in the mask, and no others. */
static void keep_capabilities(uint32_t mask) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
  memset(sets, 0, sizeof sets);
  if (mask != 0) {
    if (syscall(SYS_capget, &header, sets) != 0) fail(EXIT_CODE_SYSTEM, "capget: %s", strerror(errno));
    const uint32_t kept = sets[0].permitted & mask;
    memset(sets, 0, sizeof sets);
    sets[0].permitted = sets[0].effective = kept;
  }
  /* Not known to kernels before 4.3, which have no ambient capabilities either. */
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  if (syscall(SYS_capset, &header, sets) != 0)
    fail(EXIT_CODE_SYSTEM, "capabilities cannot be given up: %s", strerror(errno));
}

static void close_up(void) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    fail(EXIT_CODE_SYSTEM, "no_new_privs cannot be set: %s", strerror(errno));
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void privileges_drop(void) {
  return_to_real_user();
  keep_capabilities(0);
  close_up();
  limit_resources();
}

void privileges_drop_but_files(void) {
  /* Root owns the directory; anybody else needs this capability for it. */
  const uint32_t override = geteuid() == 0 ? 0 : 1u << CAP_DAC_OVERRIDE;
  keep_capabilities(override);
  close_up();
  limit_resources();
}
#else
void privileges_drop(void) {
  return_to_real_user();
  limit_resources();
}
#endif
