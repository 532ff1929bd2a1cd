"""Pure: what a refusal of Slack's at start means, and who can mend it (docs.slack.dev: errors of auth.test)."""

import re
from dataclasses import dataclass
from typing import Any

from bot.hide import hide
from bot.settings import Problem

_CODE = re.compile(r"[a-z0-9_]{1,80}")

_PASSING = frozenset({
    "accesslimited", "fatal_error", "internal_error", "rate_limited", "ratelimited", "request_timeout",
    "service_unavailable", "team_added_to_org",
})  # fmt: skip

_MENDED_BY = {
    "invalid_auth": "Slack does not know it; copy it again",
    "not_authed": "Slack got no token; copy it again",
    "account_inactive": "the app was taken out of the workspace; install it again and copy the new token",
    "token_revoked": "it was revoked; install the app again and copy the new token",
    "token_expired": "it has expired; switch token rotation off in the app and install it again",
    "not_allowed_token_type": "it is a token of another kind",
    "forbidden_team": "the workspace does not allow this app; ask an administrator of the workspace",
    "missing_scope": "it lacks a scope",
    "org_login_required": "the organisation is being moved by Slack; try again later",
    "two_factor_setup_required": "the workspace asks for two-factor authentication to be set up",
    "ekm_access_denied": "an administrator has suspended access",
    "access_denied": "access is denied; ask an administrator of the workspace",
}


@dataclass(frozen=True, slots=True)
class Passing:
    """Trouble that goes away by itself."""

    why: str

    def __str__(self) -> str:
        return self.why


def code_of(data: Any) -> str:
    """Slack's code in an answer; empty where what stands there is none: whoever answered may say back our own token."""
    code = data.get("error") if isinstance(data, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def judged(setting: str, method: str, response: Any) -> Problem | Passing:
    """Return what *response*, an answer of Slack's without ok, means for the start."""
    status = int(getattr(response, "status_code", 0) or 0)
    data = getattr(response, "data", None)
    code = code_of(data)
    if status >= 500 or status == 429 or code in _PASSING:
        return Passing(f"Slack answered {method} with {code or status}")
    if not code:
        return Problem("SLACK_API_URL", f"what answers {method} there is not Slack (status {status})", "")
    wrong = _MENDED_BY.get(code, "Slack refuses it")
    if code == "missing_scope" and isinstance(data, dict):
        wrong = f"it lacks the scope {hide(str(data.get('needed', '?')))[:100]}"
    return Problem(setting, f"{wrong} ({method}: {code[:60]})", "")
