"""The files of the query editor are those that its README names, by their digests, with their licence beside them."""

import hashlib
import re
from pathlib import Path

from mem_graph import web

FOLDER = Path(web.__file__).parent / "static" / "yasqe"


def test_the_editor_is_what_was_published():
    named = dict(re.findall(r"`(yasqe\.min\.\w+)` \| `([0-9a-f]{64})`", (FOLDER / "README.md").read_text("utf-8")))
    assert len(named) == 2
    assert named == {name: hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() for name in named}
    assert "MIT License" in (FOLDER / "LICENSE").read_text("utf-8")
