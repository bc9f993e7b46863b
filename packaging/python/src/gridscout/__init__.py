"""gridscout in a notebook: ``GridScout(preset="figure-3", seed=1)``.

The campaign runs in the browser; the traits follow it, and it follows the traits.
"""

from importlib.metadata import version
from pathlib import Path

import anywidget
import traitlets

__version__ = version("gridscout")
__all__ = ["GridScout"]

LAST_SEED = 2**32 - 1


class GridScout(anywidget.AnyWidget):
    """A campaign in view. What the browser could not use of the traits stands in ``errors``."""

    _esm = Path(__file__).parent / "gridscout.mjs"

    preset = traitlets.Unicode("figure-3").tag(sync=True)
    seed = traitlets.Int(1, min=0, max=LAST_SEED).tag(sync=True)
    #: Settings by their paths, such as ``{"stop.iterations": 40}``.
    params = traitlets.Dict(key_trait=traitlets.Unicode()).tag(sync=True)
    #: In view; 0 is the state after the seeds. Setting it measures what was not measured yet.
    iteration = traitlets.Int(0, min=0).tag(sync=True)
    #: SHA-256 of the record when the campaign has ended; empty before.
    digest = traitlets.Unicode("").tag(sync=True)
    errors = traitlets.List(traitlets.Dict()).tag(sync=True)

    ui = traitlets.Enum(["interactive", "presentation", "report", "minimal"], "interactive").tag(sync=True)
    theme = traitlets.Enum(["auto", "light", "dark"], "auto").tag(sync=True)
    autoplay = traitlets.Bool(False).tag(sync=True)
    #: Iterations per second, or ``"top"``; empty for the usual.
    speed = traitlets.Unicode("").tag(sync=True)
