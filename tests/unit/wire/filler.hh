// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "wire/messages-image.hh"

#include <deque>
#include <random>
#include <string_view>

namespace spice::wire {

// Fills any described message with random but well-formed contents, by walking its fields as a reader does. Owns the
// bytes that views in the messages point at.
class Filler {
public:
    explicit Filler(unsigned seed) : random_{seed} {}
    template <class M> void message(M &m) {
        std::apply([&](const auto &...entry) { (fill(m, entry), ...); }, M::fields);
    }

private:
    uint64_t number() { return random_(); }
    std::size_t few(std::size_t most) { return static_cast<std::size_t>(number() % (most + 1)); }

    Bytes view(uint64_t size) {
        auto &owned = owned_.emplace_back(static_cast<std::size_t>(size));
        for (auto &b : owned)
            b = static_cast<std::byte>(number());
        return owned;
    }
    // Numbers that something is allocated or computed from.
    static bool small(std::string_view name) {
        for (const auto *s : {"bitmap.stride", "bitmap.height", "glyph.width", "glyph.height", "lz_plt.size"})
            if (name == s) return true;
        return false;
    }
    template <class T> void scalar(T &value, const char *name, uint64_t max) {
        if constexpr (std::is_same_v<T, ImageType>) {
            static constexpr ImageType types[] = {
                ImageType::bitmap,        ImageType::quic,    ImageType::lz_plt,     ImageType::lz_rgb,
                ImageType::glz_rgb,       ImageType::surface, ImageType::from_cache, ImageType::from_cache_lossless,
                ImageType::jpeg,          ImageType::lz4,     ImageType::jpeg_alpha, ImageType::zlib_glz_rgb,
                static_cast<ImageType>(2)};
            value = types[few(std::size(types) - 1)];
        } else if constexpr (std::is_same_v<T, BrushType>) {
            value = static_cast<T>(few(2));
        } else {
            if (small(name)) max = 9;
            value = static_cast<T>(max == no_limit ? number() : number() % (max + 1));
        }
    }
    template <class T> void elements(std::vector<T> &out, std::size_t n) {
        out.resize(n);
        for (auto &e : out) {
            if constexpr (Scalar<T>)
                scalar(e, "", no_limit);
            else
                message(e);
        }
    }

    template <class M, class O, class T> void fill(M &m, const Field<O, T> &f) {
        auto &value = m.*f.member;
        if constexpr (Scalar<T>)
            scalar(value, f.name, f.max);
        else if constexpr (is_byte_array<T>)
            for (auto &b : value)
                b = static_cast<uint8_t>(number());
        else
            message(value);
    }
    template <class M, class O, class T, class N> void fill(M &m, const Array<O, T, N> &a) {
        auto &out = m.*a.member;
        out.resize(few(a.max < 4 ? static_cast<std::size_t>(a.max) : 4));
        for (auto &e : out) {
            if (a.prepare) (m.*a.prepare)(e);
            message(e);
        }
        m.*a.count = static_cast<N>(out.size());
    }
    template <class M, class O, class T, class N> void fill(M &m, const Counted<O, T, N> &c) {
        elements(m.*c.member, few(4));
    }
    template <class M, class O, class T, class N> void fill(M &m, const ArrayPointer<O, T, N> &p) {
        elements(m.*p.member, few(4));
        m.*p.count = static_cast<N>((m.*p.member).size());
    }
    template <class M, class O, class T> void fill(M &m, const Pointer<O, T> &p) {
        if constexpr (!is_optional<T>)
            message(m.*p.member);
        else if (p.null == Null::refused || few(3) != 0)
            message((m.*p.member).emplace());
    }
    template <class M, class O> void fill(M &m, const TextPointer<O> &p) {
        for (auto n = few(12); n > 0; --n)
            m.*p.member += static_cast<char>('a' + few(25));
    }
    template <class M, class O, class N> void fill(M &m, const Sized<O, N> &s) { m.*s.member = view(few(20)); }
    template <class M, class O> void fill(M &m, const Payload<O> &p) { m.*p.member = view((m.*p.size)()); }
    template <class M, class O> void fill(M &m, const Rest<O> &r) { m.*r.member = view(few(20)); }
    template <class M, class O, class V> void fill(M &m, const Union<O, V> &u) {
        (void)(m.*u.select)();
        std::visit([this](auto &alternative) { this->message(alternative); }, m.*u.member);
    }
    template <class M, class O, class E> void fill(M &m, const When<O, E> &w) {
        if ((m.*w.holds)()) fill(m, w.entry);
    }

    std::mt19937_64 random_;
    std::deque<std::vector<std::byte>> owned_;
};

}
