"""A port that is kept: a bot listens there, again and again, and nobody who asks for any port is given it."""

import asyncio
import socket

import pytest

from tests.mortal.door import Door


async def test_one_may_listen_there_twice_and_nobody_else_is_given_it():
    door = Door()
    for _ in range(2):
        server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", door.port)
        _, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.close()
        await writer.wait_closed()
        server.close()
        await server.wait_closed()
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", door.port))
