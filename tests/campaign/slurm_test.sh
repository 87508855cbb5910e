#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# slurm_test.sh HSX SOURCE: starts Slurm on this machine, with separate files, ports and keys, runs
# a campaign as a job array, and compares its report with that of one run. Ends with status 77,
# "skipped" for CTest, if Slurm is not installed or may not be started.
set -eu
hsx=$1 source=$2
here=$source/tests/campaign
PATH=$PATH:/usr/sbin

skip() {
  echo "SKIP: $*"
  exit 77
}
for program in munged slurmctld slurmd sbatch squeue sinfo; do
  command -v $program >/dev/null || skip "no $program: apt-get install slurm-wlm munge"
done
[ "$(id -u)" -eq 0 ] || skip "Slurm's daemons are started as root"

work=$(mktemp -d)
chmod 755 "$work"
daemons=
end() {
  for pid in $daemons; do kill "$pid" 2>/dev/null || true; done
  for pid in $daemons; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap end EXIT
trap 'exit 143' TERM INT
fail() {
  echo "FAIL: $*"
  tail -n 20 "$work"/*.log
  exit 1
}

# Each test run has its own ports, below those that the system assigns.
port=$((20000 + $$ % 10000))
host=$(hostname -s)
mkdir -p "$work/state" "$work/spool" "$work/munge"
chmod 700 "$work/munge"
head -c 1024 /dev/urandom >"$work/munge/key"
chmod 400 "$work/munge/key"
cat >"$work/slurm.conf" <<TEXT
ClusterName=hsx
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CredType=cred/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
ReturnToService=2
SchedulerParameters=sched_interval=1
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
TEXT
export SLURM_CONF="$work/slurm.conf"

munged --foreground --force --socket="$work/munge/socket" --key-file="$work/munge/key" \
  --pid-file="$work/munge/pid" --seed-file="$work/munge/seed" --log-file="$work/munged.log" \
  >"$work/munged.said.log" 2>&1 &
daemons="$daemons $!"
for _ in $(seq 100); do [ -S "$work/munge/socket" ] && break; sleep 0.1; done
slurmctld -D >"$work/slurmctld.said.log" 2>&1 &
daemons="$daemons $!"
slurmd -D >"$work/slurmd.said.log" 2>&1 &
daemons="$daemons $!"
for _ in $(seq 300); do
  sinfo -h -o %t 2>/dev/null | grep -q '^idle' && break
  sleep 0.1
done
sinfo -h -o %t | grep -q '^idle' || fail "Slurm has no idle node"

# Like a user: three elements of an array, from the top of a project.
mkdir -p "$work/project/build/release" "$work/project/tests"
ln -s "$hsx" "$work/project/build/release/hsx"
ln -s "$here" "$work/project/tests/campaign"
export HSX_PART=3
cd "$work/project"
sbatch --wait --array=0-2 tests/campaign/slurm.sh "$PWD" "$work/parts" 1 >"$work/sbatch.log" 2>&1 ||
  fail "the job array failed"
[ "$(find "$work/parts" -name '*.said' | wc -l)" -eq 3 ] || fail "expected three parts"
"$here/report.sh" "$work/parts" >"$work/array.report"
"$here/campaign.sh" "$hsx" "$work/once" - 1 9 >"$work/once.report"
cmp "$work/once.report" "$work/array.report" || fail "the job array and one run differ"
grep -q '^verilator: seeds 1 to 9$' "$work/array.report" || fail "not the seeds 1 to 9"
