"""The Date of each answer, told by the clock that its server lives by."""

from email.utils import format_datetime

from aiohttp import web

from bot.clock import Clock


def dated(app: web.Application, clock: Clock) -> web.Application:
    """Return *app*, whose answers say when they were made (RFC 9110 §6.6.1) by *clock* instead of the machine's."""

    async def stamp(_request: web.Request, response: web.StreamResponse) -> None:
        response.headers["Date"] = format_datetime(clock.now(), usegmt=True)

    app.on_response_prepare.append(stamp)
    return app
