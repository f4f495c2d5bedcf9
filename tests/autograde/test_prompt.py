import asyncio

import pytest
from jupyter_client.manager import AsyncKernelManager

from coursekit.autograde.prompt import PromptClient


async def ready_client(tmp_path, argv=None):
    """Start a kernel whose sockets lie in a folder; return its manager and client."""
    manager = AsyncKernelManager(
        transport="ipc", ip=str(tmp_path / "k"), client_factory=PromptClient
    )
    if argv:
        manager.kernel_spec.argv = argv
    await manager.start_kernel(cwd=str(tmp_path))
    client = manager.client()
    client.start_channels()
    return manager, client


async def end(manager, client):
    client.stop_channels()
    await manager.shutdown_kernel(now=True)


def test_what_the_first_cell_shows_is_heard(tmp_path):
    async def first_cell():
        manager, client = await ready_client(tmp_path)
        try:
            await client.wait_for_ready(timeout=60)
            asked = client.execute("print('here')")
            shown = []
            while True:
                message = await client.get_iopub_msg(timeout=30)
                if message["parent_header"].get("msg_id") == asked:
                    shown.append(message["content"])
                    if shown[-1].get("execution_state") == "idle":
                        return shown
        finally:
            await end(manager, client)

    shown = asyncio.run(first_cell())
    assert "here\n" in [content.get("text") for content in shown]


def test_a_kernel_that_ends_at_once_is_not_waited_for(tmp_path):
    async def wait():
        manager, client = await ready_client(tmp_path, ["false"])
        try:
            await client.wait_for_ready(timeout=60)
        finally:
            await end(manager, client)

    with pytest.raises(RuntimeError, match="died before it was ready"):
        asyncio.run(wait())


def test_a_kernel_that_says_nothing_is_waited_for_only_so_long(tmp_path):
    async def wait():
        manager, client = await ready_client(tmp_path, ["sleep", "60"])
        try:
            await client.wait_for_ready(timeout=0.6)
        finally:
            await end(manager, client)

    with pytest.raises(RuntimeError, match=r"not ready in 0\.6 seconds"):
        asyncio.run(wait())
