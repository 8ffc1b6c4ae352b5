"""Ctrl-C and SIGTERM end a command in good order, in the middle of a long query too.

A signal handler of Python waits until the engine returns, which may be never; so a thread of its
own hears of the signal at once, asks the engine to stop, and as a last resort ends the process.
"""

import contextlib
import os
import signal
import socket
import threading
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import FrameType
from typing import Protocol

GRACE = 5.0
"""Seconds that a command has to clean up after a signal."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interruptible(Protocol):
    """What can be told from another thread to stop what it does."""

    def interrupt(self) -> None:
        """Stop."""


_connections: weakref.WeakSet[Interruptible] = weakref.WeakSet()


@dataclass
class Watch:
    """Which signal came, if any, and whether the command has ended since."""

    signal: int | None = None
    heard: bool = False
    ended: threading.Event = field(default_factory=threading.Event)

    def hear(self, number: int, _frame: FrameType | None) -> None:
        """Unwind the stack, once, so that files, locks and transactions are cleaned up."""
        self.signal = number
        if self.heard:
            return
        self.heard = True
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + number)


def stoppable(connection: Interruptible) -> None:
    """Interrupt `connection` when a signal comes, for as long as it lives."""
    _connections.add(connection)


@contextlib.contextmanager
def watched() -> Iterator[Watch]:
    """Turn SIGINT into KeyboardInterrupt and SIGTERM into SystemExit, whatever is running."""
    watch = Watch()
    if threading.current_thread() is not threading.main_thread():
        yield watch
        return
    hears, speaks = socket.socketpair()
    speaks.setblocking(False)
    listener = threading.Thread(target=_listen, args=(hears, watch), daemon=True)
    listener.start()
    wakeup = signal.set_wakeup_fd(speaks.fileno(), warn_on_full_buffer=False)
    handlers = {one: signal.getsignal(one) for one in _SIGNALS}
    for one, handler in handlers.items():
        if handler != signal.SIG_IGN:  # as `nohup` and background jobs ask for
            signal.signal(one, watch.hear)
    try:
        yield watch
    finally:
        watch.ended.set()
        for one, handler in handlers.items():
            signal.signal(one, handler)
        signal.set_wakeup_fd(wakeup)
        speaks.close()
        listener.join(1)  # the interpreter must not end while it is inside the engine


def _listen(hears: socket.socket, watch: Watch) -> None:
    with hears:
        while numbers := hears.recv(1):
            if numbers[0] not in _SIGNALS:
                continue
            watch.signal = numbers[0]
            for connection in tuple(_connections):
                with contextlib.suppress(Exception):  # it may be closed
                    connection.interrupt()
            if not watch.ended.wait(GRACE):
                with contextlib.suppress(OSError):
                    os.write(2, b"hourglass: error: stopped at once, without cleaning up\n")
                os._exit(128 + watch.signal)
