"""P0: the project itself does not run: paused, restoring, or gone. All that is in it fails, and this is why."""

from bot.clients.errors import Failure, Paused
from bot.detectors import IN_QUICK, Blind, Calm, Detector, Firing, Sight, World, fired
from bot.health.answers import Answers
from bot.health.judgement import Level
from bot.health.judges import services

AWAY = "project_away"


def away(answers: Answers, _: World) -> Sight:
    """Supabase says so; or it cannot be asked, and the functions say that they are paused."""
    found = [one for one in services.judge(answers).findings if one.title.startswith("Project ")]
    if firing := fired([one for one in found if one.level is Level.DOWN], sure=isinstance(answers.wallet, Failure)):
        return firing
    if isinstance(answers.project, Failure):
        if isinstance(answers.wallet, Paused):
            return Firing(answers.wallet.what, answers.wallet.do, title="Project paused")
        return Blind("Supabase could not say whether the project runs.")
    return Calm()


DETECTORS = (
    Detector(AWAY, "P0", "Project not running", "Critical Issues (P0)", away, needs=IN_QUICK),
)  # fmt: skip
