// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
// One deliberate leak.
#include <cstdio>
#include <cstdlib>

int main() {
    void *volatile lost = std::malloc(1000);
    lost = nullptr;
    std::printf("%d\n", lost == nullptr);
    return 0;
}
