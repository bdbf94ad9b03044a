"""One performance: the country, its processes, the main job; afterwards, if asked for, a clock that runs faster.

The main job always runs at the machine's own pace: its signatures, deadlines and answers are then the real ones. A fast
clock begins when the job is done, with every process started again on it, and continues from that very instant.
"""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from lachan.demo import stage
from lachan.demo.processes import Troupe
from lachan.demo.stage import Places

if TYPE_CHECKING:
    from lachan.demo.story import Story


def open_stage(
    places: Places, troupe: Troupe, *, seed: int, transfers: int, say: Callable[[str], None]
) -> None:
    """Make the country, start everybody and wait until both ports answer. Raises: DemoNotReady."""
    stage.use(stage.environment(places, clock=""))
    stage.prepare(places, seed=seed, transfers=transfers, say=say)
    stage.start(places, troupe)
    _wait_for_ports(places)


def perform(places: Places, say: Callable[[str], None]) -> "Story":
    """The main job, once, on an open stage. Raises: DemoNotReady, and what the verbs raise."""
    from lachan.demo.story import Story  # noqa: PLC0415 - needs Django

    story = Story(places, say)
    story.run()
    return story


def run_faster(places: Places, troupe: Troupe, factor: str) -> None:
    """Start every process again on a clock of `factor` ("x60"), and put this process on it too."""
    troupe.stop()
    fast = stage.environment(places, clock=factor)
    os.environ.update(fast)
    troupe.again(fast)
    _wait_for_ports(places)


def _wait_for_ports(places: Places) -> None:
    stage.wait_until(
        "ports",
        lambda: stage.listens(places.web_port) and stage.listens(places.exchange_port),
        places,
    )
