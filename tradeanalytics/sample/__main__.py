"""`python -m tradeanalytics.sample OUT_FOLDER`: write the sample and name its files."""

import sys
from pathlib import Path

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.sample import write_sample

if len(sys.argv) != 2:
    sys.exit("usage: python -m tradeanalytics.sample OUT_FOLDER")
try:
    for written in write_sample(Path(sys.argv[1])):
        print(written)
except TradeAnalyticsError as error:
    print(f"tradeanalytics: {error}", file=sys.stderr)
    sys.exit(2)
