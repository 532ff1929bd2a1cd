"""The registry itself. Imported by bot.telemetry.metrics at the first figure: the library costs a start 10 ms."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from bot.version import version

CONTENT_TYPE = CONTENT_TYPE_LATEST

_ACK = (0.0005, 0.001, 0.002, 0.004, 0.01, 0.025, 0.1, 0.3, 1.0, 3.0)  # Slack waits 3 s; our aim is 1 ms
_WORK = (0.005, 0.02, 0.1, 0.25, 0.4, 1.0, 2.5, 4.0, 10.0, 30.0)  # a first answer within 0.4 s, a full one within 4 s


class Metrics:
    """Every figure the bot keeps. Labels are few and from our own lists: never an id or a text from outside."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.deliveries = Counter(
            "aikeys_deliveries",
            "Envelopes from Slack, by kind and whether they were new or repeated",
            ["kind", "fate"],
            registry=registry,
        )
        self.ack_seconds = Histogram(
            "aikeys_ack_seconds", "From an envelope's arrival to its durable ack", buckets=_ACK, registry=registry
        )
        self.dispatch_seconds = Histogram(
            "aikeys_dispatch_seconds",
            "From an envelope's arrival to the end of its work",
            ["kind"],
            buckets=_WORK,
            registry=registry,
        )
        self.api_calls = Counter(
            "aikeys_api_calls",
            "Questions to outside systems; outcome is ok or the kind of failure",
            ["system", "method", "outcome"],
            registry=registry,
        )
        self.alerts = Counter(
            "aikeys_alerts", "Alerts taken at POST /alerts, and requests refused there", ["fate"], registry=registry
        )
        self.look_seconds = Histogram(
            "aikeys_look_seconds",
            "How long a source took to be looked at",
            ["source"],
            buckets=_WORK,
            registry=registry,
        )
        self.sockets_up = Gauge("aikeys_sockets_up", "Sockets on which Slack is heard now", registry=registry)
        self.ready = Gauge(
            "aikeys_ready",
            "1 where /readyz is content with that part: sockets, database, look",
            ["part"],
            registry=registry,
        )
        self.open_incidents = Gauge(
            "aikeys_open_incidents", "Incidents that are open now, by severity", ["severity"], registry=registry
        )
        self.inbox_depth = Gauge("aikeys_inbox_depth", "Deliveries committed and not yet settled", registry=registry)
        # Always 1 (Prometheus' convention): a dashboard joins the version to any other figure.
        Gauge("aikeys_build_info", "Which version runs", ["version"], registry=registry).labels(version()).set(1)
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)

    def exposition(self) -> bytes:
        """Return all figures in Prometheus' text format."""
        return generate_latest(self.registry)
