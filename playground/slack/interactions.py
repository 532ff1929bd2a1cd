"""What people do, and what the app gets and answers: clicks, submissions, shortcuts.

Each interaction must be acknowledged within 3 s and is never sent twice (docs.slack.dev, “Handling user interaction”).
"""

from typing import Any

from playground.slack import payloads
from playground.slack.actions import action_of, all_blocks, fill, remember
from playground.slack.backend import Backend
from playground.slack.channels import Channel
from playground.slack.errors import ControlError
from playground.slack.lookup import element
from playground.slack.messages import Message
from playground.slack.people import User
from playground.slack.sockets import NoAckError, NotConnectedError
from playground.slack.submissions import TROUBLE, answered
from playground.slack.views import View

SILENT = "{app} did not respond."


class Interactions:
    """Sends them and waits for the acknowledgement. All answer `{ok: true, …}` or raise ControlError."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def click_message(
        self, user: User, channel: Channel, message: Message, action_id: str, block_id: str | None, given: Any
    ) -> dict[str, Any]:
        """Press something on a message."""
        backend = self._backend
        block, found = element(all_blocks(message), action_id, block_id, given)
        action = action_of(block, found, given, backend.state.ts())
        remember(message, user.id, block, action)
        payload = payloads.message_action(
            backend.tokens.verification,
            user,
            channel,
            message,
            action,
            backend.hooks.issue(user.id, channel.id, message.ts),
            backend.triggers.issue(user.id),
        )
        return await self._send(payload, user, channel.id)

    async def click_view(
        self,
        user: User,
        view: View,
        action_id: str,
        block_id: str | None,
        given: Any,
        values: dict[str, dict[str, Any]],
    ) -> dict[str, Any]:
        """Press something in a modal or on the home. Elements of an input block send nothing unless they ask to.

        *values* is what stands in the other fields at that time.
        """
        backend = self._backend
        fill(view, values)
        block, found = element(view.body["blocks"], action_id, block_id, given)
        action = action_of(block, found, given, backend.state.ts())
        remember(view, user.id, block, action)
        holder = next(each for each in view.body["blocks"] if each["block_id"] == block)
        if holder["type"] == "input" and not holder.get("dispatch_action"):
            return {"ok": True, "sent": False}
        trigger = backend.triggers.issue(user.id, view.id)
        payload = payloads.view_action(backend.tokens.verification, user, view, action, trigger)
        return await self._send(payload, user, backend.state.dm(user.id).id)

    async def submit(self, user: User, view: View, values: dict[str, dict[str, Any]]) -> dict[str, Any]:
        """Submit a modal. Slack's own objections come back as `errors` without anything being sent."""
        backend = self._backend
        if view is not backend.views.stacks.get(user.id, [view])[-1] or view.is_home:
            raise ControlError("not_on_top", "Only the modal on top can be submitted.")
        if not view.body.get("submit"):
            raise ControlError("no_submit", "This modal has no submit button.")
        wrong = fill(view, values)
        if wrong:
            raise ControlError("invalid_input", "Some fields are not filled in well.", errors=wrong)
        trigger = backend.triggers.issue(user.id, view.id)
        payload = payloads.submission(backend.tokens.verification, user, view, trigger)
        try:
            ack = await backend.sockets.deliver("interactive", payload, accepts=True)
        except (NotConnectedError, NoAckError):
            raise ControlError("no_ack", TROUBLE) from None
        return answered(backend, view, ack)

    async def close(self, user: User, view: View, *, everything: bool = False) -> dict[str, Any]:
        """Close a modal, or the whole stack; the app hears of it where the view asks for it."""
        backend = self._backend
        stack = backend.views.stacks.get(user.id, [])
        gone = list(reversed(stack)) if everything or view.body.get("clear_on_close") else [view]
        cleared = len(gone) > 1 or everything
        for each in gone:
            backend.views.close(each)
            if each.body.get("notify_on_close"):
                body = payloads.closed(backend.tokens.verification, user, each, cleared=cleared)
                try:
                    await backend.sockets.deliver("interactive", body, accepts=False)
                except (NotConnectedError, NoAckError):
                    continue
        return {"ok": True}

    async def shortcut(
        self, user: User, callback_id: str, channel: Channel | None, message: Message | None
    ) -> dict[str, Any]:
        """Run a global shortcut, or one on a message."""
        backend = self._backend
        kind = "global" if message is None else "message"
        if not any(each.callback_id == callback_id and each.type == kind for each in backend.app.shortcuts):
            raise ControlError("no_such_shortcut", f"The app has no {kind} shortcut {callback_id!r}.")
        token, at = backend.tokens.verification, backend.state.ts()
        trigger = backend.triggers.issue(user.id)
        if channel is None or message is None:
            payload = payloads.shortcut(token, user, callback_id, at, trigger)
            return await self._send(payload, user, backend.state.dm(user.id).id)
        hook = backend.hooks.issue(user.id, channel.id)
        payload = payloads.message_shortcut(token, user, channel, message, callback_id, at, hook, trigger)
        return await self._send(payload, user, channel.id)

    async def _send(self, payload: dict[str, Any], user: User, channel: str) -> dict[str, Any]:
        try:
            await self._backend.sockets.deliver("interactive", payload, accepts=False)
        except (NotConnectedError, NoAckError) as error:
            connected = isinstance(error, NoAckError)
            text = SILENT.format(app=self._backend.app.name) if connected else TROUBLE
            self._backend.failed(user.id, channel, text)
            return {"ok": True, "acked": False, "failed": text}
        return {"ok": True, "acked": True}
