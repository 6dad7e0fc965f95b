"""``python -m letstalk_desktop``"""

import sys

from letstalk_desktop.cli import main

if __name__ == "__main__":
    sys.exit(main())
