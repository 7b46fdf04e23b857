#include "filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"
#include "failure.h"

#if defined(__x86_64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define OUR_ARCHITECTURE AUDIT_ARCH_RISCV64
#else
#error "add the AUDIT_ARCH of this architecture"
#endif

/* Little endian, as all of the above: the low half of an argument comes first. */
#define ARGUMENT_LOW(n) (offsetof(struct seccomp_data, args) + 8 * (n))

enum { MAX_INSTRUCTIONS = 512 };

/* x86-64 has a second numbering (x32) in the same architecture. */
enum { X32_BIT = 0x40000000 };

static const uint32_t ALLOW = SECCOMP_RET_ALLOW;
static const uint32_t KILL = SECCOMP_RET_KILL_PROCESS;
static const uint32_t REFUSE = SECCOMP_RET_ERRNO | EPERM;
/* Callers have another way, which the filter can look into. */
static const uint32_t UNKNOWN = SECCOMP_RET_ERRNO | ENOSYS;

struct program {
  struct sock_filter instructions[MAX_INSTRUCTIONS];
  unsigned short length;
};

static void add(struct program *program, struct sock_filter instruction) {
  if (program->length < MAX_INSTRUCTIONS) program->instructions[program->length++] = instruction;
}

static void answer(struct program *program, uint32_t what) {
  add(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, what));
}

static void load(struct program *program, size_t offset) {
  add(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

/* Goes on with the next `skipped` instructions only where the comparison holds. */
static void only_if(struct program *program, int comparison, uint32_t value, uint8_t skipped) {
  add(program, (struct sock_filter)BPF_JUMP((uint16_t)(BPF_JMP | BPF_K | comparison), value, 0, skipped));
}

static void answer_for(struct program *program, long call, uint32_t what) {
  only_if(program, BPF_JEQ, (uint32_t)call, 1);
  answer(program, what);
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void answer_for_all(struct program *program, const long *calls, size_t count, uint32_t what) {
  for (size_t i = 0; i < count; i++) answer_for(program, calls[i], what);
}

/* Answers a call by one of its arguments: `holds` where the comparison does, else `otherwise`. */
static void answer_by_argument(struct program *program, long call, unsigned argument, int comparison, uint32_t value,
                               uint32_t holds, uint32_t otherwise) {
  only_if(program, BPF_JEQ, (uint32_t)call, 4);
  load(program, ARGUMENT_LOW(argument));
  only_if(program, comparison, value, 1);
  answer(program, holds);
  answer(program, otherwise);
}

static const long NETWORK[] = {
    SYS_socket, SYS_bind,   SYS_connect, SYS_listen, SYS_accept, SYS_accept4, SYS_sendmmsg,
    SYS_shmget, SYS_shmat,  SYS_shmctl,  SYS_semget, SYS_semop,  SYS_semctl,  SYS_semtimedop,
    SYS_msgget, SYS_msgsnd, SYS_msgrcv,  SYS_msgctl, SYS_mq_open, SYS_mq_unlink,
};

static const long PROGRAMS_AND_PROCESSES[] = {
    SYS_execve,             SYS_execveat,          SYS_unshare,           SYS_setns,
    SYS_ptrace,             SYS_process_vm_readv,  SYS_process_vm_writev, SYS_tkill,
    SYS_rt_sigqueueinfo,    SYS_rt_tgsigqueueinfo, CALL_PIDFD_OPEN,       CALL_PIDFD_GETFD,
    CALL_PIDFD_SEND_SIGNAL, CALL_PROCESS_MADVISE,  CALL_PROCESS_MRELEASE, SYS_kcmp,
    SYS_migrate_pages,      SYS_move_pages,
#ifdef SYS_fork
    SYS_fork,
#endif
#ifdef SYS_vfork
    SYS_vfork,
#endif
};

/* Of the system as a whole, and of the kernel's parts that have had the most holes. */
static const long SYSTEM[] = {
    SYS_bpf,           SYS_perf_event_open,   SYS_userfaultfd,       SYS_keyctl,         SYS_add_key,
    SYS_request_key,   SYS_init_module,       SYS_finit_module,      SYS_delete_module,  SYS_kexec_load,
    SYS_mount,         SYS_umount2,           CALL_MOVE_MOUNT,       CALL_OPEN_TREE,     CALL_FSOPEN,
    CALL_FSCONFIG,     CALL_FSMOUNT,          CALL_FSPICK,           CALL_MOUNT_SETATTR, SYS_pivot_root,
    SYS_chroot,        SYS_swapon,            SYS_swapoff,           SYS_reboot,         SYS_sethostname,
    SYS_setdomainname, SYS_acct,              SYS_quotactl,          CALL_QUOTACTL_FD,   SYS_syslog,
    SYS_settimeofday,  SYS_clock_settime,     SYS_clock_adjtime,     SYS_adjtimex,       SYS_vhangup,
    SYS_personality,   SYS_name_to_handle_at, SYS_open_by_handle_at, SYS_fanotify_init,  SYS_fanotify_mark,
    SYS_setuid,        SYS_setgid,            SYS_setreuid,          SYS_setregid,       SYS_setresuid,
    SYS_setresgid,     SYS_setfsuid,          SYS_setfsgid,          SYS_setgroups,      SYS_capset,
    CALL_MEMFD_SECRET, CALL_OPEN_TREE_ATTR,
#ifdef SYS_kexec_file_load
    SYS_kexec_file_load,
#endif
#ifdef SYS_iopl
    SYS_iopl,
#endif
#ifdef SYS_ioperm
    SYS_ioperm,
#endif
#ifdef SYS_modify_ldt
    SYS_modify_ldt,
#endif
#ifdef SYS_uselib
    SYS_uselib,
#endif
};

/* How much of the machine other processes of the user get. */
static const long SHARES[] = {
    SYS_setpriority,       SYS_ioprio_set,    SYS_sched_setparam, SYS_sched_setscheduler,
    SYS_sched_setaffinity, SYS_sched_setattr,
};

/* What files are like, which Landlock does not know. */
static const long RIGHTS_OF_FILES[] = {
    SYS_fchmod,    SYS_fchmodat,    CALL_FCHMODAT2,   SYS_fchown,        SYS_fchownat,        SYS_setxattr,
    SYS_lsetxattr, SYS_fsetxattr,   SYS_removexattr,  SYS_lremovexattr,  SYS_fremovexattr,    SYS_utimensat,
    SYS_mknodat,   CALL_SETXATTRAT, CALL_REMOVEXATTRAT, CALL_FILE_SETATTR,
#ifdef SYS_chmod
    SYS_chmod,
#endif
#ifdef SYS_chown
    SYS_chown, SYS_lchown,
#endif
#ifdef SYS_utime
    SYS_utime, SYS_utimes, SYS_futimesat,
#endif
#ifdef SYS_mknod
    SYS_mknod,
#endif
};

static const long CHANGES_OF_FILES[] = {
    SYS_renameat2, SYS_linkat, SYS_symlinkat, SYS_unlinkat, SYS_mkdirat, SYS_truncate,
#ifdef SYS_renameat
    SYS_renameat,
#endif
#ifdef SYS_rename
    SYS_rename, SYS_link, SYS_symlink, SYS_unlink, SYS_mkdir, SYS_rmdir, SYS_creat,
#endif
};

/* io_uring makes calls that no filter sees; the others keep their arguments in memory, where none looks. */
static const long UNSEEN[] = {
    CALL_IO_URING_SETUP, CALL_IO_URING_ENTER, CALL_IO_URING_REGISTER, CALL_CLONE3, CALL_OPENAT2,
};

/* Requests of terminals (TCGETS, TIOCGWINSZ …) and of every descriptor (FIONBIO …) have this letter, and no request of files has. */
enum { IOCTL_LETTER_MASK = 0xff00, TERMINALS_LETTER = 'T' << 8 };

/* Of terminals: what types and pastes into them, or takes other parts of the kernel into use. */
static const uint32_t REFUSED_REQUESTS[] = {
    0x5412, /* TIOCSTI */
    0x541C, /* TIOCLINUX */
    0x541D, /* TIOCCONS */
    0x5423, /* TIOCSETD */
};

/* A descriptor's owner is sent a signal of choice, whoever it is; a lease keeps others from opening a file. */
static const uint32_t REFUSED_OF_DESCRIPTORS[] = {
    F_SETOWN, F_SETOWN_EX, F_SETSIG, F_SETLEASE, F_NOTIFY,
};

/* The type of a socket without its flags. */
enum { SOCKET_TYPE_MASK = 0xf };

enum { PRCTL_SET_DUMPABLE = 4 };

/*
 * Pairs of sockets that stay with each other. One that sends datagrams may name another receiver with each of them, and the
 * system's log and service manager listen for such.
 */
static void answer_socketpair(struct program *program) {
  only_if(program, BPF_JEQ, SYS_socketpair, 8);
  load(program, ARGUMENT_LOW(0));
  only_if(program, BPF_JEQ, AF_UNIX, 5);
  load(program, ARGUMENT_LOW(1));
  add(program, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, SOCKET_TYPE_MASK));
  add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SOCK_STREAM, 1, 0));
  only_if(program, BPF_JEQ, SOCK_SEQPACKET, 1);
  answer(program, ALLOW);
  answer(program, REFUSE);
}

/* Refuses a call with any of the values in one of its arguments, and allows it with all others. */
static void refuse_arguments(struct program *program, long call, unsigned argument, const uint32_t *values, size_t count) {
  only_if(program, BPF_JEQ, (uint32_t)call, (uint8_t)(2 * count + 2));
  load(program, ARGUMENT_LOW(argument));
  for (size_t i = 0; i < count; i++) {
    only_if(program, BPF_JEQ, values[i], 1);
    answer(program, REFUSE);
  }
  answer(program, ALLOW);
}

/* Requests of files change them (FS_IOC_SETFLAGS, FS_IOC_ENABLE_VERITY …), though they were opened for reading alone. */
static void answer_ioctl(struct program *program) {
  only_if(program, BPF_JEQ, SYS_ioctl, 4);
  load(program, ARGUMENT_LOW(1));
  add(program, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, IOCTL_LETTER_MASK));
  add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TERMINALS_LETTER, 1, 0));
  answer(program, REFUSE);
  load(program, offsetof(struct seccomp_data, nr));
  refuse_arguments(program, SYS_ioctl, 1, REFUSED_REQUESTS, COUNT(REFUSED_REQUESTS));
}

static void compose(struct program *program, int no_changes) {
  const uint32_t self = (uint32_t)getpid();
  program->length = 0;
  load(program, offsetof(struct seccomp_data, arch));
  add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCHITECTURE, 1, 0));
  answer(program, KILL);
  load(program, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
  only_if(program, BPF_JGE, X32_BIT, 1);
  answer(program, KILL);
#endif
  only_if(program, BPF_JGE, FIRST_UNKNOWN_CALL, 1);
  answer(program, UNKNOWN);
  /* First what is called most and looked into. */
  if (no_changes) {
    const uint32_t writing = O_ACCMODE | O_CREAT | O_TRUNC;
    answer_by_argument(program, SYS_openat, 2, BPF_JSET, writing, REFUSE, ALLOW);
#ifdef SYS_open
    answer_by_argument(program, SYS_open, 1, BPF_JSET, writing, REFUSE, ALLOW);
#endif
    answer_for_all(program, CHANGES_OF_FILES, COUNT(CHANGES_OF_FILES), REFUSE);
  }
  answer_by_argument(program, SYS_tgkill, 0, BPF_JEQ, self, ALLOW, REFUSE);
  answer_by_argument(program, SYS_kill, 0, BPF_JEQ, self, ALLOW, REFUSE);
  answer_by_argument(program, SYS_prlimit64, 0, BPF_JEQ, 0, ALLOW, REFUSE);
  answer_by_argument(program, SYS_clone, 0, BPF_JSET, CLONE_THREAD, ALLOW, REFUSE);
  answer_socketpair(program);
  answer_by_argument(program, SYS_prctl, 0, BPF_JEQ, PRCTL_SET_DUMPABLE, REFUSE, ALLOW);
  answer_ioctl(program);
  refuse_arguments(program, SYS_fcntl, 1, REFUSED_OF_DESCRIPTORS, COUNT(REFUSED_OF_DESCRIPTORS));
  answer_for_all(program, NETWORK, COUNT(NETWORK), REFUSE);
  answer_for_all(program, PROGRAMS_AND_PROCESSES, COUNT(PROGRAMS_AND_PROCESSES), REFUSE);
  answer_for_all(program, SHARES, COUNT(SHARES), REFUSE);
  answer_for_all(program, RIGHTS_OF_FILES, COUNT(RIGHTS_OF_FILES), REFUSE);
  answer_for_all(program, UNSEEN, COUNT(UNSEEN), UNKNOWN);
  answer_for_all(program, SYSTEM, COUNT(SYSTEM), REFUSE);
  answer(program, ALLOW);
}

int filter_available(void) {
  const uint32_t action = SECCOMP_RET_KILL_PROCESS;
  return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

const char *filter_install(int no_changes) {
  static struct program program;
  compose(&program, no_changes);
  if (program.length == MAX_INSTRUCTIONS) return "the filter of system calls is too long";
  const struct sock_fprog kernel_program = {.len = program.length, .filter = program.instructions};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failure("new privileges cannot be given up");
  const long other = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &kernel_program);
  if (other < 0) return failure("system calls cannot be filtered");
  return other == 0 ? NULL : "a thread has a filter of system calls of its own";
}
