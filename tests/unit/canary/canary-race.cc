// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
// One deliberate data race: two threads count without a lock.
#include <cstdio>
#include <thread>

namespace {
int counter = 0;

void count() {
    for (int i = 0; i < 100000; ++i) ++counter;
}
}

int main() {
    std::thread other{count};
    count();
    other.join();
    std::printf("%d\n", counter);
    return 0;
}
