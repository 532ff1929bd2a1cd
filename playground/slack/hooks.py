"""response_url: five uses within thirty minutes (docs.slack.dev), for one person in one channel."""

from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any

from aiohttp import web

from playground.slack.backend import Backend
from playground.slack.content import Content, read_content
from playground.slack.errors import SlackError
from playground.slack.messages import Message
from playground.slack.people import BOT_USER
from playground.slack.threads import root_of
from playground.slack.wire import Args, read_args

USES = 5
LIFE = 1800.0


@dataclass
class Hook:
    """Where answers go. `message_ts` is the clicked message; a slash command has none, so nothing can be replaced."""

    user: str
    channel: str
    message_ts: str | None
    born: float
    used: int = 0


class Hooks:
    """Gives the addresses out and takes the answers."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._hooks: dict[str, Hook] = {}

    def issue(self, user: str, channel: str, message_ts: str | None = None) -> str:
        """A new address."""
        ident = token_urlsafe(18)
        self._hooks[ident] = Hook(user, channel, message_ts, self._backend.clock.monotonic())
        return f"{self._backend.base}/actions/{ident}"

    async def handle(self, request: web.Request) -> tuple[int, dict[str, Any] | str]:
        """`POST /actions/<id>`: status and body. 404 `used_url`, `expired_url`; other errors 400 as plain words."""
        hook = self._hooks.get(request.match_info["id"])
        if hook is None:
            return 404, "no_service"
        if self._backend.clock.monotonic() - hook.born > LIFE:
            return 404, {"ok": False, "error": "expired_url"}
        if hook.used >= USES:
            return 404, {"ok": False, "error": "used_url"}
        try:
            args, _ = await read_args(request, takes_json=True)
            self.answer(hook, args)
        except SlackError as error:
            return 400, {"ok": False, "error": error.code, **error.fields}
        hook.used += 1
        return 200, {"ok": True}

    def answer(self, hook: Hook, args: Args) -> None:
        """Post, replace or delete. Raises SlackError.

        `replace_original` does nothing on a slash command's address: there is no original. On an interaction's its
        default differs between Slack's generations of buttons, so an app must say which it wants: one that does not
        loses the original here.
        """
        state = self._backend.state
        original = state.message(hook.channel, hook.message_ts) if hook.message_ts else None
        if original is not None and args.flag("delete_original"):
            state.remove(original)
            if not args.has("text") and not args.has("blocks"):
                return
        content = read_content(state, args)
        if original is not None and args.flag("replace_original", default=not args.given("delete_original")):
            self._replace(original, content)
            return
        self.post(hook.user, hook.channel, content, args)

    def post(self, user: str, channel: str, content: Content, args: Args) -> Message:
        """A new message there: only for that person unless `response_type` is `in_channel`."""
        state = self._backend.state
        public = args.text("response_type", "ephemeral") == "in_channel"
        if state.channels[channel].is_archived:
            raise SlackError("is_archived")
        thread = args.text("thread_ts") or None
        message = Message(
            channel,
            state.ts(),
            BOT_USER,
            content.text,
            content.blocks or [],
            content.attachments or [],
            thread_ts=root_of(state, channel, thread) if thread else None,
            ephemeral_to=None if public else user,
            metadata=content.metadata or None,
        )
        return state.add(message)

    def _replace(self, original: Message, content: Content) -> None:
        original.text, original.blocks = content.text, content.blocks or []
        original.attachments = content.attachments or []
        if original.ephemeral_to is None:
            original.edited = {"user": BOT_USER, "ts": self._backend.state.ts()}
        self._backend.state.changed(original)
