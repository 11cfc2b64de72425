// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
// One deliberate signed overflow.
#include <climits>
#include <cstdio>

int main(int argc, char **) {
    std::printf("%d\n", INT_MAX - 1 + argc + argc);
    return 0;
}
