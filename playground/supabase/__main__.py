"""`python -m playground.supabase [--port N]`: the Supabase project alone, until interrupted."""

import argparse
import asyncio
import signal
import sys

from playground.supabase.project import Project


async def serve(port: int) -> None:
    """Run until SIGINT or SIGTERM."""
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, done.set)
    project = Project(port=port)
    try:
        await project.start()
        await project.traffic.start()
        say = f"ready {project.api_url}/ functions {project.functions_url} token {project.access_token}\n"
        sys.stdout.write(say)
        sys.stdout.flush()
        await done.wait()
    finally:
        await project.stop()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m playground.supabase", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port of the Management API; 0 takes a free one")
    asyncio.run(serve(parser.parse_args().port))


if __name__ == "__main__":
    main()
