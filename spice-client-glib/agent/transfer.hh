// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "agent/file-reader.hh"
#include "base/glib/glib-ptr.hh"
#include "base/result.hh"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace spice::agent {

// How the files of one call have ended.
struct CopyCounts {
    unsigned total = 0, succeeded = 0, cancelled = 0, failed = 0;
};

class Transfer;

// One call to copy files: adds up what happens to each. Owned by its transfers. Bound to the main context.
class Copy {
public:
    using Progress = std::function<void(uint64_t sent, uint64_t size)>;
    using Done = std::function<void(const CopyCounts &counts)>;
    Copy(Progress progress, Done done) : progress_{std::move(progress)}, done_{std::move(done)} {}

    const CopyCounts &counts() const noexcept { return counts_; }

private:
    friend class Transfer;
    void joined(std::shared_ptr<Transfer> transfer);
    void progressed();
    void ended(const Error *error);

    Progress progress_;
    Done done_;
    CopyCounts counts_;
    std::vector<std::shared_ptr<Transfer>> transfers_; // until all have ended
};

// One file on its way to the guest: its numbers, and whom to tell. FileTransfers moves it. Bound to the main context.
class Transfer : public std::enable_shared_from_this<Transfer> {
public:
    // Implemented by the public object.
    struct Observer {
        virtual void on_size() = 0;     // total() is known
        virtual void on_progress() = 0; // sent() has grown
        virtual void on_finished(const Error *error) = 0; // once; null: success
        virtual std::shared_ptr<void> keep_alive() = 0;

    protected:
        ~Observer() = default;
    };

    Transfer(Observer &observer, uint32_t id, GFile *file, GCancellable *cancellable);
    ~Transfer();
    Transfer(const Transfer &) = delete;
    Transfer &operator=(const Transfer &) = delete;

    // Unique in the process, from 1 on.
    static uint32_t new_id() noexcept;

    uint32_t id() const noexcept { return id_; }
    GFile *file() const noexcept { return file_.get(); }
    std::string name() const; // without the folder, in UTF-8
    uint64_t total() const noexcept { return total_; } // bytes, 0 while it is not known
    uint64_t sent() const noexcept { return sent_; }
    double progress() const noexcept; // 0 to 1
    void cancel() { g_cancellable_cancel(cancellable_.get()); }
    void join(std::shared_ptr<Copy> copy);

private:
    friend class FileTransfers;
    friend class Copy;
    enum class State : uint8_t { waiting, opening, offered, sending, finishing, ended };

    void set_total(uint64_t total);
    void add_sent(uint64_t bytes);
    void end(const Error *error);

    Observer *observer_; // null once it has been told of the end
    uint32_t id_;
    Ref<GFile> file_;
    Ref<GCancellable> cancellable_;
    std::shared_ptr<Copy> copy_;
    std::shared_ptr<void> keep_; // the public object, while the transfer lasts
    State state_ = State::waiting;
    std::shared_ptr<FileReader> reader_;
    bool reading_ = false;
    uint64_t total_ = 0, read_ = 0, sent_ = 0;
    GSource *cancel_source_ = nullptr;
};

}
