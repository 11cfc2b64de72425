# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
# Sourced by ./dev: which tests run in which build tree, and the closing line.
#
# Suites `full` and `soak` are long and run with --all only; `bench` never counts as a test.

logs=()  # one testlog.json per run
fuzzed=0 # targets without a finding
failed=0 # something failed that is not in a log

# A finding ends the program; left to itself UBSan only prints it. The canaries of tests/unit/canary watch over this.
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
# Slow unwinding: the suppressions of leaks name functions that are compiled without frame pointers.
export ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1:fast_unwind_on_malloc=0
export LSAN_OPTIONS=suppressions=$root/tests/lsan.supp:print_suppressions=0
export TSAN_OPTIONS=ignore_noninstrumented_modules=1:halt_on_error=1:suppressions=$root/tests/tsan.supp

# LABEL DIR OPTION...: one run of `meson test`; failures are reported at the end, not here
run_suites() {
    local label=$1 dir=$2 rc=0
    local bus=()
    shift 2
    say "testing: $label"
    rm -f "$dir/meson-logs/$label.json"
    # a private message bus: nothing that is tested may talk to the desktop of the user
    if command -v dbus-run-session >/dev/null; then
        bus=(dbus-run-session --)
    fi
    "${bus[@]}" meson test -C "$dir" --no-rebuild --logbase "$label" --num-processes 2 "$@" >&2 || rc=$?
    if [ -f "$dir/meson-logs/$label.json" ]; then
        logs+=("$label=$dir")
    elif [ $rc -ne 0 ]; then
        say "$label: meson test ended with status $rc"
        failed=1
    fi
}

# A step that must succeed for its tests to run at all. `if` and `||` switch `set -e` off inside, hence the
# explicit returns in build.sh.
step() {
    ("$@") && return 0
    say "FAILED: $*"
    failed=1
    return 1
}

finish() { # OPTION...: failing tests' logs, then the line that CI reads
    local extra=("$@")
    [ $failed -eq 0 ] || extra+=(--broken)
    [ $fuzzed -eq 0 ] || extra+=("--fuzzed=$fuzzed")
    "$python" .ci/summary.py "${extra[@]}" "${logs[@]}"
}

suite_options() { # SUITE...: `meson test` options that choose them; none: all but the long ones
    local suite
    if [ $# -eq 0 ]; then
        printf '%s\n' --no-suite full --no-suite soak --no-suite bench
    else
        for suite in "$@"; do printf '%s\n' --suite "$suite"; done
    fi
}

run_plain() { # SUITE...
    local options
    mapfile -t options < <(suite_options "$@")
    if step build_tree; then run_suites plain "$build" "${options[@]}"; fi
}

# The corpora once more through clang's runtime, which sees what the plain build cannot.
run_corpora() {
    if step build_fuzz; then run_suites clang "$build-fuzz" --no-suite bench --no-suite soak; fi
}

run_sanitizer() { # asan|tsan SUITE...
    local kind=$1 options
    shift
    mapfile -t options < <(suite_options "$@")
    if step build_sanitizer "$kind"; then
        run_suites "$kind" "$build-$kind" --timeout-multiplier 4 "${options[@]}"
    fi
}

cmd_test() {
    local all=no suites=()
    while [ $# -gt 0 ]; do
        case $1 in
        --all) all=yes ;;
        -*) die "test: unknown option $1" ;;
        *) suites+=("$1") ;;
        esac
        shift
    done
    if [ $all = yes ]; then
        test_all "${suites[@]}"
    else
        run_plain "${suites[@]}"
        [ ${#suites[@]} -gt 0 ] || run_corpora
        finish
    fi
}

test_all() { # SUITE...: by suite, so that a long list of tests can be split over several runs
    local suite
    [ $# -gt 0 ] || set -- plain corpora asan tsan fuzz
    for suite in "$@"; do
        case $suite in
        plain) if step build_tree; then run_suites plain "$build" --no-suite bench; fi ;;
        corpora) run_corpora ;;
        asan | tsan) run_sanitizer "$suite" ;;
        fuzz) if step cmd_fuzz; then fuzzed=$(fuzz_programs | wc -l); fi ;;
        *) run_plain "$suite" ;;
        esac
    done
    finish --no-skips
}

cmd_sanitizer() { # asan|tsan SUITE...
    run_sanitizer "$@"
    finish
}

fuzz_programs() {
    local program
    for program in "$build-fuzz"/tests/fuzz/fuzz-*; do
        if [ -f "$program" ] && [ -x "$program" ]; then echo "$program"; fi
    done
}

cmd_fuzz() { # [TARGET] [SECONDS]
    local target=all seconds=60 word programs program name work seeds rc=0
    for word in "$@"; do
        case $word in
        *[!0-9]*) target=${word#fuzz-} ;;
        *) seconds=$word ;;
        esac
    done
    build_fuzz || return
    mapfile -t programs < <(fuzz_programs)
    for program in "${programs[@]}"; do
        name=${program##*/fuzz-}
        [ "$target" = all ] || [ "$target" = "$name" ] || continue
        work=$build-fuzz/fuzz/$name
        seeds=$root/tests/data/corpus/$name
        mkdir -p "$work/corpus"
        [ -d "$seeds" ] || seeds=$work/corpus
        say "fuzzing $name for $seconds s (log, new inputs and crashes: ${work#"$root"/})"
        if (cd "$work" && "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
            corpus "$seeds" >log 2>&1); then
            grep -E 'number_of_executed_units|average_exec_per_sec' "$work/log" >&2 || true
        else
            tail -n 40 "$work/log" >&2
            rc=1
        fi
        if [ "$target" != all ]; then return $rc; fi
    done
    [ "$target" = all ] || die "no such fuzz target: $target"
    return $rc
}
