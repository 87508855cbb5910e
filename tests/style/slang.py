# SPDX-License-Identifier: Apache-2.0
# slang.py INCLUDE TOP FILE...: prints slang's messages on the design; exit status 1 for an error.
import sys

import pyslang

driver = pyslang.Driver() if hasattr(pyslang, "Driver") else pyslang.driver.Driver()
driver.addStandardArgs()
include, top, *files = sys.argv[1:]
if not driver.parseCommandLine(" ".join(["slang", "-I", include, "--top", top, *files])):
    sys.exit(1)
ok = driver.processOptions() and driver.parseAllSources()
sys.exit(0 if ok and driver.runFullCompilation(True) else 1)
