"""What every test shares."""

import os

from hypothesis import settings

# The machine that builds may be slow, and a build gives the same result twice.
settings.register_profile("here", deadline=None)
settings.register_profile("build", deadline=None, derandomize=True)
settings.load_profile("build" if os.environ.get("CI") else "here")
