#include "sandbox.h"

#ifdef __linux__

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#if __has_include(<linux/landlock.h>)
#include <linux/landlock.h>
#endif
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fail.h"
#include "ring-files.h"

#if defined(__x86_64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define OUR_ARCHITECTURE AUDIT_ARCH_RISCV64
#elif defined(__i386__)
#define OUR_ARCHITECTURE AUDIT_ARCH_I386
#elif defined(__arm__)
#define OUR_ARCHITECTURE AUDIT_ARCH_ARM
#else
#error "add the AUDIT_ARCH of this architecture"
#endif

/* Little endian, as all of the above: the low half of an argument comes first. */
#define ARGUMENT_LOW(n) (offsetof(struct seccomp_data, args) + 8 * (n))

enum { PROGRAM_MAX_INSTRUCTIONS = 320 };

/* x86-64 has a second numbering (x32) in the same architecture. */
enum { X32_BIT = 0x40000000 };

struct program {
  struct sock_filter instructions[PROGRAM_MAX_INSTRUCTIONS];
  unsigned short length;
};

static void add(struct program *program, struct sock_filter instruction) {
  if (program->length == PROGRAM_MAX_INSTRUCTIONS) fail(EXIT_CODE_INTERNAL, "the sandbox is too long");
  program->instructions[program->length++] = instruction;
}

static void answer(struct program *program, uint32_t what) {
  add(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, what));
}

static void load(struct program *program, size_t offset) {
  add(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

/* Answers `what` for the loaded value `value`. */
static void answer_for(struct program *program, uint32_t value, uint32_t what) {
  add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
  answer(program, what);
}

/* A call that is not allowed fails with EPERM rather than ending the process: without privileges a refused call is as
   good as a dead one, and a C library that tries a new call first still works. */
static const uint32_t ALLOW = SECCOMP_RET_ALLOW;
static const uint32_t REFUSE = SECCOMP_RET_ERRNO | EPERM;
static const uint32_t KILL = SECCOMP_RET_KILL_PROCESS;

static void begin(struct program *program) {
  program->length = 0;
  load(program, offsetof(struct seccomp_data, arch));
  add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCHITECTURE, 1, 0));
  answer(program, KILL);
  load(program, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
  add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1));
  answer(program, KILL);
#endif
}

static void install(const struct program *program) {
  const struct sock_fprog kernel_program = {
      .len = program->length,
      .filter = (struct sock_filter *)program->instructions,
  };
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &kernel_program, 0, 0) == 0) return;
  /* A kernel without seccomp: the privileges are gone all the same. */
  if (errno != EINVAL) fail(EXIT_CODE_SYSTEM, "the sandbox cannot be set: %s", strerror(errno));
}

static void answer_for_all(struct program *program, const int *calls, size_t count, uint32_t what) {
  for (size_t i = 0; i < count; i++) answer_for(program, (uint32_t)calls[i], what);
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

/*
 * Network, processes, and what changes files by their names: Landlock, which old kernels have not, knows no modes, owners and
 * attributes. Calls have other numbers, or are missing, from one architecture to the next.
 */
static const int REFUSED_WHILE_COMPILING[] = {
    SYS_socket,     SYS_socketpair, SYS_connect, SYS_listen,           SYS_accept4,
    SYS_sendto,     SYS_sendmsg,    SYS_sendmmsg, SYS_execve,          SYS_execveat,         SYS_clone,
    SYS_ptrace,     SYS_kill,       SYS_tkill,   SYS_tgkill,           SYS_rt_sigqueueinfo,  SYS_rt_tgsigqueueinfo,
    SYS_process_vm_readv, SYS_process_vm_writev,
    SYS_unlinkat,   SYS_mkdirat,    SYS_mknodat, SYS_symlinkat,        SYS_linkat,
    SYS_fchmod,     SYS_fchmodat,   SYS_fchown,  SYS_fchownat,         SYS_truncate,         SYS_utimensat,
    SYS_setxattr,   SYS_lsetxattr,  SYS_fsetxattr, SYS_removexattr,    SYS_lremovexattr,     SYS_fremovexattr,
    SYS_open_by_handle_at, SYS_chroot, SYS_mount, SYS_umount2,         SYS_unshare,          SYS_setns,
    SYS_bpf,        SYS_perf_event_open, SYS_init_module, SYS_finit_module, SYS_add_key,     SYS_request_key,
    SYS_keyctl,     SYS_userfaultfd,
#ifdef SYS_renameat
    SYS_renameat,
#endif
#ifdef SYS_renameat2
    SYS_renameat2,
#endif
#ifdef SYS_rename
    SYS_rename,
#endif
#ifdef SYS_mkdir
    SYS_mkdir,
#endif
#ifdef SYS_rmdir
    SYS_rmdir,
#endif
#ifdef SYS_mknod
    SYS_mknod,
#endif
#ifdef SYS_symlink
    SYS_symlink,
#endif
#ifdef SYS_link
    SYS_link,
#endif
#ifdef SYS_chmod
    SYS_chmod,
#endif
#ifdef SYS_chown
    SYS_chown,
#endif
#ifdef SYS_lchown
    SYS_lchown,
#endif
#ifdef SYS_truncate64
    SYS_truncate64,
#endif
#ifdef SYS_utime
    SYS_utime,
#endif
#ifdef SYS_utimes
    SYS_utimes,
#endif
#ifdef SYS_futimesat
    SYS_futimesat,
#endif
#ifdef SYS_fchmodat2
    SYS_fchmodat2,
#endif
#ifdef SYS_pidfd_send_signal
    SYS_pidfd_send_signal,
#endif
#ifdef SYS_pidfd_getfd
    SYS_pidfd_getfd,
#endif
#ifdef SYS_accept
    SYS_accept,
#endif
#ifdef SYS_clone3
    SYS_clone3,
#endif
#ifdef SYS_fork
    SYS_fork,
#endif
#ifdef SYS_vfork
    SYS_vfork,
#endif
#ifdef SYS_io_uring_setup
    SYS_io_uring_setup,
#endif
#ifdef SYS_unlink
    SYS_unlink,
#endif
#ifdef SYS_creat
    SYS_creat,
#endif
#ifdef SYS_openat2
    SYS_openat2,
#endif
#ifdef SYS_socketcall
    SYS_socketcall,
#endif
};

/* Files are opened for reading only (/etc/services, for the names of ports). */
static void refuse_open_for_writing(struct program *program, uint32_t call, unsigned flags_argument) {
  add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 4));
  load(program, ARGUMENT_LOW(flags_argument));
  add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_ACCMODE | O_CREAT | O_TRUNC, 0, 1));
  answer(program, REFUSE);
  answer(program, ALLOW);
}

/* The one call that makes a file of the capture. */
static void allow_new_file(struct program *program, int folder) {
  if (folder < 0) return;
  add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 6));
  load(program, ARGUMENT_LOW(0));
  add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)folder, 0, 3));
  load(program, ARGUMENT_LOW(2));
  add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)RING_FILES_OPEN_FLAGS, 0, 1));
  answer(program, ALLOW);
  load(program, offsetof(struct seccomp_data, nr));
}

/*
 * seccomp cannot look at names, and an absolute one leads out of any folder: Landlock allows changes below one only. We make no
 * such name; this is for whoever would take over the process. Kernels before 5.13 have no Landlock.
 */
#ifdef LANDLOCK_ACCESS_FS_MAKE_REG
/* linux/landlock.h has it from version 3 on; whether the kernel does is asked. */
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif
static const uint64_t MAKING_FILES =
    LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_TRUNCATE;
static const uint64_t REMOVING_FOLDERS = LANDLOCK_ACCESS_FS_REMOVE_DIR;

/* From now on no file is changed but as `allowed` says, below `folder`; -1 for nowhere. */
static void confine_files(int folder, uint64_t allowed) {
  const int version = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) return;
  uint64_t known = MAKING_FILES | REMOVING_FOLDERS | LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                   LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_MAKE_SOCK |
                   LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK;
  if (version < 3) known &= ~(uint64_t)LANDLOCK_ACCESS_FS_TRUNCATE;
  const struct landlock_ruleset_attr handled = {.handled_access_fs = known};
  const int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
  if (rules < 0) fail(EXIT_CODE_SYSTEM, "the sandbox has no rules for files: %s", strerror(errno));
  const struct landlock_path_beneath_attr below = {.allowed_access = allowed & known, .parent_fd = folder};
  if (folder >= 0 && syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &below, 0) != 0)
    fail(EXIT_CODE_SYSTEM, "the sandbox does not take the folder: %s", strerror(errno));
  if (syscall(SYS_landlock_restrict_self, rules, 0) != 0)
    fail(EXIT_CODE_SYSTEM, "the sandbox for files cannot be set: %s", strerror(errno));
  close(rules);
}
#else
enum { MAKING_FILES, REMOVING_FOLDERS };
static void confine_files(int folder, uint64_t allowed) {
  (void)folder;
  (void)allowed;
}
#endif

void sandbox_without_files(void) { confine_files(-1, 0); }

void sandbox_without_network(int folder) {
  struct program program;
  confine_files(folder, MAKING_FILES);
  begin(&program);
  answer_for_all(&program, REFUSED_WHILE_COMPILING, COUNT(REFUSED_WHILE_COMPILING), REFUSE);
  allow_new_file(&program, folder);
  refuse_open_for_writing(&program, SYS_openat, 2);
#ifdef SYS_open
  refuse_open_for_writing(&program, SYS_open, 1);
#endif
  answer(&program, ALLOW);
  install(&program);
}

static const int OF_EVERY_PROCESS[] = {
    SYS_read,      SYS_write,        SYS_close,           SYS_ppoll,
    SYS_exit,      SYS_exit_group,   SYS_clock_gettime,   SYS_rt_sigreturn,
    SYS_restart_syscall,
#ifdef SYS_poll
    SYS_poll,
#endif
#ifdef SYS_ppoll_time64
    SYS_ppoll_time64,
#endif
#ifdef SYS_clock_gettime64
    SYS_clock_gettime64,
#endif
#ifdef __SANITIZE_ADDRESS__
    /* The run-time library of the sanitizers. */
    SYS_mmap,      SYS_munmap,       SYS_mprotect,        SYS_madvise,
    SYS_getpid,    SYS_gettid,       SYS_sigaltstack,     SYS_futex,
    SYS_rt_sigprocmask, SYS_rt_sigaction, SYS_sched_yield, SYS_readlinkat, SYS_openat, SYS_tgkill,
#endif
};

static const int OF_CAPTURE[] = {
    /* The drop counters of the device, and those of the socket. */
    SYS_pread64, SYS_getsockopt,
    /* Giving standard output back as it was. */
#ifdef SYS_fcntl64
    SYS_fcntl64,
#endif
    SYS_fcntl,
    /* free() of large memory. */
    SYS_munmap,
    /* A file is cut back to whole blocks where not all could be written. */
#ifdef SYS_ftruncate64
    SYS_ftruncate64,
#endif
    SYS_ftruncate,
};

void sandbox_capture_only(int folder) {
  struct program program;
  begin(&program);
  allow_new_file(&program, folder);
  answer_for_all(&program, OF_EVERY_PROCESS, COUNT(OF_EVERY_PROCESS), ALLOW);
  answer_for_all(&program, OF_CAPTURE, COUNT(OF_CAPTURE), ALLOW);
  /* libpcap asks for the flags of an interface that has an error. */
  add(&program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 3));
  load(&program, ARGUMENT_LOW(1));
  answer_for(&program, SIOCGIFFLAGS, ALLOW);
  answer(&program, REFUSE);
  install(&program);
}

void sandbox_janitor_only(int instances) {
  struct program program;
  confine_files(instances, REMOVING_FOLDERS);
  begin(&program);
  answer_for_all(&program, OF_EVERY_PROCESS, COUNT(OF_EVERY_PROCESS), ALLOW);
  answer_for(&program, SYS_unlinkat, ALLOW);
  answer(&program, REFUSE);
  install(&program);
}

#else
void sandbox_without_files(void) {}
void sandbox_without_network(int folder) { (void)folder; }
void sandbox_capture_only(int folder) { (void)folder; }
#endif
