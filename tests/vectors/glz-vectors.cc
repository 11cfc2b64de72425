// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "vector-check.hh"

#include "codec/glz-window.hh"
#include "codec/zlib-glz.hh"

#include <cstring>
#include <deque>
#include <map>
#include <memory>

#include <glib.h>

namespace spice::test {
namespace {

using codec::GlzDecoder;
using codec::GlzLookup;
using codec::GlzWindow;
using codec::Size;

const codec::Limits limits{65536, 1u << 26};

uint32_t load_u32(const Bytes &data, std::size_t pos) {
    uint32_t v = 0;
    for (unsigned i = 0; i < 4; ++i) v |= static_cast<uint32_t>(data[pos + i]) << (8 * i);
    return v;
}

Result<GlzDecoder> make_decoder(const Vector &v, const Bytes &record, Size size) {
    if (v.codec == "glz") return GlzDecoder::create(record, size, limits);
    if (record.size() < 8 || load_u32(record, 4) > record.size() - 8) return codec::codec_error("no such record");
    const Bytes data(record.begin() + 8, record.begin() + 8 + load_u32(record, 4));
    auto inflated = codec::inflate_glz(data, load_u32(record, 0), size, limits);
    if (!inflated) return inflated.error();
    return GlzDecoder::create(std::move(*inflated), size, limits);
}

// Plays a sequence in its order of arrival, as display channels that share a window would: a channel whose image waits
// for another one keeps its later records back.
class Player {
public:
    explicit Player(const Vector &v) : v_{v}, window_{v.window} {
        for (const auto &image : v.images) channels_[image.channel];
    }
    void arrive(std::size_t index, const Bytes &record) {
        auto &channel = channels_[channel_of(index)];
        channel.queue.push_back({index, &record});
        if (!channel.parked) run(channel);
    }
    codec::SharedBitmap32 image(std::size_t index) const {
        const auto it = done_.find(index);
        return it == done_.end() ? nullptr : it->second;
    }
    std::size_t channels() const { return channels_.size(); }
    std::size_t waits() const { return waits_; }

private:
    struct Record {
        std::size_t index;
        const Bytes *data;
    };
    struct Channel {
        std::deque<Record> queue;
        std::unique_ptr<GlzDecoder> decoder;
        bool parked = false;
    };

    unsigned channel_of(std::size_t index) const { return index < v_.images.size() ? v_.images[index].channel : 0; }
    Size size_of(const Record &record) const {
        if (record.index < v_.images.size()) return {v_.images[record.index].width, v_.images[record.index].height};
        if (v_.width > 0) return {v_.width, v_.height};
        const auto header = codec::read_glz_header(*record.data, limits);
        return header ? header->size : Size{1, 1};
    }
    void run(Channel &channel) {
        while (!channel.queue.empty() && !channel.parked) {
            const auto record = channel.queue.front();
            if (!channel.decoder) {
                auto decoder = make_decoder(v_, *record.data, size_of(record));
                if (!decoder) return channel.queue.pop_front();
                channel.decoder = std::make_unique<GlzDecoder>(std::move(*decoder));
            }
            step(channel, record);
        }
    }
    void step(Channel &channel, Record record) {
        auto next = channel.decoder->run([this](uint64_t id) { return window_.find(id); });
        if (next && std::holds_alternative<GlzDecoder::Needs>(*next)) {
            const auto id = std::get<GlzDecoder::Needs>(*next).id;
            if (channels_.size() < 2) window_.mark_absent(id); // nobody could bring it any more
            const auto found = window_.find_or_park(id, [this, &channel](GlzWindow::Wake) {
                channel.parked = false;
                run(channel);
            });
            channel.parked = found.state == GlzLookup::State::waiting;
            waits_ += channel.parked;
            return;
        }
        codec::SharedBitmap32 image = next ? std::get<codec::SharedBitmap32>(*next) : nullptr;
        const auto header = channel.decoder->header();
        const auto stand_in = image ? image : channel.decoder->blank_image();
        channel.decoder.reset();
        channel.queue.pop_front();
        if (window_.insert(header.id, header.win_head_dist, stand_in) && image) done_[record.index] = image;
    }

    const Vector &v_;
    GlzWindow window_;
    std::map<unsigned, Channel> channels_;
    std::map<std::size_t, codec::SharedBitmap32> done_;
    std::size_t waits_ = 0;
};

void check_images(const Vector &v, const Player &player) {
    const auto &output = v.outputs.front();
    const auto expected = read_pixels(output.file);
    for (std::size_t i = 0; i < v.images.size(); ++i) {
        const auto image = player.image(i);
        if (!image) g_error("image %" G_GUINT64_FORMAT " was not decoded", v.images[i].id);
        const auto bytes = image->pixels() * 4;
        g_assert_cmpuint(v.images[i].offset + bytes, <=, expected.size());
        const char *layout = v.images[i].type == 9 ? "BGRA" : "BGRX";
        check_pixels(image->view(), layout, "exact", expected.data() + v.images[i].offset, bytes);
    }
}

}

void run_glz_vector(const Vector &v) {
    std::vector<Bytes> records;
    if (v.data.ends_with(".seq"))
        records = read_sequence(v.data);
    else
        records.push_back(read_data(v.data));
    Player player{v};
    for (std::size_t i = 0; i < records.size(); ++i) player.arrive(i, records[i]);
    if (v.expect == Expect::ok) {
        g_assert_cmpuint(records.size(), ==, v.images.size());
        check_images(v, player);
        if (player.channels() > 1) g_assert_cmpuint(player.waits(), >, 0);
    }
    if (v.expect == Expect::reject) {
        for (std::size_t i = 0; i < v.reject_index; ++i) g_assert_nonnull(player.image(i).get());
        g_assert_null(player.image(v.reject_index).get());
    }
}

}
