"""People in JupyterLab: a server for each, and what they click in a real browser."""

import io
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
BIN = Path(sys.executable).parent
OPENER = """\
#!/bin/sh
printf %s "$1" > "$COURSEKIT_OPENED.new"
mv "$COURSEKIT_OPENED.new" "$COURSEKIT_OPENED"
"""
SETTINGS = ".jupyter/lab/user-settings/@jupyterlab/apputils-extension"
QUIET = {"fetchNews": "false", "checkForUpdates": False}
EXCHANGE = """
c.CourseDirectory.course_id = "ml4h"
c.Exchange.root = "{root}/exchange"
c.Exchange.cache = "{root}/cache-{name}"
c.ExchangeCollect.check_owner = False
"""
# nbgrader asks the system who hands in; here one user of it is everybody.
PLAYED = """
import nbgrader.utils

nbgrader.utils.get_osusername = nbgrader.utils.find_owner = lambda *_: "{name}"
"""
SIZE = {"width": 1280, "height": 800}
LARGEST = 120_000  # bytes of a picture
MINUTE = 60_000


class Album:
    """Pictures of what people saw, small enough to be kept."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def take(self, page, name, clip=None):
        """Keep what a page shows as NAME.png, with at most 128 colours."""
        from PIL import Image

        page.mouse.move(0, 0)
        page.wait_for_timeout(400)  # what fades in or out has done so
        shot = Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB")
        place = self.folder / f"{name}.png"
        shot.quantize(128, dither=Image.Dither.NONE).save(place, optimize=True)
        assert place.stat().st_size < LARGEST, f"{place} is too large"


class Person:
    """Somebody with a home, who works in a folder in a JupyterLab of their own."""

    def __init__(self, name, folder, root):
        self.name, self.folder, self.root = name, Path(folder), Path(root)
        self.home = self.root / f"home-{name}"
        settings = self.home / SETTINGS / "notification.jupyterlab-settings"
        settings.parent.mkdir(parents=True)
        settings.write_text(json.dumps(QUIET))
        self.page = None

    @property
    def env(self):
        """Return the environment of this person's programs."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("JUPYTER")}
        return kept | {
            "HOME": str(self.home),
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "OMP_NUM_THREADS": "1",
            "COURSEKIT_OPENED": str(self.home / "opened"),
        }

    def use_exchange(self):
        """Write where the class's exchange is into this person's configuration."""
        (self.root / "exchange").mkdir(exist_ok=True)
        (self.root / "exchange").chmod(0o777)
        with open(self.folder / "nbgrader_config.py", "a") as config:
            if config.tell() == 0:
                config.write("c = get_config()\n")
            text = EXCHANGE + PLAYED
            config.write(text.format(root=self.root, name=self.name))

    def run(self, *words, code=0):
        """Run a command in the person's folder; return what it printed."""
        done = subprocess.run(
            [BIN / words[0], *words[1:]],
            cwd=self.folder,
            env=self.env,
            capture_output=True,
            text=True,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    @contextmanager
    def jupyterlab(self, browser, *words):
        """Start ``jupyter lab``, open in the browser what it opens; stop it at last."""
        opener = self.home / "opener"
        opener.write_text(OPENER)
        opener.chmod(0o755)
        command = [
            BIN / "jupyter-lab",
            *words,
            "--ip=127.0.0.1",
            f"--port={free_port()}",
        ]
        command += ["--ServerApp.port_retries=0", f"--ServerApp.browser={opener} %s"]
        command += [f"--IdentityProvider.token={secrets.token_hex(16)}"]
        command += ["--allow-root"]
        with open(self.home / "jupyterlab.log", "w") as log:
            server = subprocess.Popen(
                command, cwd=self.folder, env=self.env, stdout=log, stderr=log
            )
        context = browser.new_context(viewport=SIZE)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        try:
            self.page = context.new_page()
            self.page.set_default_timeout(30_000)
            self.page.goto(self.opened(server))
            self.page.locator(".lm-MenuBar").wait_for()
            yield self
        finally:
            context.close()
            server.terminate()
            server.wait(30)

    def opened(self, server):
        """Return the address with which JupyterLab called the browser."""
        for _ in range(600):
            if (self.home / "opened").exists():
                return (self.home / "opened").read_text()
            assert server.poll() is None, (self.home / "jupyterlab.log").read_text()
            time.sleep(0.1)
        raise AssertionError("JupyterLab opened no browser in a minute")

    def menu(self, *names):
        """Choose an item of the menu."""
        for name in names:
            self.page.get_by_role("menuitem", name=name, exact=True).click()

    def tab(self, name):
        """Return to a tab that is open."""
        self.page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab", has_text=name).click()

    def formgrader(self):
        """Open the formgrader, alone on the page, and return its frame."""
        self.menu("Nbgrader", "Formgrader")
        return self.page.frame_locator("iframe[src*=formgrader]")

    def cell(self, text):
        """Return the first code cell with this text."""
        return self.page.locator(".jp-CodeCell", has_text=text).first

    def paste_into(self, cell, text):
        """Replace what stands in a cell by pasting, as a student would."""
        cell.scroll_into_view_if_needed()
        cell.locator(".cm-content").click()
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        for key in ("Control+A", "Control+V"):
            self.page.keyboard.press(key)


def free_port():
    """Return a port of the loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def press(frame, button, success):
    """Press a button of the formgrader, wait for its success, and put that away."""
    button.click()
    done = frame.locator(".modal.in", has_text="Log Output")
    done.wait_for(timeout=2 * MINUTE)
    said = done.inner_text()
    assert success in said, said
    return done
