"""Who watches the watcher: the bot's beat, its absence, its disk, its clock, and whether it is heard."""
