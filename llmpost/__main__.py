"""``python -m llmpost`` is ``llmpost``."""

import sys

from llmpost.cli.main import main

sys.exit(main())
