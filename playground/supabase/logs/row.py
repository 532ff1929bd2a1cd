"""One row of the table `logs` (Supabase docs, "Logs": one table for all sources since 2026-09)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

# As the column `source` has them; those of a project that has no replication and no upgrade under way.
SOURCES = (
    "edge_logs", "postgres_logs", "postgrest_logs", "auth_logs", "storage_logs", "realtime_logs",
    "function_logs", "function_edge_logs", "supavisor_logs",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """`timestamp` is UTC with microseconds; the attributes' keys have dots, and all their values are texts."""

    id: str
    timestamp: datetime
    source: str
    severity_text: str
    event_message: str
    log_attributes: Mapping[str, str]
