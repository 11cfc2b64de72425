// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "agent/transfer.hh"

#include <atomic>
#include <utility>

namespace spice::agent {

void Copy::joined(std::shared_ptr<Transfer> transfer) {
    ++counts_.total;
    transfers_.push_back(std::move(transfer));
}

void Copy::progressed() {
    if (!progress_) return;
    uint64_t sent = 0, size = 0;
    for (const auto &transfer : transfers_) {
        sent += transfer->sent();
        size += transfer->total();
    }
    progress_(sent, size);
}

void Copy::ended(const Error *error) {
    if (!error) ++counts_.succeeded;
    else if (error->kind == Error::Kind::cancelled) ++counts_.cancelled;
    else ++counts_.failed;
    if (counts_.succeeded + counts_.cancelled + counts_.failed < counts_.total) return;
    transfers_.clear();
    std::exchange(done_, nullptr)(counts_);
}

Transfer::Transfer(Observer &observer, uint32_t id, GFile *file, GCancellable *cancellable)
    : observer_{&observer}, id_{id}, file_{Ref<GFile>::share(file)},
      cancellable_{cancellable ? Ref<GCancellable>::share(cancellable) : Ref<GCancellable>::take(g_cancellable_new())} {}

Transfer::~Transfer() {
    if (reader_) reader_->stop();
}

uint32_t Transfer::new_id() noexcept {
    static std::atomic<uint32_t> last{0};
    return ++last;
}

std::string Transfer::name() const {
    const StrPtr base{g_file_get_basename(file_.get())};
    if (!base) return {};
    const StrPtr text{g_filename_display_name(base.get())};
    return text.get();
}

double Transfer::progress() const noexcept {
    return total_ == 0 ? 0.0 : static_cast<double>(sent_) / static_cast<double>(total_);
}

void Transfer::join(std::shared_ptr<Copy> copy) {
    copy_ = std::move(copy);
    copy_->joined(shared_from_this());
}

void Transfer::set_total(uint64_t total) {
    total_ = total;
    if (observer_) observer_->on_size();
}

void Transfer::add_sent(uint64_t bytes) {
    sent_ += bytes;
    if (observer_) observer_->on_progress();
    if (copy_) copy_->progressed();
}

void Transfer::end(const Error *error) {
    const auto self = shared_from_this();
    const auto keep = std::exchange(keep_, nullptr);
    if (cancel_source_) {
        g_source_destroy(cancel_source_);
        g_source_unref(std::exchange(cancel_source_, nullptr));
    }
    if (reader_) reader_->stop();
    reader_.reset();
    state_ = State::ended;
    if (auto *observer = std::exchange(observer_, nullptr)) observer->on_finished(error);
    if (const auto copy = std::exchange(copy_, nullptr)) copy->ended(error);
}

}
