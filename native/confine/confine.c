#include "confine.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "each-thread.h"
#include "failure.h"
#include "filter.h"
#include "landlock.h"
#include "rights.h"

/* A core file would be a copy of the capture in a place that nobody chose, and other processes of the user could look in. */
static const char *close_memory(void) {
  const struct rlimit none = {0};
  if (setrlimit(RLIMIT_CORE, &none) != 0) return failure("core files cannot be turned off");
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return failure("memory cannot be closed to others");
  return NULL;
}

/* In each thread. There is no ruleset where the kernel has no Landlock. */
static int hold(int rules) {
  if (rights_drop() != 0) return -1;
  return rules < 0 ? 0 : landlock_restrict(rules);
}

static const char *confine_threads(const char *const *folders, size_t count, struct confinement *result) {
  int rules = -1;
  result->landlock = landlock_version();
  if (result->landlock > 0) {
    rules = landlock_rules(result->landlock, folders, count);
    if (rules < 0) return failure("there are no rules for files");
  }
  result->threads = each_thread(hold, rules);
  const char *problem = result->threads < 0 ? failure("not every thread could be held") : NULL;
  if (rules >= 0) close(rules);
  return problem;
}

const char *confine(const char *const *folders, size_t count, struct confinement *result) {
  const char *problem = confine_threads(folders, count, result);
  if (problem == NULL) problem = close_memory();
  /* Last, for it takes what the others need. */
  if (problem == NULL) problem = filter_install(count == 0);
  return problem;
}

int confine_available(void) { return filter_available() ? landlock_version() : -1; }
