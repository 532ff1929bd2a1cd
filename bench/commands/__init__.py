"""The commands of the bot under measurement: one that does nothing, so that the way to it is what is measured."""
