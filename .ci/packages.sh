# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
# Sourced by ./dev: installs the distribution's packages that a command needs and that are missing.

# The distribution's interpreter: another one in PATH has no GObject introspection.
python=/usr/bin/python3

release_name() { # debian-12, debian-13, ...; nothing on a system without a list
    local ID='' VERSION_ID=''
    [ -r /etc/os-release ] && . /etc/os-release
    [ "$ID" = debian ] || return 0
    if [ -f "$root/.ci/packages/debian-$VERSION_ID-core.txt" ]; then
        echo "debian-$VERSION_ID"
    else
        find "$root/.ci/packages" -name 'debian-*-core.txt' -printf '%f\n' | sort -V | tail -n 1 | sed 's/-core.txt//'
    fi
}

missing_packages() { # KIND...: names that the lists of this release ask for and dpkg does not have
    local kind list
    for kind in "$@"; do
        list=$root/.ci/packages/$release-$kind.txt
        [ -f "$list" ] || continue
        sed 's/#.*//' "$list" | xargs -r -n 1
    done | sort -u | while read -r name; do
        case $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) in
        installed) ;;
        *) echo "$name" ;;
        esac
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    else
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    fi
}

can_be_root() {
    [ "$(id -u)" = 0 ] && return 0
    command -v sudo >/dev/null || return 1
    sudo -n true 2>/dev/null || [ -t 0 ]
}

apt_get() { # waits up to ten minutes for another package manager
    as_root apt-get -qq -o DPkg::Lock::Timeout=600 "$@"
}

apt_update() { # the lock of the package lists has no time-out of its own
    local try
    for try in 1 2 3 4 5 6 7 8 9 10; do
        apt_get update && return 0
        say "package lists are not available yet (try $try of 10)"
        sleep 6
    done
    return 1
}

apt_install() {
    if ! apt-cache show --no-all-versions "$@" >/dev/null 2>&1; then
        say "updating the package lists"
        apt_update || return 1
    fi
    say "installing with apt: $*"
    apt_get install -y --no-install-recommends "$@" >/dev/null && return 0
    say "once more with fresh package lists"
    apt_update && apt_get install -y --no-install-recommends "$@" >/dev/null
}

need_packages() { # KIND...; `core` is required, the other lists widen what can be tested
    local missing
    release=$(release_name)
    if [ -z "$release" ]; then
        say "no package list for this distribution: using what is installed"
        return 0
    fi
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$install" = no ]; then
        say "not installed (--no-install): ${missing[*]}"
    elif ! can_be_root; then
        say "these packages are missing and may not be installed by this user: ${missing[*]}"
    elif ! apt_install "${missing[@]}"; then
        say "apt could not install: ${missing[*]}"
    fi
    mapfile -t missing < <(missing_packages core)
    [ ${#missing[@]} -eq 0 ] || [ "$install" = no ] || die "packages needed to build are missing: ${missing[*]}"
}
