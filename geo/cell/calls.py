"""What this process may still ask of the kernel: a seccomp filter, taken on by itself and never taken back.

Reading needs files, memory and threads. Whatever reaches other machines, other processes or the kernel's own inner
parts is refused with EPERM, so that a library that merely tries goes on without it.
"""

import errno
import os
from collections.abc import Callable
from typing import Final

_NETWORK: Final = (
    "socket socketpair connect bind listen accept accept4 sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg shutdown"
)
_OTHER_PROCESSES: Final = """
    ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp tkill rt_sigqueueinfo
    rt_tgsigqueueinfo pidfd_open pidfd_getfd pidfd_send_signal setsid setpgid sched_setaffinity setpriority
    ioprio_set shmget shmat shmctl msgget msgsnd msgrcv msgctl semget semop semtimedop semctl mq_open mq_unlink"""
_KERNEL: Final = """
    mount umount2 pivot_root chroot unshare setns open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr
    keyctl add_key request_key bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register
    kexec_load kexec_file_load init_module finit_module delete_module reboot swapon swapoff acct quotactl syslog
    iopl ioperm personality modify_ldt lookup_dcookie vmsplice name_to_handle_at open_by_handle_at fanotify_init
    sethostname setdomainname settimeofday clock_settime clock_adjtime adjtimex mknod mknodat"""
#: Landlock does not ask who changes a file's mode, owner, times or attributes.
_LABELS: Final = """
    chmod fchmod fchmodat chown fchown lchown fchownat utime utimes utimensat futimesat setxattr lsetxattr fsetxattr
    removexattr lremovexattr fremovexattr"""
#: fchmodat2, setxattrat, removexattrat, open_tree_attr and file_setattr, which a libseccomp of 2023 has no names for;
#: their numbers are the same on every machine.
_YOUNGER: Final = (452, 463, 466, 467, 469)
_PROGRAMS: Final = "execve execveat fork vfork"
_CLONE_THREAD: Final = 0x0001_0000
#: Namespaces of mounts, control groups, names, messages, users, processes and networks (linux/sched.h).
_NAMESPACES: Final = (0x2_0000, *(0x200_0000 << bit for bit in range(6)))


class CannotRestrain(Exception):
    """This machine has no seccomp filter to offer; the message says why."""


def refusing(*, programs: bool) -> Callable[[], None]:
    """What refuses this process, its threads and all it starts every call that reading has no use for, once called.

    With `programs` it may start others, which are under the same filter. Raises CannotRestrain, here or when called.
    """
    try:
        import pyseccomp  # it looks for the library of the system when imported
    except (ImportError, RuntimeError, OSError) as error:
        raise CannotRestrain(str(error)) from error
    no = pyseccomp.ERRNO(errno.EPERM)
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    rules.set_attr(pyseccomp.Attr.CTL_TSYNC, 1)  # threads that are there already, too
    for name in " ".join((_NETWORK, _OTHER_PROCESSES, _KERNEL, _LABELS, "" if programs else _PROGRAMS)).split():
        rules.add_rule(no, name)
    for number in _YOUNGER:
        rules.add_rule(no, number)
    for name in ("kill", "tgkill"):
        rules.add_rule(no, name, pyseccomp.Arg(0, pyseccomp.NE, os.getpid()))
    rules.add_rule(no, "prlimit64", pyseccomp.Arg(0, pyseccomp.NE, 0))
    # Its arguments lie in memory, where no filter sees them; without it the C library takes clone.
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    for flag in _NAMESPACES:
        rules.add_rule(no, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
    if not programs:
        rules.add_rule(no, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _CLONE_THREAD, 0))

    def refuse() -> None:
        try:
            rules.load()
        except OSError as error:
            raise CannotRestrain(f"seccomp: {error}") from error

    return refuse
