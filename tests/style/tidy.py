# SPDX-License-Identifier: Apache-2.0
# tidy.py TIDY BUILD DONE PATTERN: runs TIDY (clang-tidy) over each source of BUILD/compile_commands.json
# whose path matches PATTERN, as many at a time as there are processors. A source without a finding leaves a
# file in the directory DONE, and is passed over until its text with all that it includes, the checks or TIDY
# change: so a run that was stopped goes on. Exit status 1 if there is a finding.
import hashlib
import json
import multiprocessing.pool
import os
import re
import shlex
import subprocess
import sys

tidy, build, done, pattern = sys.argv[1:]
os.makedirs(done, exist_ok=True)
checks = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".clang-tidy")
with open(checks, "rb") as file:
    common = file.read() + subprocess.check_output([tidy, "--version"])


def key(entry):
    """What decides the findings, comments included, as those can waive one."""
    words = shlex.split(entry["command"])
    if "ccache" in os.path.basename(words[0]):
        del words[0]
    where = words.index("-o")
    words[where:where + 2] = []
    text = subprocess.check_output(words + ["-E", "-C"], cwd=entry["directory"])
    return hashlib.sha256(common + " ".join(words).encode() + text).hexdigest()


def check(entry):
    stamp = os.path.join(done, key(entry))
    if os.path.exists(stamp):
        return ""
    ran = subprocess.run([tidy, "--quiet", "-p", once, entry["file"]], capture_output=True, text=True)
    if ran.returncode:
        return ran.stdout + ran.stderr
    open(stamp, "w").close()
    return ""


with open(os.path.join(build, "compile_commands.json")) as file:
    entries = {e["file"]: e for e in json.load(file) if re.search(pattern, e["file"])}
if not entries:
    sys.exit(f"tidy.py: no source of {build} matches {pattern}")
# clang-tidy looks at a source as often as it is compiled: those of models are for each of them.
once = os.path.join(done, "once")
os.makedirs(once, exist_ok=True)
with open(os.path.join(once, "compile_commands.json"), "w") as file:
    json.dump(list(entries.values()), file)
findings = 0
with multiprocessing.pool.ThreadPool(os.cpu_count()) as pool:
    for count, said in enumerate(pool.imap_unordered(check, entries.values()), 1):
        if said:
            print(said, flush=True)
            findings += 1
        print(f"[{count}/{len(entries)}]", flush=True)
if findings:
    print(f"clang-tidy has findings in {findings} of {len(entries)} sources")
sys.exit(findings > 0)
