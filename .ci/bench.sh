# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
# Sourced by ./dev: the benchmarks. Tables go to standard output, everything else to standard error.
#
# SPICE_BENCH_COMPARE names a program that plays recorded sessions to two libraries, the distribution's and, with
# `--b DIRECTORY`, ours, and prints how they compare. Its arguments follow `--`; without any it gets the folder
# `recordings` that lies beside it.

cmd_bench() { # [--quick] [--filter TEXT] [DIRECTORY] [-- ARGUMENT...]
    local own=() rc=0
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        own+=("$1")
        shift
    done
    [ $# -eq 0 ] || shift
    TEST_DATA=$root/tests/data "$build/tests/bench/bench" "${own[@]}" || rc=$?
    [ -n "${SPICE_BENCH_COMPARE:-}" ] || return $rc
    if [ $# -eq 0 ] && [ -d "$(dirname "$SPICE_BENCH_COMPARE")/recordings" ]; then
        set -- "$(dirname "$SPICE_BENCH_COMPARE")/recordings"
    fi
    echo
    "$SPICE_BENCH_COMPARE" --b "$build/spice-client-glib/api" "$@" || rc=$?
    return $rc
}
