"""The files of the query editor are those that its README names, by their digests, with their licence beside them."""

import hashlib
import re
from pathlib import Path

from mem_graph import web

FOLDER = Path(web.__file__).parent / "static" / "yasqe"


def test_the_editor_is_what_was_published():
    words = (FOLDER / "README.md").read_text("utf-8")
    named = dict(re.findall(r"`(yasqe\.min\.\w+)` \| `([0-9a-f]{64})`", words))
    assert len(named) == 2
    assert named == {name: hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() for name in named}
    published = re.search(r"As published, the script has the SHA-256 `([0-9a-f]{64})`", words)
    script = (FOLDER / "yasqe.min.js").read_bytes().replace(rb"bblfish.net\x2fwork", b"bblfish.net/work")
    assert hashlib.sha256(script).hexdigest() == published[1]
    assert "MIT License" in (FOLDER / "LICENSE").read_text("utf-8")
