// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "agent/file-transfers.hh"

#include <algorithm>
#include <string>

namespace spice::agent {

namespace {

constexpr std::size_t head_bytes = wire::wire_size<wire::AgentHeader>() + wire::wire_size<wire::AgentFileXferData>();

// The guest reads this with the same key file parser.
std::string description_of(const std::string &name, uint64_t size) {
    constexpr const char *group = "vdagent-file-xfer";
    const Owned<GKeyFile, g_key_file_unref> keys{g_key_file_new()};
    g_key_file_set_string(keys.get(), group, "name", name.c_str());
    g_key_file_set_uint64(keys.get(), group, "size", size);
    const StrPtr text{g_key_file_to_data(keys.get(), nullptr, nullptr)};
    return text.get();
}

Error failed(std::string what) { return {Error::Kind::unsupported, std::move(what)}; }

struct Watched {
    FileTransfers *owner;
    std::weak_ptr<Transfer> transfer;
    std::function<void(const std::shared_ptr<Transfer> &)> call;
};

gboolean watched_cancelled(GCancellable *, gpointer data) noexcept {
    auto &watched = *static_cast<Watched *>(data);
    if (const auto transfer = watched.transfer.lock()) watched.call(transfer);
    return G_SOURCE_REMOVE;
}

}

FileTransfers::~FileTransfers() { reset("The channel is gone"); }

void FileTransfers::start(std::vector<Ptr> transfers) {
    const auto keep = peer_.keep_alive();
    const char *why = nullptr;
    if (!peer_.connected()) why = "The guest has no agent to take files";
    else if (!peer_.may_send()) why = "The session is read-only: no files can be sent";
    else if (peer_.has(VD_AGENT_CAP_FILE_XFER_DISABLED)) why = "File transfer is disabled in this guest";
    for (auto &transfer : transfers) {
        if (transfer->observer_) transfer->keep_ = transfer->observer_->keep_alive();
        if (!why) all_.push_back(transfer);
    }
    for (auto &transfer : transfers) {
        if (why) {
            const auto error = failed(why);
            transfer->end(&error);
        } else if (transfer->state_ != State::ended) {
            watch(transfer);
        }
    }
    pump();
}

// The application may cancel in any thread; it is acted on from the loop.
void FileTransfers::watch(const Ptr &transfer) {
    auto *source = g_cancellable_source_new(transfer->cancellable_.get());
    auto call = [this](const Ptr &t) {
        const auto keep = peer_.keep_alive();
        const Error error{Error::Kind::cancelled, "The transfer was cancelled"};
        finish(t, &error);
        pump();
    };
    using Function = gboolean (*)(GCancellable *, gpointer);
    const Function function = watched_cancelled;
    g_source_set_callback(source, reinterpret_cast<GSourceFunc>(reinterpret_cast<void (*)()>(function)),
                          new Watched{this, transfer, std::move(call)},
                          [](gpointer data) { delete static_cast<Watched *>(data); });
    g_source_set_priority(source, G_PRIORITY_DEFAULT);
    g_source_attach(source, context_);
    transfer->cancel_source_ = source;
}

unsigned FileTransfers::offered() const noexcept {
    return static_cast<unsigned>(std::count_if(all_.begin(), all_.end(), [](const Ptr &t) { return t->state_ != State::waiting; }));
}

// Opens what may be opened and reads what may be read.
void FileTransfers::pump() {
    for (auto open_now = offered(); open_now < max_offered; ++open_now) {
        const auto next = std::find_if(all_.begin(), all_.end(), [](const Ptr &t) {
            return t->state_ == State::waiting && !g_cancellable_is_cancelled(t->cancellable_.get());
        });
        if (next == all_.end()) break;
        open(*next);
    }
    while (ahead_ < max_ahead) {
        const auto next = next_to_read();
        if (!next) break;
        read(next);
    }
}

// In turns, so that a large file does not hold up small ones.
FileTransfers::Ptr FileTransfers::next_to_read() {
    for (std::size_t i = 0; i < all_.size(); ++i) {
        const auto &t = all_[(turn_ + i) % all_.size()];
        if (t->state_ != State::sending || t->reading_ || (t->read_ >= t->total_ && t->total_ > 0)) continue;
        turn_ = (turn_ + i + 1) % all_.size();
        return t;
    }
    return nullptr;
}

void FileTransfers::open(const Ptr &transfer) {
    transfer->state_ = State::opening;
    transfer->reader_ = FileReader::open(transfer->file(), context_, [this, transfer](Result<uint64_t> size) {
        const auto keep = peer_.keep_alive();
        offer(transfer, std::move(size));
        pump();
    });
}

void FileTransfers::offer(const Ptr &transfer, Result<uint64_t> size) {
    if (!size) return finish(transfer, &size.error());
    transfer->set_total(*size);
    if (transfer->state_ != State::opening) return; // a handler has ended it
    const auto text = description_of(transfer->name(), *size);
    wire::AgentFileXferStart start;
    start.id = transfer->id();
    start.description = std::as_bytes(std::span{text.c_str(), text.size() + 1});
    transfer->state_ = State::offered;
    if (peer_.send(start)) return;
    const auto error = failed("The guest's agent cannot be told of the file");
    finish(transfer, &error);
}

void FileTransfers::read(const Ptr &transfer) {
    ++ahead_;
    transfer->reading_ = true;
    const auto bytes = std::min<uint64_t>(chunk_bytes, transfer->total_ - transfer->read_);
    transfer->read_ += bytes;
    std::vector<std::byte> buffer(head_bytes + static_cast<std::size_t>(bytes));
    if (bytes == 0) { // an empty file is one empty piece
        transfer->state_ = State::finishing;
        return post(transfer, std::move(buffer));
    }
    transfer->reader_->read(std::move(buffer), head_bytes, [this, transfer, bytes](Result<std::vector<std::byte>> filled) {
        const auto keep = peer_.keep_alive();
        if (filled && filled->size() < head_bytes + bytes)
            filled = Error{Error::Kind::argument, "The file has become shorter while it was read", G_IO_ERROR_PARTIAL_INPUT};
        post(transfer, std::move(filled));
        pump();
    });
}

void FileTransfers::post(const Ptr &transfer, Result<std::vector<std::byte>> buffer) {
    transfer->reading_ = false;
    if (!buffer) {
        --ahead_;
        return finish(transfer, &buffer.error());
    }
    const auto bytes = buffer->size() - head_bytes;
    wire::AgentFileXferData data{transfer->id(), bytes};
    auto head = with_header(VD_AGENT_FILE_XFER_DATA, buffer->size() - wire::wire_size<wire::AgentHeader>());
    wire::Writer{head}.message(data);
    std::copy(head.begin(), head.end(), buffer->begin());
    const auto mark = peer_.new_mark();
    queued_[mark] = {transfer, bytes};
    if (transfer->read_ == transfer->total_) transfer->state_ = State::finishing;
    if (peer_.send(std::move(*buffer), mark)) return;
    queued_.erase(mark);
    --ahead_;
    const auto error = failed("The guest's agent cannot be sent the file");
    finish(transfer, &error);
}

bool FileTransfers::left(uint64_t mark) {
    const auto found = queued_.find(mark);
    if (found == queued_.end()) return false;
    const auto piece = std::move(found->second);
    queued_.erase(found);
    --ahead_;
    const auto transfer = piece.transfer.lock();
    if (transfer && transfer->state_ != State::ended) transfer->add_sent(piece.bytes);
    pump();
    return true;
}

void FileTransfers::handle_status(const Incoming &incoming) {
    wire::AgentFileXferStatus news;
    if (!parse(peer_, incoming, news)) return;
    const auto found = std::find_if(all_.begin(), all_.end(), [&](const Ptr &t) { return t->id() == news.id; });
    // A transfer that we have given up: its end and the agent's answers cross.
    if (found == all_.end()) return;
    const auto transfer = *found;
    if (transfer->state_ == State::waiting || transfer->state_ == State::opening) return; // it cannot know of it
    status(transfer, news);
    pump();
}

void FileTransfers::status(const Ptr &transfer, const wire::AgentFileXferStatus &news) {
    if (news.result == VD_AGENT_FILE_XFER_STATUS_CAN_SEND_DATA) {
        if (transfer->state_ == State::offered) transfer->state_ = State::sending;
        return;
    }
    if (news.result == VD_AGENT_FILE_XFER_STATUS_SUCCESS) {
        if (transfer->state_ == State::finishing && transfer->sent_ == transfer->total_) return finish(transfer, nullptr);
        const auto error = failed("The guest's agent has ended the transfer too early");
        return finish(transfer, &error);
    }
    const auto error = error_of(*transfer, news);
    finish(transfer, &error);
}

Error FileTransfers::error_of(const Transfer &transfer, const wire::AgentFileXferStatus &news) const {
    wire::Reader reader{news.detail};
    switch (news.result) {
    case VD_AGENT_FILE_XFER_STATUS_CANCELLED: return failed("The guest's agent has cancelled the transfer");
    case VD_AGENT_FILE_XFER_STATUS_ERROR: {
        wire::AgentFileXferError detail;
        const bool known = wire::parse_into(reader, detail) && detail.error_type == VD_AGENT_FILE_XFER_STATUS_ERROR_GLIB_IO;
        if (known && detail.error_code == G_IO_ERROR_INVALID_FILENAME)
            return {Error::Kind::argument, "The guest does not accept the name of the file", G_IO_ERROR_INVALID_FILENAME};
        return failed("The guest's agent has reported an error");
    }
    case VD_AGENT_FILE_XFER_STATUS_NOT_ENOUGH_SPACE: {
        wire::AgentFileXferSpace detail;
        if (!wire::parse_into(reader, detail)) return failed("There is not enough space for the file in the guest");
        const StrPtr free{g_format_size(detail.disk_free_space)}, need{g_format_size(transfer.total())};
        return failed(std::string{"There is not enough space for the file in the guest: "} + free.get() +
                      " are free, and it needs " + need.get());
    }
    case VD_AGENT_FILE_XFER_STATUS_SESSION_LOCKED:
        return failed("The guest's screen is locked: unlock it, then send the file again");
    case VD_AGENT_FILE_XFER_STATUS_VDAGENT_NOT_CONNECTED:
        return failed("Nobody is logged in to the guest, or the session's agent does not run");
    case VD_AGENT_FILE_XFER_STATUS_DISABLED: return failed("File transfer is disabled in the guest");
    default: return failed("The guest's agent has answered " + std::to_string(news.result) + ", which is unknown");
    }
}

// The agent is told of each end that is not a success, also of one that it has reported itself.
void FileTransfers::finish(const Ptr &transfer, const Error *error) {
    const auto self = transfer; // the caller's may be an element of what changes here
    const auto found = std::find(all_.begin(), all_.end(), self);
    if (found == all_.end()) return;
    all_.erase(found);
    const bool told = self->state_ != State::waiting && self->state_ != State::opening;
    if (std::exchange(self->reading_, false)) --ahead_; // the reader is stopped, its answer does not come
    if (error && told) {
        const bool cancelled = error->kind == Error::Kind::cancelled;
        wire::AgentFileXferStatus status;
        status.id = self->id();
        status.result = cancelled ? VD_AGENT_FILE_XFER_STATUS_CANCELLED : VD_AGENT_FILE_XFER_STATUS_ERROR;
        peer_.send(status);
    }
    self->end(error);
}

void FileTransfers::reset(const char *why) {
    queued_.clear();
    ahead_ = 0;
    const auto error = failed(why);
    for (const auto &transfer : std::exchange(all_, {})) transfer->end(&error);
}

}
