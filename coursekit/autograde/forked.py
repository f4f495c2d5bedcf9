"""A kernel that is forked instead of started: all it imports is there already.

The process is forked before its client exists, so that it inherits nothing of the
client's, and waits until it is told where the connection file lies.
"""

import os
import signal

from jupyter_client.provisioning import LocalProvisioner

from coursekit.autograde import kernel


class WaitingKernel:
    """A child process that becomes a kernel when it is told to; as a Popen is used.

    Parameters
    ----------
    folder : path
        Where the kernel starts.
    close : sequence of int
        File descriptors that are not the kernel's.
    """

    stdin = stdout = stderr = None

    def __init__(self, folder, close=()):
        told, self.tell = os.pipe()
        self.returncode = None
        self.pid = os.fork()
        if self.pid == 0:
            become_kernel(folder, told, [*close, self.tell])
        os.close(told)

    def begin(self, connection_file):
        """Become the kernel of this connection file."""
        with os.fdopen(self.tell, "w") as tell:
            tell.write(connection_file)

    def poll(self):
        """Return the exit code, or None while the process lives."""
        return self.ended(os.WNOHANG)

    def wait(self):
        """Wait for the end; return the exit code."""
        return self.ended(0)

    def ended(self, options):
        """Ask once for the end of the process."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, options)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def send_signal(self, number):
        """Send a signal, unless the process has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self):
        """End the process."""
        self.send_signal(signal.SIGKILL)

    def terminate(self):
        """Ask the process to end."""
        self.send_signal(signal.SIGTERM)


def become_kernel(folder, told, close):
    """Wait for the connection file, run the kernel, and never return."""
    code = 1
    try:
        os.setsid()
        for descriptor in close:
            os.close(descriptor)
        os.chdir(folder)
        with os.fdopen(told) as line:
            connection_file = line.read()
        kernel.main(["-f", connection_file])
        code = 0
    finally:
        os._exit(code)


class ForkedProvisioner(LocalProvisioner):
    """Launches a kernel by telling a `WaitingKernel` to begin."""

    waiting = None

    async def launch_kernel(self, cmd, **kwargs):
        """Have the process begin; return how it is reached."""
        self.process = self.waiting
        self.pid = self.pgid = self.process.pid
        self.process.begin(self.parent.connection_file)
        return self.connection_info
