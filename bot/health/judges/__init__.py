"""One file a topic, each pure: answers in, an opinion out."""
