"""Makes a fault happen in a real process, if this folder is on PYTHONPATH and TEST_FAULT says so (`tests.support.faults.sick`)."""

import os
import sys

if "TEST_FAULT" in os.environ:
    from tests.support.faults import Fault, hook_of

    sys.addaudithook(hook_of(Fault.parse(os.environ["TEST_FAULT"])))
