"""What `make demo` says when it cannot start."""

import asyncio
import socket
import sys


async def demo(*arguments):
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "playground", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(30):
        out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_a_port_that_is_taken_is_said_with_another():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, err = await demo("--port", str(port))
    assert code == 1
    assert "ready" not in out
    assert err.startswith(f"the port {port} is taken; choose another: make demo PORT=")
    assert "Traceback" not in err


async def test_what_is_no_port_is_said():
    code, _, err = await demo("--port", "99999")
    assert code == 2
    assert "'99999' is no port" in err
