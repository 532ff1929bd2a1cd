"""The settings of what comes in from other systems, and of the beat that goes out to one."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, SecretStr

from bot.settings import shapes
from bot.settings.about import About, Group


class Outside(Group):
    """What comes in from other systems, and the beat that goes out to one."""

    alerts_token: Annotated[
        Annotated[SecretStr, AfterValidator(shapes.alerts_token)] | None,
        About(
            "AIKEYS_ALERTS_TOKEN",
            "the token that other systems present, or sign with, at POST /alerts; without it the path is not there",
            "$(openssl rand -hex 32)",
            "alerts of Alertmanager, Grafana and scripts as incidents (docs/alerts.md)",
        ),
    ] = None
    alerts_root: Annotated[
        Annotated[str, AfterValidator(shapes.label)],
        About(
            "AIKEYS_ALERTS_ROOT",
            "the label by which incoming alerts are one incident; alertname where an alert has none of it",
            "cluster",
        ),
    ] = "alertname"
    alerts_hosts: Annotated[
        Annotated[tuple[str, ...], BeforeValidator(shapes.listed), AfterValidator(shapes.hosts)],
        About(
            "AIKEYS_ALERTS_HOSTS",
            "hosts whose https addresses in incoming alerts become links; of others the address is shown as text",
            "grafana.example.com",
        ),
    ] = ()
    heartbeat_url: Annotated[
        Annotated[SecretStr, AfterValidator(shapes.pulse)] | None,
        About(
            "AIKEYS_HEARTBEAT_URL",
            "an address that is fetched each minute while the watch looks and can tell; a missing beat is the alarm",
            "https://hc-ping.com/0c1e…",
            "an alarm by somebody else when the bot itself is gone",
        ),
    ] = None
