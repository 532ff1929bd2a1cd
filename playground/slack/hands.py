"""What a person can do, with people, channels and messages given by name or id: the page's and the tests' hands."""

from typing import Any

from playground.slack import lookup
from playground.slack.backend import Backend
from playground.slack.errors import ControlError
from playground.slack.interactions import Interactions
from playground.slack.saying import Saying

Json = dict[str, Any]


class Hands:
    """Each method does what one call of the Control API does and answers the same JSON. Raises ControlError."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._saying = Saying(backend)
        self._interactions = Interactions(backend)

    async def say(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> Json:
        """Type it in the composer; for a command waits for the acknowledgement."""
        person = lookup.person(self._backend, user)
        return await self._saying.say(person, lookup.room(self._backend, person, channel), text, thread_ts)

    async def click(
        self,
        user: str,
        channel: str | None = None,
        ts: str | None = None,
        action_id: str = "",
        *,
        view_id: str | None = None,
        block_id: str | None = None,
        value: Any = None,
        selected: Any = None,
        values: dict[str, Json] | None = None,
    ) -> Json:
        """Press a button or pick an option, on a message or in a view."""
        person = lookup.person(self._backend, user)
        given = selected if selected is not None else value
        if view_id is not None:
            view = lookup.standing(self._backend, person, view_id)
            return await self._interactions.click_view(person, view, action_id, block_id, given, values or {})
        if channel is None or ts is None:
            raise ControlError("missing", "Name channel and ts, or view_id.")
        room = lookup.room(self._backend, person, channel)
        message = lookup.seen(self._backend, person, room, ts)
        return await self._interactions.click_message(person, room, message, action_id, block_id, given)

    async def submit(self, user: str, view_id: str, values: dict[str, Json] | None = None) -> Json:
        """Submit a modal with plain values `{block_id: {action_id: value}}`."""
        person = lookup.person(self._backend, user)
        view = lookup.standing(self._backend, person, view_id)
        return await self._interactions.submit(person, view, values or {})

    async def close(self, user: str, view_id: str, *, everything: bool = False) -> Json:
        """Close a modal, or with *everything* the whole stack."""
        person = lookup.person(self._backend, user)
        view = lookup.standing(self._backend, person, view_id)
        if view.is_home:
            raise ControlError("not_a_modal", "The home cannot be closed.")
        return await self._interactions.close(person, view, everything=everything)

    async def shortcut(self, user: str, callback_id: str, channel: str | None = None, ts: str | None = None) -> Json:
        """Run a shortcut: global without *ts*, on a message with it."""
        person = lookup.person(self._backend, user)
        if channel is None or ts is None:
            return await self._interactions.shortcut(person, callback_id, None, None)
        room = lookup.room(self._backend, person, channel)
        message = lookup.seen(self._backend, person, room, ts)
        return await self._interactions.shortcut(person, callback_id, room, message)

    async def open_home(self, user: str) -> Json:
        """Open the App Home tab."""
        person = lookup.person(self._backend, user)
        if not self._backend.app.home_tab:
            raise ControlError("not_enabled", "The app has no Home tab.")
        self._backend.events.home_opened(person.id)
        return {"ok": True}

    async def react(self, user: str, channel: str, ts: str, name: str, *, on: bool = True) -> Json:
        """Add a reaction or take it away."""
        person = lookup.person(self._backend, user)
        room = lookup.room(self._backend, person, channel)
        message = lookup.seen(self._backend, person, room, ts)
        emoji = name.strip(":")
        who = message.reactions.get(emoji, [])
        if (person.id in who) == on:
            return {"ok": True}
        if on:
            message.reactions.setdefault(emoji, []).append(person.id)
        else:
            who.remove(person.id)
            if not who:
                del message.reactions[emoji]
        self._backend.state.changed(message)
        kind = "reaction_added" if on else "reaction_removed"
        self._backend.events.reaction(kind, person.id, emoji, message)
        return {"ok": True}

    def messages(self, channel: str, user: str) -> list[Json]:
        """What that person sees there, oldest first."""
        person = lookup.person(self._backend, user)
        room = lookup.room(self._backend, person, channel)
        return [message.as_control() for message in self._backend.state.seen(room.id, person.id)]

    def views(self, user: str) -> Json:
        """The open modals, top last, and the home."""
        person = lookup.person(self._backend, user)
        views = self._backend.views
        home = views.homes.get(person.id)
        return {
            "modals": [view.as_api() for view in views.stacks.get(person.id, [])],
            "home": home.as_api() if home else None,
        }
