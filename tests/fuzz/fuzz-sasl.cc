// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
// A server's side of the exchange of SASL: the first byte chooses whether TLS is around it.
#include "link/sasl.hh"
#include "memory-transport.hh"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, std::size_t size) {
    if (size == 0) return 0;
    const auto *bytes = reinterpret_cast<const std::byte *>(data);
    spice::test::MemoryTransport transport{{bytes + 1, bytes + size}, data[0] % 2 ? 256u : 0u};
    spice::link::Wakeup wakeup;
    spice::link::LinkStream stream{transport, wakeup, std::chrono::seconds(1)};
    auto layer = spice::link::perform_sasl(stream, transport, {"127.0.0.1", "user", "secret"});
    if (!layer || !*layer) return 0;
    stream.switch_to(**layer);
    std::byte word[4];
    (void)stream.read_exact(word);
    return 0;
}
