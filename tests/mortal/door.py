"""A port for a bot in a process of its own, that nobody else is given between two of its lives."""

import socket
import weakref


class Door:
    """`address`, and its `port`, on loopback.

    The socket stays bound and never listens. With SO_REUSEADDR on both (asyncio sets it: create_server) the bot may
    listen there, while the kernel hands the port to nobody who asks for any. One that was let go of before the bot
    listens goes to another town beside this one, now and then: that bot never comes up.
    """

    def __init__(self) -> None:
        held = socket.socket()
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        self.port = int(held.getsockname()[1])
        self.address = f"127.0.0.1:{self.port}"
        weakref.finalize(self, held.close)  # with whoever has this door
