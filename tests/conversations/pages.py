"""What conversations about logs have in common: the lines of a page, its file, and what makes Supabase say them."""

import re

PATH = "/analytics/endpoints/logs"
IP = re.compile(r"203\.0\.113\.\d+")


def lines(message) -> list[str]:
    """The lines in the preformatted block."""
    return [
        line
        for block in message["blocks"]
        if block["type"] == "rich_text"
        for line in block["elements"][0]["elements"][0]["text"].split("\n")
    ]


async def the_file(town):
    """The one file, once it is there."""
    files = town.slack.backend.files.by_id
    await town.slack.until(lambda: any(file.data for file in files.values()))
    (file,) = files.values()
    return file


async def switch(project, name, on=True):
    await next(one for one in project.switches if one.name == name).set(on)
