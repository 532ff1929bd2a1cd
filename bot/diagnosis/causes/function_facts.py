"""What the rules about a function share: why it was refused, how its calls ended, what changed, what to do. Pure."""

from bot.clients.errors import Failure, FunctionRefused, NotReached, NotThere, OutOfResources, ServerFailed
from bot.clients.wallet import Health, Pulse
from bot.deploys.record import Deployed
from bot.diagnosis.cause import Step
from bot.diagnosis.evidence import Seen
from bot.diagnosis.thresholds import RECENT
from bot.diagnosis.words import percent, quoted
from bot.health.answers import FunctionsSeen
from bot.health.expected import HEALTH, SIGNATURE
from bot.health.words import ago, count, listing

FEW = 3  # failures below which a share means nothing (detectors: "floor: at least 3 failures")


def refusal(seen: Seen) -> Failure | None:
    """Why a harmless call of the function was not answered by its own code; None where it was, or is not made."""
    if seen.name == HEALTH:
        wallet = seen.wallet
        kinds = (FunctionRefused, NotThere, ServerFailed, OutOfResources, NotReached)
        return wallet if isinstance(wallet, kinds) else None
    pulse = seen.functions.pulses.get(seen.name) if isinstance(seen.functions, FunctionsSeen) else None
    return pulse if isinstance(pulse, FunctionRefused | NotThere | ServerFailed | OutOfResources | NotReached) else None


def others_answer(seen: Seen) -> bool:
    """True if another function was heard: then the network is not what is broken."""
    pulses = seen.functions.pulses if isinstance(seen.functions, FunctionsSeen) else {}
    return (seen.name != HEALTH and isinstance(seen.wallet, Health)) or any(
        isinstance(pulse, Pulse) for slug, pulse in pulses.items() if slug != seen.name
    )


def share_failed(seen: Seen) -> float:
    """The share of the last hour's calls that ended with 500 or more; 0 where too few did."""
    outcomes = seen.outcomes()
    failed = sum(number for status, number in outcomes.items() if status >= 500)
    return failed / sum(outcomes.values()) if failed >= FEW else 0.0


def failed(seen: Seen) -> tuple[str, ...]:
    """How many of the last hour's calls failed, as evidence; nothing where none did."""
    outcomes = seen.outcomes()
    failed = {status: number for status, number in sorted(outcomes.items()) if status >= 500}
    if not failed:
        return ()
    total = sum(outcomes.values())
    each = listing([f"{number} × {status}" for status, number in failed.items()])
    return (f"{count(total, 'call')} in the last hour, {percent(sum(failed.values()) / total)} failed: {each}.",)


def complaints(seen: Seen) -> tuple[str, ...]:
    """What the function itself says most often, redacted, as evidence."""
    known = seen.complaints if isinstance(seen.complaints, list) and seen.function is not None else []
    mine = [one for one in known if seen.function and one.function_id == seen.function.id]
    # Signatures are counted by the rows they leave, where the bot's own probes can be left out.
    mine = [one for one in mine if SIGNATURE not in one.text][:2]
    texts = quoted([one.text for one in mine], 160)
    return tuple(f"It says, {one.number} ×: {text}" for one, text in zip(mine, texts, strict=True))


def recent_deploy(seen: Seen) -> Deployed | None:
    """The bot's last deploy of it, if it is young enough to be a cause."""
    last = seen.deploys[0] if seen.deploys else None
    return last if last is not None and 0 <= age(seen, last) < RECENT else None


def age(seen: Seen, deployed: Deployed) -> float:
    """Seconds since a deploy."""
    return (seen.at - deployed.at).total_seconds()


def changed(seen: Seen) -> tuple[str, ...]:
    """What went live lately, as evidence."""
    last = recent_deploy(seen)
    if last is None:
        return ()
    version = f"version {last.version}" if last.version is not None else "it"
    commit = f" from {last.commit[:8]}" if last.commit else ""
    return (f"{version[:1].upper()}{version[1:]} went live{commit} {ago(age(seen, last))} ago.",)


def way_back(seen: Seen) -> str:
    """The operation whose roll back brings back what was live before; empty where nothing was saved."""
    last = recent_deploy(seen)
    return last.operation if last is not None and last.before_body else ""


def deploy(seen: Seen, how: str = "") -> Step:
    """Put it live again."""
    return Step(f"Deploy it again{f' {how}' if how else ''}; a second person approves.", type=f"deploy {seen.name}")


def roll_back(seen: Seen) -> Step:
    """Bring back the version before."""
    return Step("Bring back what was live before; a second person approves.", type=f"rollback {seen.name}")


def read_logs(seen: Seen) -> Step:
    """Its console."""
    return Step(
        "Read what it wrote.", ("Its errors", f"logs functions --function {seen.name} --level error --since 1h")
    )


def figures(seen: Seen) -> Step:
    """Its memory, time and history."""
    return Step("See its memory, time and limits, and who put it live.", ("Its figures", f"functions {seen.name}"))


def calls_button(seen: Seen) -> tuple[str, str]:
    """Its invocations."""
    return ("Its calls", f"logs invocations --function {seen.name} --since 1h")
