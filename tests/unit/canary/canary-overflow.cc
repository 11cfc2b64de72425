// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
// One deliberate read past the end of a heap block.
#include <cstdio>
#include <vector>

int main(int argc, char **) {
    std::vector<unsigned char> bytes(16);
    const auto *data = bytes.data();
    std::printf("%d\n", data[15 + argc]);
    return 0;
}
