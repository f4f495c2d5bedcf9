"""Namespaces of its own for one run that was forked inside a sandbox.

bubblewrap shuts the fork server in once for a class; each run is then shut off from
all others by what is done here: its own users, processes, mounts, network and shared
memory, an empty ``/tmp`` and ``/dev/shm``, and no right to make anything like it
again. It needs no privilege, only a kernel that lets user namespaces nest.
"""

import ctypes
import fcntl
import os
import platform
import socket
import stat
import struct
from pathlib import Path

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER = 0x00020000, 0x08000000, 0x10000000
CLONE_NEWPID, CLONE_NEWNET = 0x20000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND = 0x2, 0x4, 0x8, 0x1000
MS_REC, MS_PRIVATE = 0x4000, 0x40000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
CAPABILITY_VERSION_3, LAST_CAPABILITY = 0x20080522, 63
KEYCTL = {"x86_64": 250, "aarch64": 219}  # number of the system call
JOIN_SESSION_KEYRING = 1
SIOCSIFFLAGS, IFF_UP = 0x8914, 0x1
TERMINALS = 64  # of one run: the system has a few thousand for everybody
NO_USER_NAMESPACES = "/proc/sys/user/max_user_namespaces"


def call(name, *arguments):
    """Call a function of the C library, and raise what it complains about.

    Examples
    --------
    >>> call("close", -1)
    Traceback (most recent call last):
        ...
    OSError: [Errno 9] close: Bad file descriptor
    """
    library = ctypes.CDLL(None, use_errno=True)
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    if getattr(library, name)(*words) < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def enter_namespaces():
    """Leave the namespaces of the parent; the next child is the first process in them.

    Whoever calls this keeps its user and group, and has every right within.
    """
    user, group = os.getuid(), os.getgid()
    others = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWNET
    call("unshare", CLONE_NEWUSER | others)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def furnish(size_mb, shown=()):
    """Give the first process of new namespaces its own folders and its own loopback.

    Parameters
    ----------
    size_mb : int
        Of ``/tmp``, and of ``/dev/shm``.
    shown : sequence of str
        Paths below ``/tmp`` that stay visible.
    """
    call("mount", b"/", b"/", None, MS_REC | MS_PRIVATE, None)
    safe = MS_NOSUID | MS_NOEXEC
    call("mount", b"proc", b"/proc", b"proc", safe | MS_NODEV, None)
    terminals = f"newinstance,ptmxmode=0666,max={TERMINALS}".encode()
    call("mount", b"devpts", b"/dev/pts", b"devpts", safe, terminals)
    empty_folder("/dev/shm", "1777", size_mb)
    show_in_empty("/tmp", {path: path for path in shown}, "1777", size_mb)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh14x", b"lo", IFF_UP)
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, request)


def empty_folder(place, mode, size_mb):
    """Mount an empty folder of limited size."""
    options = f"mode={mode},size={size_mb}m".encode()
    call("mount", b"coursekit", place.encode(), b"tmpfs", MS_NOSUID | MS_NODEV, options)


def show_in_empty(folder, sources, mode, size_mb):
    """Mount an empty folder, and in it what is still to be seen.

    Parameters
    ----------
    folder : str
    sources : dict of str to str
        Place below the folder -> what is shown there, wherever it lies.
    mode : str
        Permissions of the folder, in octal.
    size_mb : int
    """
    opened = {place: os.open(path, os.O_PATH) for place, path in sources.items()}
    empty_folder(folder, mode, size_mb)
    for place, descriptor in opened.items():
        make_place(Path(place), descriptor)
        source = f"/proc/self/fd/{descriptor}".encode()
        call("mount", source, place.encode(), None, MS_BIND | MS_REC, None)
        os.close(descriptor)


def make_place(place, descriptor):
    """Make the empty folder or file on which an opened source is bound."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if stat.S_ISDIR(os.fstat(descriptor).st_mode):
        place.mkdir()
    else:
        place.touch()


def give_up_rights():
    """Give up for good every right that the new namespaces brought.

    No user namespace can be made in this one, no program can bring a right back, and
    the session's keys, through which sandboxes could talk, are left behind.
    """
    Path(NO_USER_NAMESPACES).write_text("0")
    if platform.machine() in KEYCTL:
        call("syscall", KEYCTL[platform.machine()], JOIN_SESSION_KEYRING, None)
    for capability in range(LAST_CAPABILITY + 1):
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    header = struct.pack("Ii", CAPABILITY_VERSION_3, 0)
    call("capset", header, struct.pack("6I", *[0] * 6))


def die_with_parent(signal_number):
    """Have this process sent a signal when its parent ends."""
    call("prctl", PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
