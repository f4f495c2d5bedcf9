"""A client of a kernel that begins as soon as the kernel has said that it is idle.

The stock client polls: it listens 0.2 s longer than it has to, and tries a socket that
is not there yet again after 0.1 s. That is a third of a short notebook's time.
"""

import time
from contextlib import suppress
from queue import Empty

import zmq
import zmq.asyncio
from jupyter_client.asynchronous import AsyncKernelClient

RETRY_MS = 5  # until a socket of the kernel is there
PATIENCE = 0.5  # seconds until a request is made again: the first may find no listener


class PromptClient(AsyncKernelClient):
    """jupyter_client's own client, ready without a pause."""

    def _context_default(self):
        context = super()._context_default()
        context.setsockopt(zmq.RECONNECT_IVL, RETRY_MS)
        return context

    async def wait_for_ready(self, timeout=None):
        """Wait until the kernel answers, and what it shows arrives here.

        Parameters
        ----------
        timeout : float, optional
            Seconds; for ever by default.

        Raises
        ------
        RuntimeError
            If the kernel has died, or the time is over.
        """
        deadline = time.monotonic() + (float("inf") if timeout is None else timeout)
        while not await self.is_idle_after(self.kernel_info()):
            if not await self.is_alive():
                raise RuntimeError("The kernel died before it was ready.")
            if time.monotonic() > deadline:
                raise RuntimeError(f"The kernel was not ready in {timeout:g} seconds.")

    async def is_idle_after(self, request):
        """Return True as soon as the kernel shows that it is done with a request.

        That it shows anything means that its output reaches this client; answers to
        earlier requests are passed over by whoever waits for a later one.
        """
        with suppress(Empty):
            while True:
                message = await self.get_iopub_msg(timeout=PATIENCE)
                of_it = message["parent_header"].get("msg_id") == request
                if of_it and message["content"].get("execution_state") == "idle":
                    return True
        return False
