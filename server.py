"""The web application, `app`, for any WSGI server; `python server.py` is `mem-graph serve`."""

import os
import sys

from mem_graph.settings import Settings

if __name__ == "__main__":
    from mem_graph.cli import main

    sys.argv.insert(1, "serve")
    main()
elif __name__ != "__mp_main__":  # a process that the server starts reads this file once more and needs no `app`
    from mem_graph.web import create_app

    app = create_app(Settings.read(os.environ))
