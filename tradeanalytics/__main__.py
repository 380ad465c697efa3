"""`python -m tradeanalytics`: the command line, where its script is not on the path."""

import sys

from tradeanalytics.cli import main

sys.exit(main())
