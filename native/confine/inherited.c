#include "inherited.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int inherited_close(int lowest) {
  DIR *folder = opendir("/proc/self/fd");
  if (folder == NULL) return -1;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    const int descriptor = atoi(entry->d_name);
    if (descriptor < lowest || descriptor == dirfd(folder)) continue;
    const int flags = fcntl(descriptor, F_GETFD);
    if (flags >= 0 && (flags & FD_CLOEXEC) == 0) close(descriptor);
  }
  return closedir(folder);
}
