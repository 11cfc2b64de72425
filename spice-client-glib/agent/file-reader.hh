// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/glib-ptr.hh"
#include "base/result.hh"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace spice::agent {

// Reads one file without ever blocking its caller: the work is done by threads of GIO. One call at a time; the answers
// come from the loop of the context. An error is one of Kind::argument with a GIOErrorEnum. Bound to the main context,
// owned by shared_ptr.
class FileReader : public std::enable_shared_from_this<FileReader> {
public:
    using Opened = std::function<void(Result<uint64_t> size)>;
    // The buffer with what was read behind `offset`; it is shorter when the file has ended.
    using Chunk = std::function<void(Result<std::vector<std::byte>> buffer)>;

    // Only regular files are opened: anything else may never end, or hang.
    static std::shared_ptr<FileReader> open(GFile *file, GMainContext *context, Opened opened);
    ~FileReader();
    FileReader(const FileReader &) = delete;
    FileReader &operator=(const FileReader &) = delete;

    // Fills `buffer` from `offset` on.
    void read(std::vector<std::byte> buffer, std::size_t offset, Chunk chunk);
    // No answer comes after this; the file is closed as soon as it can be.
    void stop();

private:
    FileReader(GFile *file, GMainContext *context);
    static void on_info(GObject *source, GAsyncResult *result, gpointer data) noexcept;
    static void on_stream(GObject *source, GAsyncResult *result, gpointer data) noexcept;
    static void on_read(GObject *source, GAsyncResult *result, gpointer data) noexcept;
    void opened(Result<uint64_t> size);
    void close();

    Ref<GFile> file_;
    ContextPtr context_;
    Ref<GCancellable> cancel_;
    Ref<GInputStream> stream_;
    uint64_t size_ = 0;
    bool busy_ = false, stopped_ = false;
    std::vector<std::byte> buffer_;
    std::size_t offset_ = 0;
    Opened on_opened_;
    Chunk on_chunk_;
};

}
