"""`python -m playground.slack --port 8400`: the workspace alone, without a bot, for work on the page."""

import argparse
import asyncio
import signal

from playground.slack.workspace import Workspace


async def _serve(port: int) -> None:
    workspace = Workspace(port=port)
    await workspace.start()
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    print(f"bot token {workspace.bot_token}\napp token {workspace.app_token}")
    print(f"ready {workspace.url}/", flush=True)
    await stopped.wait()
    await workspace.stop()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m playground.slack")
    parser.add_argument("--port", type=int, default=8400)
    asyncio.run(_serve(parser.parse_args().port))


if __name__ == "__main__":
    main()
