"""System calls that the kernel refuses to a run: what no namespace shuts in.

The keys that the system keeps are counted by user, so one run could use up the keys of
all; sockets of other families than the usual reach the host of a virtual machine, or
another run, past every network namespace. No student's program needs either. The
kernel asks a filter, a few instructions of BPF, before each call.
"""

import ctypes
import errno
import platform
import struct

from coursekit.autograde.namespaces import PR_SET_NO_NEW_PRIVS, call

# Machine -> what the kernel calls it; numbers of seccomp, socket, and calls refused:
# add_key, request_key, keyctl, io_uring_setup (which would make sockets by itself).
MACHINES = {
    "x86_64": (0xC000003E, 317, 41, (248, 249, 250, 425)),
    "aarch64": (0xC00000B7, 277, 198, (217, 218, 219, 425)),
}
FAMILIES = (1, 2, 10, 16)  # of sockets: unix, inet, inet6, netlink
OTHER_NUMBERS = 0x40000000  # of the same calls, for 32-bit pointers
SET_FILTER, ALLOW_SPECULATION = 1, 4
LOAD, IF_EQUAL, IF_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
NUMBER, MACHINE, FIRST = 0, 4, 16  # where a call's description says what
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM


class Program(ctypes.Structure):
    """A filter as the kernel takes it."""

    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def refuse_calls():
    """Have these calls refused to this process and to all that it starts, for good.

    On machines whose numbers are not known here nothing is refused.
    """
    if platform.machine() not in MACHINES:
        return
    code = instructions(*MACHINES[platform.machine()])
    program = Program(len(code) // 8, code)
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    number = MACHINES[platform.machine()][1]
    reference = ctypes.byref(program)
    call("syscall", number, SET_FILTER, ALLOW_SPECULATION, reference)


def instructions(machine, _, socket, refused):
    """Return the filter: 8 bytes an instruction.

    Examples
    --------
    >>> len(instructions(*MACHINES["x86_64"])) // 8
    26
    """
    code = [step(LOAD, MACHINE), *unless(IF_EQUAL, machine, REFUSE)]
    code += [step(LOAD, NUMBER), *where(IF_AT_LEAST, OTHER_NUMBERS, REFUSE)]
    for number in refused:
        code += where(IF_EQUAL, number, REFUSE)
    code += [*unless(IF_EQUAL, socket, ALLOW), step(LOAD, FIRST)]
    for family in FAMILIES:
        code += where(IF_EQUAL, family, ALLOW)
    return b"".join([*code, step(RETURN, REFUSE)])


def step(what, value, over_if=0, over_else=0):
    """Return one instruction; a comparison steps over so many others."""
    return struct.pack("=HBBI", what, over_if, over_else, value)


def where(compared, value, answer):
    """Return the instructions that answer where a comparison holds."""
    return [step(compared, value, over_else=1), step(RETURN, answer)]


def unless(compared, value, answer):
    """Return the instructions that answer where a comparison does not hold."""
    return [step(compared, value, over_if=1), step(RETURN, answer)]
