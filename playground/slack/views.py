"""Modals and home views: each person's stack of at most three, and hashes that tell an update from an old one."""

from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

from playground.slack import inputs
from playground.slack.blocks import elements
from playground.slack.errors import SlackError
from playground.slack.feed import Feed
from playground.slack.people import APP, BOT, TEAM
from playground.slack.state import State

MOST = 3  # docs.slack.dev: a view stack holds up to three views


@dataclass
class View:
    """One view. `body` is what the app sent, with ids; `values` what the person has put in so far."""

    id: str
    user: str
    body: dict[str, Any]
    root: str
    previous: str | None = None
    hash: str = ""
    values: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def is_home(self) -> bool:
        """True for an App Home."""
        return self.body.get("type") == "home"

    def as_api(self) -> dict[str, Any]:
        """As views.open answers and payloads carry it."""
        body = self.body
        return {
            "id": self.id,
            "team_id": TEAM,
            "type": body["type"],
            "blocks": body["blocks"],
            "private_metadata": body.get("private_metadata", ""),
            "callback_id": body.get("callback_id", ""),
            "state": {"values": self.values},
            "hash": self.hash,
            "title": body.get("title"),
            "clear_on_close": body.get("clear_on_close", False),
            "notify_on_close": body.get("notify_on_close", False),
            "close": body.get("close"),
            "submit": body.get("submit"),
            "previous_view_id": self.previous,
            "root_view_id": self.root,
            "app_id": APP,
            "external_id": body.get("external_id", ""),
            "app_installed_team_id": TEAM,
            "bot_id": BOT,
        }


class Views:
    """What stands open in front of whom."""

    def __init__(self, state: State, feed: Feed) -> None:
        self._state = state
        self._feed = feed
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def find(self, ident: str) -> View | None:
        """An open view, or a home, by its id."""
        standing = [*(view for stack in self.stacks.values() for view in stack), *self.homes.values()]
        return next((view for view in standing if view.id == ident), None)

    def by_external_id(self, ident: str) -> View | None:
        """An open view by the app's own id."""
        standing = [*(view for stack in self.stacks.values() for view in stack), *self.homes.values()]
        return next((view for view in standing if ident and view.body.get("external_id") == ident), None)

    def open(self, user: str, body: dict[str, Any]) -> View:
        """A new modal; one that stands open already makes way."""
        self._unique(body)
        view = self._made(user, body)
        self.stacks[user] = [view]
        return self._shown(view)

    def push(self, user: str, body: dict[str, Any]) -> View:
        """A modal on top of the open one. Raises SlackError(not_found, push_limit_reached)."""
        stack = self.stacks.get(user, [])
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= MOST:
            raise SlackError("push_limit_reached")
        self._unique(body)
        view = self._made(user, body)
        view.root, view.previous = stack[0].id, stack[-1].id
        stack.append(view)
        return self._shown(view)

    def update(self, view: View, body: dict[str, Any], hash_: str = "") -> View:
        """Another content for an open view. What was put in stays where block and action are the same.

        Raises SlackError(hash_conflict) where *hash_* is not the view's own.
        """
        if hash_ and hash_ != view.hash:
            raise SlackError("hash_conflict")
        if body.get("external_id") != view.body.get("external_id"):
            self._unique(body)
        kept = view.values
        view.body = body
        self._fresh(view)
        for block, actions in view.values.items():
            for action, entry in actions.items():
                old = kept.get(block, {}).get(action)
                if old is not None and old["type"] == entry["type"]:
                    actions[action] = old
        return self._shown(view)

    def publish(self, user: str, body: dict[str, Any], hash_: str = "") -> View:
        """The person's home view."""
        old = self.homes.get(user)
        if old is not None:
            return self.update(old, body, hash_)
        if hash_:
            raise SlackError("hash_conflict")
        self.homes[user] = self._made(user, body)
        return self._shown(self.homes[user])

    def close(self, view: View) -> None:
        """Take that view, and what lies on it, away."""
        stack = self.stacks.get(view.user, [])
        if view not in stack:
            return
        for gone in reversed(stack[stack.index(view) :]):
            stack.remove(gone)
            ids = [each.id for each in stack]
            event = {"type": "view_closed", "view_id": gone.id, "stack": ids}
            self._feed.publish(event, lambda user: user == view.user)

    def clear(self, user: str) -> None:
        """Take the whole stack away."""
        if self.stacks.get(user):
            self.close(self.stacks[user][0])

    def _made(self, user: str, body: dict[str, Any]) -> View:
        ident = self._state.new_id("V")
        view = View(ident, user, body, root=ident)
        self._fresh(view)
        return view

    def _fresh(self, view: View) -> None:
        view.hash = f"{self._state.ts()}.{token_hex(4)}"
        view.values = {}
        for block, element in elements(view.body["blocks"]):
            if element["type"] not in ("button", "overflow", "icon_button", "workflow_button", "feedback_buttons"):
                entry = inputs.initial(element)
                view.values.setdefault(block["block_id"], {})[element["action_id"]] = entry

    def _unique(self, body: dict[str, Any]) -> None:
        if self.by_external_id(body.get("external_id", "")) is not None:
            raise SlackError("duplicate_external_id")

    def _shown(self, view: View) -> View:
        event: dict[str, Any] = {"type": "home", "view": view.as_api()}
        if not view.is_home:
            stack = [each.id for each in self.stacks[view.user]]
            event = {"type": "view", "view": view.as_api(), "stack": stack}
        self._feed.publish(event, lambda user: user == view.user)
        return view
