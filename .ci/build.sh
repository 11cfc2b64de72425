# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
# Sourced by ./dev: the build trees. $build is the plain one; the others stand beside it.

llvm() { # TOOL [PREFIX]: the first version of an LLVM program that is here, after PREFIX if that is here too
    local tool prefix=''
    if [ -n "${2:-}" ] && command -v "$2" >/dev/null; then prefix="$2 "; fi
    for tool in "$1-14" "$1-19" "$1"; do
        if command -v "$tool" >/dev/null; then
            echo "$prefix$tool"
            return 0
        fi
    done
    die "$1 is missing"
}

werror() { # warnings are errors on the compilers we develop with, nowhere else
    local ID='' VERSION_ID=''
    [ -r /etc/os-release ] && . /etc/os-release
    [ "$ID$VERSION_ID" != debian12 ] || echo --werror
}

configure() { # DIR OPTION...: set up once; the option list is remembered and a change configures again
    local dir=$1 stamp
    shift
    stamp=$dir/dev-options.txt
    if [ -f "$dir/build.ninja" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$*" ]; then
        return 0
    fi
    if [ -f "$dir/meson-private/coredata.dat" ]; then
        meson setup --wipe "$dir" "$@" >&2 || return
    else
        meson setup "$dir" "$@" >&2 || return
    fi
    printf '%s' "$*" >"$stamp"
}

compile() { ninja -C "$1" "${@:2}" >&2; }

build_tree() {
    # shellcheck disable=SC2046
    configure "$build" --buildtype=debugoptimized $(werror) || return
    compile "$build"
}

# The parsers of everything that comes from the network, with clang's sanitizers and fuzzing entry points.
build_fuzz() {
    # shellcheck disable=SC2046
    CC=$(llvm clang ccache) CXX=$(llvm clang++ ccache) configure "$build-fuzz" --buildtype=debugoptimized $(werror) \
        -Dparsers_only=true -Dfuzz=enabled -Db_sanitize=address,undefined -Db_lundef=false || return
    compile "$build-fuzz"
}

# Sanitizer builds leave introspection and Vala out: those load the library without the runtime. Warnings are no
# errors there: GCC 12 sees uninitialised members of std::variant in code that it has instrumented itself.
build_sanitizer() { # asan | tsan
    local kind=$1 flags=address,undefined
    [ "$kind" = asan ] || flags=thread
    configure "$build-$kind" --buildtype=debugoptimized -Db_sanitize=$flags -Db_lundef=false \
        -Dintrospection=disabled -Dvapi=disabled || return
    compile "$build-$kind"
}

cmd_format() {
    local tool files
    tool=$(llvm clang-format)
    mapfile -t files < <(git ls-files -- '*.cc' '*.hh')
    [ ${#files[@]} -gt 0 ] || return 0
    if [ "${1:-}" = --check ]; then
        "$tool" --dry-run --Werror "${files[@]}"
    else
        "$tool" -i "${files[@]}"
    fi
}

cmd_lint() { # every file compiles with clang too, then clang-tidy reads it
    local files
    # shellcheck disable=SC2046
    CC=$(llvm clang ccache) CXX=$(llvm clang++ ccache) configure "$build-lint" --buildtype=debugoptimized $(werror) || return
    compile "$build-lint" || return
    if [ $# -gt 0 ]; then
        files=("$@")
    else
        mapfile -t files < <(git ls-files -- '*.cc' ':!tests/fuzz' ':!tests/unit/canary')
    fi
    [ ${#files[@]} -gt 0 ] || return 0
    printf '%s\n' "${files[@]}" | xargs -n 4 -P "$(nproc)" "$(llvm clang-tidy)" -p "$build-lint" --quiet \
        --warnings-as-errors='*'
}
