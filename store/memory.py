"""The part of the memory that only reads, as a report wants it."""

from typing import Protocol

from store.events import Events
from store.incidents import Incidents
from store.quotes import People
from store.samples import Samples
from store.story import Story


class Memory(Protocol):
    """What a report is made from: the parts of the memory that only read. `Store` has them; so has `remembered`."""

    @property
    def events(self) -> Events:
        """The timeline."""
        ...

    @property
    def incidents(self) -> Incidents:
        """Incidents."""
        ...

    @property
    def story(self) -> Story:
        """Their stories."""
        ...

    @property
    def samples(self) -> Samples:
        """What looks found."""
        ...

    @property
    def people(self) -> People:
        """What people are called."""
        ...
