"""Everything outside the bot, started together: a Slack workspace, the Supabase project, a mailbox."""

import asyncio
from pathlib import Path

from bot.clock import Clock, SystemClock
from playground.alertmanager import Alertmanager
from playground.mailbox import Mailbox
from playground.slack import from_file
from playground.slack.workspace import Workspace
from playground.supabase.project import Project
from playground.switches import Switch

MANIFEST = Path(__file__).parents[1] / "manifest.yml"


class Town:
    """`await start()`, then `settings()` is the environment of a bot that lives here; `await stop()` ends all.

    *alerts_to*: host:port that the bot is to listen at, where somebody else's alerts go; empty: there are none.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        port: int = 0,
        project: Project | None = None,
        alerts_to: str = "",
    ) -> None:
        self.clock = clock or SystemClock()
        self.project = project or Project(self.clock)
        self._own_project = project is None
        self.mailbox = Mailbox(self.clock)
        self.alertmanager = Alertmanager(self.clock, alerts_to) if alerts_to else None
        self._port = port
        self.slack: Workspace

    async def start(self) -> None:
        """Start all servers, the slow one beside the others. Raises OSError for a port that is taken."""
        await self.mailbox.start()
        database = asyncio.create_task(self.project.start()) if self._own_project else None
        self.slack = Workspace(
            clock=self.clock,
            port=self._port,
            links={"mailbox": self.mailbox.url},
            switches=(*self.project.switches, *self.mailbox.switches.values(), *self._alerts()),
            app=from_file(MANIFEST),  # what manifest.yml does not ask for is not granted here either
        )
        try:
            await self.slack.start()
            if database is not None:
                await database
            self.slack.links |= {"supabase": f"{self.project.api_url}/", "circle": f"{self.project.circle.url}/"}
        except BaseException:
            if database is not None:
                database.cancel()
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop all servers that were started here."""
        await self.slack.stop()
        if self._own_project:
            await self.project.stop()
        await self.mailbox.stop()

    async def settled(self) -> None:
        """Return once Slack and Supabase have answered what they were asked, or that takes too long."""
        await self.slack.underway.ended(self.project.underway)

    def _alerts(self) -> list[Switch]:
        return self.alertmanager.switches if self.alertmanager is not None else []

    def settings(self, data: Path) -> dict[str, str]:
        """Return the environment in which a bot works here; *data* is the folder it may write."""
        other = self.alertmanager
        alerts = {"AIKEYS_HTTP": other.door, "AIKEYS_ALERTS_TOKEN": other.token} if other is not None else {}
        return {
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_API_URL": self.slack.api_url,
            "SUPABASE_ACCESS_TOKEN": self.project.access_token,
            "SUPABASE_PROJECT_REF": self.project.ref,
            "SUPABASE_API_URL": self.project.api_url,
            "SUPABASE_STATUS_URL": self.project.status_url,
            "AIKEYS_CIRCLE_CHECK_URL": self.project.circle.check_url,
            "AIKEYS_FUNCTIONS_URL": self.project.functions_url,
            "AIKEYS_OPERATORS": "U0ANA",
            "AIKEYS_APPROVERS": "U0BEN U0CY",
            "AIKEYS_OPS_CHANNEL": "C0OPS",
            "AIKEYS_INCIDENT_CHANNEL": "C0INC",
            "AIKEYS_LEAD_EMAIL": "lead@aikeys.test",
            "AIKEYS_SMTP_URL": self.mailbox.smtp_url,
            "AIKEYS_DATA": str(data),
            "AIKEYS_HTTP": "off",
            **alerts,
        }
