// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "agent/file-reader.hh"

#include "base/glib/default-context.hh"

#include <string>
#include <utility>

namespace spice::agent {

namespace {

Error file_error(const GError &error) {
    const int code = error.domain == G_IO_ERROR ? error.code : static_cast<int>(G_IO_ERROR_FAILED);
    return {Error::Kind::argument, error.message, code};
}

// A reference for a call that is under way.
gpointer lend(std::shared_ptr<FileReader> reader) { return new std::shared_ptr<FileReader>(std::move(reader)); }
std::shared_ptr<FileReader> take_back(gpointer data) {
    const std::unique_ptr<std::shared_ptr<FileReader>> lent{static_cast<std::shared_ptr<FileReader> *>(data)};
    return std::move(*lent);
}

constexpr const char *wanted_info = G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE;

}

FileReader::FileReader(GFile *file, GMainContext *context)
    : file_{Ref<GFile>::share(file)}, context_{g_main_context_ref(context ? context : g_main_context_default())},
      cancel_{Ref<GCancellable>::take(g_cancellable_new())} {}

FileReader::~FileReader() { close(); }

std::shared_ptr<FileReader> FileReader::open(GFile *file, GMainContext *context, Opened opened) {
    auto self = std::shared_ptr<FileReader>{new FileReader{file, context}};
    self->on_opened_ = std::move(opened);
    self->busy_ = true;
    const DefaultContext scope{self->context_.get()};
    g_file_query_info_async(file, wanted_info, G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT, self->cancel_.get(),
                            on_info, lend(self));
    return self;
}

void FileReader::on_info(GObject *source, GAsyncResult *result, gpointer data) noexcept {
    const auto self = take_back(data);
    GError *raw = nullptr;
    const auto info = Ref<GFileInfo>::take(g_file_query_info_finish(G_FILE(source), result, &raw));
    const GErrorPtr error{raw};
    if (error) return self->opened(file_error(*error));
    switch (g_file_info_get_file_type(info.get())) {
    case G_FILE_TYPE_REGULAR: break;
    case G_FILE_TYPE_DIRECTORY: return self->opened(Error{Error::Kind::argument, "It is a folder", G_IO_ERROR_IS_DIRECTORY});
    default: return self->opened(Error{Error::Kind::argument, "It is not a regular file", G_IO_ERROR_NOT_REGULAR_FILE});
    }
    self->size_ = static_cast<uint64_t>(std::max<goffset>(0, g_file_info_get_size(info.get())));
    if (self->stopped_) return self->opened(0);
    const DefaultContext scope{self->context_.get()};
    g_file_read_async(self->file_.get(), G_PRIORITY_DEFAULT, self->cancel_.get(), on_stream, lend(self));
}

void FileReader::on_stream(GObject *source, GAsyncResult *result, gpointer data) noexcept {
    const auto self = take_back(data);
    GError *raw = nullptr;
    auto *stream = g_file_read_finish(G_FILE(source), result, &raw);
    const GErrorPtr error{raw};
    if (error) return self->opened(file_error(*error));
    self->stream_ = Ref<GInputStream>::take(G_INPUT_STREAM(stream));
    self->opened(self->size_);
}

void FileReader::opened(Result<uint64_t> size) {
    busy_ = false;
    if (stopped_) return close();
    std::exchange(on_opened_, nullptr)(std::move(size));
}

void FileReader::read(std::vector<std::byte> buffer, std::size_t offset, Chunk chunk) {
    buffer_ = std::move(buffer);
    offset_ = offset;
    on_chunk_ = std::move(chunk);
    busy_ = true;
    const DefaultContext scope{context_.get()};
    g_input_stream_read_all_async(stream_.get(), buffer_.data() + offset, buffer_.size() - offset,
                                  G_PRIORITY_DEFAULT, cancel_.get(), on_read, lend(shared_from_this()));
}

void FileReader::on_read(GObject *source, GAsyncResult *result, gpointer data) noexcept {
    const auto self = take_back(data);
    GError *raw = nullptr;
    gsize bytes = 0;
    g_input_stream_read_all_finish(G_INPUT_STREAM(source), result, &bytes, &raw);
    const GErrorPtr error{raw};
    self->busy_ = false;
    auto buffer = std::exchange(self->buffer_, {});
    if (self->stopped_) return self->close();
    const auto answer = std::exchange(self->on_chunk_, nullptr);
    if (error) return answer(file_error(*error));
    buffer.resize(self->offset_ + bytes);
    answer(std::move(buffer));
}

void FileReader::stop() {
    if (std::exchange(stopped_, true)) return;
    g_cancellable_cancel(cancel_.get());
    on_opened_ = nullptr;
    on_chunk_ = nullptr;
    if (!busy_) close();
}

// Closing may block as well, on a remote file.
void FileReader::close() {
    if (!stream_) return;
    const auto stream = std::exchange(stream_, {});
    const DefaultContext scope{context_.get()};
    g_input_stream_close_async(stream.get(), G_PRIORITY_DEFAULT, nullptr, nullptr, nullptr);
}

}
