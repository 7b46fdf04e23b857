#include "privileges.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include "fail.h"

/* More than are open at any time; poll() wants the limit to be at least the number it is given. */
enum { OPEN_FILES_MAX = 32 };

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
#define BIT(capability) (1u << (capability))

/* Opening an interface; and for a program of root's or a set-uid one, going back to its user and a better priority. */
static const uint32_t OF_CAPTURE =
    BIT(CAP_NET_RAW) | BIT(CAP_NET_ADMIN) | BIT(CAP_SETUID) | BIT(CAP_SETGID) | BIT(CAP_SYS_NICE);

/* Mounting tracefs where nobody has, and making a folder in one that is root's. */
static const uint32_t OF_WITNESS = BIT(CAP_SYS_ADMIN) | BIT(CAP_DAC_OVERRIDE);

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

static bool has_capability(unsigned number) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
  memset(sets, 0, sizeof sets);
  return syscall(SYS_capget, &header, sets) == 0 && (sets[0].effective & BIT(number)) != 0;
}

/*
 * What a later exec could give back: the bounding set, and what being root is worth. Only a process of root's has the right
 * to change them; for all others no_new_privs closes the same door.
 */
static void close_ways_back(void) {
  static const unsigned long LOCKED = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP_LOCKED |
                                      SECBIT_KEEP_CAPS_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE |
                                      SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
  if (!has_capability(CAP_SETPCAP)) return;
  /* Reading fails for the first number that the kernel does not know. */
  for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
    if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0)
      fail(EXIT_CODE_SYSTEM, "the bounding set cannot be emptied: %s", strerror(errno));
  if (prctl(PR_SET_SECUREBITS, LOCKED, 0, 0, 0) != 0)
    fail(EXIT_CODE_SYSTEM, "the rights of root cannot be locked away: %s", strerror(errno));
}

/* By the link of the kernel: what a process is told to be called is its parent's choice. */
static bool is_witness_copy(void) {
  char path[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
  if (length <= 0) return false;
  path[length] = '\0';
  const char *slash = strrchr(path, '/');
  return slash != NULL && strcmp(slash + 1, WITNESS_COPY) == 0;
}

bool privileges_may_witness(void) { return getuid() == 0 || is_witness_copy(); }

static void close_up(void) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    fail(EXIT_CODE_SYSTEM, "no_new_privs cannot be set: %s", strerror(errno));
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void privileges_begin(void) {
  close_up();
  close_ways_back();
  keep_capabilities(OF_CAPTURE | (privileges_may_witness() ? OF_WITNESS : 0));
}

void privileges_forgo_witness(void) { keep_capabilities(OF_CAPTURE); }

void privileges_drop(void) {
  return_to_real_user();
  keep_capabilities(0);
  limit_resources();
}

void privileges_drop_but_files(void) {
  /* Root owns the directory; anybody else needs this capability for it. */
  const uint32_t override = geteuid() == 0 ? 0 : BIT(CAP_DAC_OVERRIDE);
  keep_capabilities(override);
  limit_resources();
}
#else
void privileges_begin(void) {}

void privileges_forgo_witness(void) {}

bool privileges_may_witness(void) { return false; }

void privileges_drop(void) {
  return_to_real_user();
  limit_resources();
}
#endif
