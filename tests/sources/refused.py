"""What a commit is refused for, and where in it."""

import pytest

from bot.sources import SourceRefused

HEALTH = "supabase/functions/health"
INDEX = f"{HEALTH}/index.ts"
CONFIG = "supabase/config.toml"


async def refused(sources, sha, slug="health") -> SourceRefused:
    await sources.fetch()
    with pytest.raises(SourceRefused) as caught:
        await sources.read(slug, sha)
    return caught.value
