// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
// Writes the seed corpora of fuzz-reader and fuzz-link-reply. Not run by the build: only when messages were added,
// `make-wire-seeds tests/data/corpus`.
#include "all-messages.hh"
#include "wire/messages-common.hh"
#include "wire/messages-link.hh"
#include "wire/writer.hh"

#include <cstdio>
#include <filesystem>
#include <fstream>

using namespace spice::wire;

namespace {

void save(const std::filesystem::path &path, const std::vector<std::byte> &contents) {
    std::ofstream{path, std::ios::binary}.write(reinterpret_cast<const char *>(contents.data()),
                                                static_cast<std::streamsize>(contents.size()));
}

void save_messages(const std::filesystem::path &folder) {
    const auto messages = all_messages();
    for (std::size_t index = 0; index < messages.size(); ++index) {
        std::vector<std::byte> last;
        for (unsigned seed = 1; seed <= 4; ++seed) {
            std::string text;
            auto input = messages[index].sample(seed, text);
            input.insert(input.begin(), static_cast<std::byte>(index));
            if (input.size() < 20 && seed > 2) break;
            if (std::exchange(last, input) == input) continue;
            save(folder / (std::to_string(index) + "-" + messages[index].name + "-" + std::to_string(seed)), input);
        }
    }
    std::vector<std::byte> list{static_cast<std::byte>(messages.size())};
    Writer writer{list};
    writer.scalar(uint8_t{1}); // where the list starts
    writer.scalar(uint16_t{1});
    writer.scalar(uint32_t{7});
    writer.scalar(uint16_t{SPICE_MSG_SET_ACK});
    writer.scalar(uint32_t{8});
    writer.message(SetAck{1, 20});
    save(folder / "list-one", list);
}

void save_links(const std::filesystem::path &folder) {
    LinkReply reply;
    save(folder / "reply-without-caps", serialize_link(reply));
    reply.common_caps = Capabilities{0, 1, 3};
    reply.channel_caps = Capabilities{0, 1, 2, 3, 40};
    reply.pub_key.fill(0x30);
    save(folder / "reply", serialize_link(reply));
    LinkMess mess;
    mess.channel_type = SPICE_CHANNEL_DISPLAY;
    mess.channel_caps = Capabilities{0, 14};
    save(folder / "mess", serialize_link(mess));
}

}

int main(int argc, char **argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s CORPUS-FOLDER\n", argv[0]);
        return 2;
    }
    const std::filesystem::path root{argv[1]};
    for (const char *name : {"reader", "link-reply"})
        std::filesystem::create_directories(root / name);
    save_messages(root / "reader");
    save_links(root / "link-reply");
    return 0;
}
