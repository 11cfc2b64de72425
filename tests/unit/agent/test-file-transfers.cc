// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "fake-agent.hh"

#include <glib/gstdio.h>

#include <algorithm>
#include <cstring>
#include <list>
#include <map>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

using namespace spice::test;
using spice::Error;
using spice::agent::Copy;
using spice::agent::CopyCounts;
using spice::agent::FileTransfers;
using spice::agent::Transfer;

namespace {

struct Watcher final : Transfer::Observer {
    int sizes = 0, steps = 0;
    std::optional<std::optional<Error>> end;
    std::function<void()> on_end = [] {};
    void on_size() override { ++sizes; }
    void on_progress() override { ++steps; }
    void on_finished(const Error *error) override {
        g_assert_false(end.has_value());
        end.emplace(error ? std::optional{*error} : std::nullopt);
        on_end();
    }
    std::shared_ptr<void> keep_alive() override { return std::make_shared<int>(0); }
    std::string text() const { return !end ? "running" : !*end ? "arrived" : (*end)->what; }
};

struct File {
    Watcher watcher;
    std::shared_ptr<Transfer> transfer;
};

// An agent with a folder of files, and a guest that takes what it is sent.
struct Files : Setup {
    std::string folder;
    std::list<File> files;
    std::map<uint32_t, std::string> saved; // by id
    std::optional<CopyCounts> counts;
    uint64_t told_sent = 0, told_size = 0;

    Files() {
        StrPtr made{g_dir_make_tmp("spice-files-XXXXXX", nullptr)};
        folder = made.get();
        arrive(modern_caps);
    }
    using StrPtr = spice::StrPtr;
    ~Files() {
        until([&] { return std::all_of(files.begin(), files.end(), [](const File &f) { return f.watcher.end.has_value(); }); });
        spice::Owned<GDir, g_dir_close> dir{g_dir_open(folder.c_str(), 0, nullptr)};
        while (const char *name = g_dir_read_name(dir.get())) g_remove((folder + "/" + name).c_str());
        g_rmdir(folder.c_str());
        while (g_main_context_iteration(context.get(), FALSE)) {}
    }
    static std::string content(std::size_t size) {
        std::string out(size, ' ');
        uint32_t state = static_cast<uint32_t>(size) + 1;
        for (auto &c : out) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
        return out;
    }
    std::string write(const std::string &name, std::size_t size) const {
        const auto path = folder + "/" + name;
        g_assert_true(g_file_set_contents(path.c_str(), content(size).data(), static_cast<gssize>(size), nullptr));
        return path;
    }
    File &add(const std::string &path, GCancellable *cancellable = nullptr) {
        auto &file = files.emplace_back();
        const auto gfile = spice::Ref<GFile>::take(g_file_new_for_path(path.c_str()));
        file.transfer = std::make_shared<Transfer>(file.watcher, Transfer::new_id(), gfile.get(), cancellable);
        return file;
    }
    void start() {
        auto copy = std::make_shared<Copy>([this](uint64_t sent, uint64_t size) { told_sent = sent, told_size = size; },
                                           [this](const CopyCounts &c) { counts = c; });
        std::vector<std::shared_ptr<Transfer>> all;
        for (auto &file : files) {
            file.transfer->join(copy);
            all.push_back(file.transfer);
        }
        agent.files().start(all);
    }
    void status(uint32_t id, uint32_t result, std::string_view detail = "") {
        std::vector<std::byte> body;
        spice::wire::Writer writer{body};
        writer.scalar(id);
        writer.scalar(result);
        writer.bytes(spice::wire::from_hex(detail));
        agent.message({VD_AGENT_FILE_XFER_STATUS, body, false});
    }
    // Takes one message as a guest does; true when it was one of a file.
    bool take_one() {
        if (port.sent.empty()) return false;
        const auto message = port.sent.front();
        port.sent.erase(port.sent.begin());
        spice::wire::Reader reader{message.body};
        if (message.mark) agent.left(message.mark);
        const auto id = reader.scalar<uint32_t>("id");
        if (message.type == VD_AGENT_FILE_XFER_START) {
            saved[id];
            status(id, VD_AGENT_FILE_XFER_STATUS_CAN_SEND_DATA);
        } else if (message.type == VD_AGENT_FILE_XFER_DATA) {
            g_assert_cmpuint(reader.scalar<uint64_t>("size"), ==, reader.remaining());
            const auto data = reader.bytes(reader.remaining(), "data");
            saved[id].append(reinterpret_cast<const char *>(data.data()), data.size());
            for (auto &file : files)
                if (file.transfer->id() == id && saved[id].size() == file.transfer->total())
                    status(id, VD_AGENT_FILE_XFER_STATUS_SUCCESS);
        }
        return true;
    }
    bool guest_takes_all() {
        return until([&] {
            while (take_one()) {}
            return counts.has_value();
        });
    }
    // Until START of that file was sent.
    bool offered(const File &file) {
        return until([&] {
            return std::any_of(port.sent.begin(), port.sent.end(), [&](const auto &m) {
                return m.type == VD_AGENT_FILE_XFER_START &&
                       spice::wire::Reader{m.body}.scalar<uint32_t>("id") == file.transfer->id();
            });
        });
    }
};

void test_sizes() {
    Files s;
    const std::size_t sizes[] = {0, 1, 65535, 65536, 65537, 1000000};
    uint64_t sum = 0;
    for (const auto size : sizes) {
        s.add(s.write(std::to_string(size), size));
        sum += size;
    }
    s.start();
    g_assert_true(s.guest_takes_all());
    for (const auto &file : s.files) {
        spice::wire::expect_text(file.watcher.text(), "arrived");
        g_assert_true(s.saved.at(file.transfer->id()) == Files::content(file.transfer->total()));
        g_assert_cmpuint(file.transfer->sent(), ==, file.transfer->total());
        g_assert_cmpint(file.watcher.sizes, ==, 1);
    }
    g_assert_true(s.counts->total == 6 && s.counts->succeeded == 6);
    g_assert_true(s.told_sent == sum && s.told_size == sum);
}

void test_description() {
    Files s;
    auto &file = s.add(s.write("fi le=\xc3\xa9.txt", 70000));
    s.start();
    g_assert_true(s.offered(file));
    const auto &body = s.port.sent.front().body;
    const std::string text{reinterpret_cast<const char *>(body.data()) + 4, body.size() - 4};
    const std::string wanted{"[vdagent-file-xfer]\nname=fi le=\xc3\xa9.txt\nsize=70000\n\0", 50};
    g_assert_true(text == wanted);
    g_assert_true(s.guest_takes_all());
}

void test_many() {
    Files s;
    for (std::size_t i = 0; i < 200; ++i) s.add(s.write(std::to_string(i), i * 331));
    s.start();
    std::size_t most_starts = 0, most_bytes = 0;
    g_assert_true(s.until([&] {
        std::size_t bytes = 0;
        for (const auto &m : s.port.sent)
            if (m.type == VD_AGENT_FILE_XFER_DATA) bytes += m.body.size();
        most_bytes = std::max(most_bytes, bytes);
        most_starts = std::max(most_starts, s.saved.size());
        s.take_one();
        return s.counts.has_value();
    }));
    g_assert_cmpuint(s.counts->succeeded, ==, 200);
    g_assert_cmpuint(most_bytes, <=, FileTransfers::max_ahead * (FileTransfers::chunk_bytes + 12));
    for (const auto &file : s.files) g_assert_true(s.saved.at(file.transfer->id()) == Files::content(file.transfer->total()));
}

// A guest that takes nothing has us read no more than the window.
void test_slow_guest() {
    Files s;
    auto &file = s.add(s.write("large", 4u << 20));
    s.start();
    g_assert_true(s.offered(file));
    s.port.sent.clear();
    s.status(file.transfer->id(), VD_AGENT_FILE_XFER_STATUS_CAN_SEND_DATA);
    g_assert_true(s.until([&] { return s.port.sent.size() == FileTransfers::max_ahead; }));
    g_assert_false(s.until([&] { return s.port.sent.size() > FileTransfers::max_ahead; }, 200));
    g_assert_cmpuint(file.transfer->sent(), ==, 0);
    file.transfer->cancel();
}

void test_errors() {
    const struct {
        uint32_t result;
        const char *detail, *words;
    } cases[] = {
        {VD_AGENT_FILE_XFER_STATUS_CANCELLED, "", "cancelled"},
        {VD_AGENT_FILE_XFER_STATUS_ERROR, "", "reported an error"},
        {VD_AGENT_FILE_XFER_STATUS_ERROR, "00 1e000000", "reported an error"},
        {VD_AGENT_FILE_XFER_STATUS_ERROR, "01 0a000000", "reported an error"},
        {VD_AGENT_FILE_XFER_STATUS_ERROR, "00 0a", "reported an error"},
        {VD_AGENT_FILE_XFER_STATUS_NOT_ENOUGH_SPACE, "", "not enough space"},
        {VD_AGENT_FILE_XFER_STATUS_NOT_ENOUGH_SPACE, "e803000000000000", "1.0\xc2\xa0kB"},
        {VD_AGENT_FILE_XFER_STATUS_SESSION_LOCKED, "", "locked"},
        {VD_AGENT_FILE_XFER_STATUS_VDAGENT_NOT_CONNECTED, "", "logged in"},
        {VD_AGENT_FILE_XFER_STATUS_DISABLED, "", "disabled"},
        {VD_AGENT_FILE_XFER_STATUS_SUCCESS, "", "too early"},
        {77, "", "77"},
    };
    for (const auto &c : cases) {
        Files s;
        auto &file = s.add(s.write("file", 100));
        s.start();
        g_assert_true(s.offered(file));
        s.port.sent.clear();
        s.status(file.transfer->id(), c.result, c.detail);
        g_assert_nonnull(std::strstr(file.watcher.text().c_str(), c.words));
        g_assert_true((*file.watcher.end)->kind == Error::Kind::unsupported);
        g_assert_true(s.counts && s.counts->failed == 1);
        g_assert_true(s.port.sent.size() == 1 && s.port.sent[0].type == VD_AGENT_FILE_XFER_STATUS);
        g_assert_true(spice::wire::to_hex(s.port.sent[0].body).ends_with("02000000"));
    }
    Files s;
    auto &file = s.add(s.write("file", 100));
    s.start();
    g_assert_true(s.offered(file));
    s.status(file.transfer->id(), VD_AGENT_FILE_XFER_STATUS_ERROR, "00 0a000000");
    g_assert_true((*file.watcher.end)->kind == Error::Kind::argument);
    g_assert_cmpint((*file.watcher.end)->code, ==, G_IO_ERROR_INVALID_FILENAME);
    s.status(file.transfer->id(), VD_AGENT_FILE_XFER_STATUS_SUCCESS); // of what is over
    s.status(4711, VD_AGENT_FILE_XFER_STATUS_CAN_SEND_DATA);
}

void test_local_errors() {
    Files s;
    g_assert_cmpint(mkfifo((s.folder + "/pipe").c_str(), 0600), ==, 0);
    auto &missing = s.add(s.folder + "/missing");
    auto &folder = s.add(s.folder);
    auto &pipe = s.add(s.folder + "/pipe");
    auto &good = s.add(s.write("good", 10));
    s.start();
    g_assert_true(s.guest_takes_all());
    g_assert_cmpint((*missing.watcher.end)->code, ==, G_IO_ERROR_NOT_FOUND);
    g_assert_cmpint((*folder.watcher.end)->code, ==, G_IO_ERROR_IS_DIRECTORY);
    g_assert_cmpint((*pipe.watcher.end)->code, ==, G_IO_ERROR_NOT_REGULAR_FILE);
    spice::wire::expect_text(good.watcher.text(), "arrived");
    g_assert_true(s.counts->failed == 3 && s.counts->succeeded == 1);
    g_assert_cmpuint(s.saved.size(), ==, 1); // the agent never heard of the others
}

void test_file_shrinks() {
    Files s;
    const auto path = s.write("file", 500000);
    auto &file = s.add(path);
    s.start();
    g_assert_true(s.offered(file));
    g_assert_cmpint(truncate(path.c_str(), 100000), ==, 0);
    g_assert_true(s.guest_takes_all());
    g_assert_cmpint((*file.watcher.end)->code, ==, G_IO_ERROR_PARTIAL_INPUT);
}

void test_cancel() {
    for (int moment = 0; moment < 4; ++moment) {
        Files s;
        auto &file = s.add(s.write("file", 1000000));
        if (moment == 0) file.transfer->cancel();
        s.start();
        if (moment == 1) file.transfer->cancel(); // while it is opened
        if (moment >= 2) {
            g_assert_true(s.offered(file)); // the agent has not answered
            if (moment == 3) { // in the middle
                g_assert_true(s.until([&] { return s.take_one(), file.transfer->sent() > 200000; }));
            }
            s.port.sent.clear();
            file.transfer->cancel();
        }
        g_assert_true(s.until([&] { return s.counts.has_value(); }, 2000));
        g_assert_true((*file.watcher.end)->kind == Error::Kind::cancelled && s.counts->cancelled == 1);
        if (moment < 2) {
            g_assert_false(s.until([&] { return !s.port.sent.empty(); }, 50));
        } else {
            g_assert_true(spice::wire::to_hex(s.port.sent.back().body).ends_with("01000000"));
        }
    }
}

void test_cancel_one_of_many() {
    Files s;
    for (int i = 0; i < 3; ++i) s.add(s.write(std::to_string(i), 400000));
    auto &second = *std::next(s.files.begin());
    s.start();
    g_assert_true(s.until([&] { return s.take_one(), second.transfer->sent() > 0; }));
    second.transfer->cancel();
    g_assert_true(s.guest_takes_all());
    g_assert_true(s.counts->succeeded == 2 && s.counts->cancelled == 1);
    const auto shared = spice::Ref<GCancellable>::take(g_cancellable_new());
    Files all;
    for (int i = 0; i < 3; ++i) all.add(all.write(std::to_string(i), 400000), shared.get());
    all.start();
    g_cancellable_cancel(shared.get());
    g_assert_true(all.until([&] { return all.counts.has_value(); }, 2000));
    g_assert_cmpuint(all.counts->cancelled, ==, 3);
}

void test_agent_ends() {
    Files s;
    for (int i = 0; i < 3; ++i) s.add(s.write(std::to_string(i), 1000000));
    s.start();
    g_assert_true(s.until([&] { return s.take_one(), s.files.front().transfer->sent() > 200000; }));
    s.agent.gone();
    for (const auto &file : s.files) g_assert_nonnull(std::strstr(file.watcher.text().c_str(), "ended"));
    g_assert_true(s.counts && s.counts->failed == 3);
    s.arrive(modern_caps); // another agent: everything works as before
    s.files.clear();
    s.counts.reset();
    s.add(s.write("again", 300000));
    s.start();
    g_assert_true(s.guest_takes_all());
    g_assert_cmpuint(s.counts->succeeded, ==, 1);
}

void test_no_agent() {
    for (int reason = 0; reason < 3; ++reason) {
        Files s;
        if (reason == 0) s.agent.gone();
        if (reason == 1) s.announce(modern_caps | 1u << VD_AGENT_CAP_FILE_XFER_DISABLED);
        if (reason == 2) s.port.writable = false;
        auto &file = s.add(s.write("file", 1));
        s.add(s.write("other", 1));
        s.start();
        g_assert_true(file.watcher.end && *file.watcher.end); // inside the call
        g_assert_true(s.counts && s.counts->failed == 2);
    }
}

// The application's handler ends everything while others are told.
void test_end_in_handler() {
    Files s;
    s.add(s.write("small", 100)); // the first to arrive
    for (int i = 1; i < 5; ++i) s.add(s.write(std::to_string(i), 3000000));
    s.files.front().watcher.on_end = [&] { s.agent.gone(); };
    s.start();
    s.guest_takes_all();
    g_assert_true(s.counts && s.counts->total == 5 && s.counts->succeeded == 1 && s.counts->failed == 4);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/agent/files/sizes", test_sizes);
    g_test_add_func("/agent/files/description", test_description);
    g_test_add_func("/agent/files/many", test_many);
    g_test_add_func("/agent/files/slow-guest", test_slow_guest);
    g_test_add_func("/agent/files/errors", test_errors);
    g_test_add_func("/agent/files/local-errors", test_local_errors);
    g_test_add_func("/agent/files/file-shrinks", test_file_shrinks);
    g_test_add_func("/agent/files/cancel", test_cancel);
    g_test_add_func("/agent/files/cancel-one-of-many", test_cancel_one_of_many);
    g_test_add_func("/agent/files/agent-ends", test_agent_ends);
    g_test_add_func("/agent/files/no-agent", test_no_agent);
    g_test_add_func("/agent/files/end-in-handler", test_end_in_handler);
    return g_test_run();
}
