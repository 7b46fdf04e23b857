#include "rights.h"

#include <linux/capability.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int rights_drop(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  if (syscall(SYS_capget, &header, data) != 0) return -1;
  /* Root reads captures of others; it has no need to write them. */
  const uint32_t kept = 1u << CAP_DAC_READ_SEARCH;
  for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
    const uint32_t permitted = i == 0 ? data[i].permitted & kept : 0;
    data[i] = (struct __user_cap_data_struct){.permitted = permitted, .effective = data[i].effective & permitted};
  }
  return (int)syscall(SYS_capset, &header, data);
}
