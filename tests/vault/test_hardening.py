"""A process that closes its memory: asked from outside what the kernel makes of it."""

import asyncio
import platform
import sys

SAYS = """
import ctypes, resource, subprocess, sys
from bot.start.hardening import close_memory
close_memory()
child = subprocess.run([sys.executable, "-c", "import resource; print(resource.getrlimit(resource.RLIMIT_CORE))"],
                       capture_output=True, text=True, check=True).stdout.strip()
print(resource.getrlimit(resource.RLIMIT_CORE), child, ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


async def test_no_core_is_dumped_and_nobody_reads_along():
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", SAYS, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    assert out == b"(0, 0) (0, 0) 0\n"


async def test_one_heap_for_all_threads():
    say = "from bot.start.hardening import keep_small; print(keep_small())"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", say, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    assert out.strip() == str(platform.libc_ver()[0] == "glibc").encode()
