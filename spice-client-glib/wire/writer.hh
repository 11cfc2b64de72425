// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "wire/schema.hh"

#include <cassert>

namespace spice::wire {

// Appends described structs to a buffer. Offsets count from the length the buffer has at construction; what pointers
// point at is appended behind the fixed part, in the order of the pointers. Thread-bound, used and dropped.
class Writer {
public:
    explicit Writer(std::vector<std::byte> &out) : out_{out}, start_{out.size()} {}

    // One whole message with everything it points at. `m` must live until this returns.
    template <class M> void message(const M &m) {
        block(m);
        for (std::size_t i = 0; i < pending_.size(); ++i) { // targets may add targets
            const auto p = pending_[i];
            patch(p.slot);
            p.write(*this, p.target);
        }
        pending_.clear();
    }

    // Without what it points at, which is kept for message().
    template <class M> void fields(const M &m) {
        std::apply([&](const auto &...entry) { (put(m, entry), ...); }, M::fields);
    }
    template <Scalar T> void scalar(T value) { put_scalar(out_.size(), value); }
    void bytes(Bytes raw) { out_.insert(out_.end(), raw.begin(), raw.end()); }

private:
    template <class M> void block(const M &m) {
        if constexpr (OutOfLine<M>)
            write_fields(*this, m);
        else
            fields(m);
    }
    struct Pending {
        std::size_t slot; // where the offset goes
        const void *target;
        void (*write)(Writer &, const void *);
    };

    template <Scalar T> void put_scalar(std::size_t where, T value) {
        if (where + sizeof(T) > out_.size()) out_.resize(where + sizeof(T));
        if constexpr (std::is_enum_v<T>) {
            put_scalar(where, static_cast<std::underlying_type_t<T>>(value));
        } else {
            auto bits = static_cast<uint64_t>(value);
            for (std::size_t i = 0; i < sizeof(T); ++i, bits >>= 8)
                out_[where + i] = static_cast<std::byte>(bits);
        }
    }
    void patch(std::size_t slot) { put_scalar(slot, static_cast<uint32_t>(out_.size() - start_)); }
    template <class T> void defer(const T &target, void (*write)(Writer &, const void *)) {
        pending_.push_back({out_.size(), &target, write});
        scalar(uint32_t{0});
    }

    template <class T> void element(const T &e) {
        if constexpr (Scalar<T>)
            scalar(e);
        else
            fields(e);
    }
    template <class T> static void write_block(Writer &w, const void *target) {
        w.block(*static_cast<const T *>(target));
    }

    template <class M, class O, class T> void put(const M &m, const Field<O, T> &f) {
        if constexpr (is_byte_array<T>)
            bytes(std::as_bytes(std::span{m.*f.member}));
        else
            element(m.*f.member);
    }
    template <class M, class O, class T, class N> void put(const M &m, const Array<O, T, N> &a) {
        assert(static_cast<uint64_t>(m.*a.count) == (m.*a.member).size());
        for (const auto &e : m.*a.member)
            element(e);
    }
    template <class M, class O, class T, class N> void put(const M &m, const Counted<O, T, N> &c) {
        assert((m.*c.member).size() <= std::numeric_limits<N>::max());
        scalar(static_cast<N>((m.*c.member).size()));
        for (const auto &e : m.*c.member)
            element(e);
    }
    template <class M, class O, class T, class N> void put(const M &m, const ArrayPointer<O, T, N> &p) {
        const auto &elements = m.*p.member;
        assert(static_cast<uint64_t>(m.*p.count) == elements.size());
        if (elements.empty()) return scalar(uint32_t{0});
        defer(elements, [](Writer &w, const void *target) {
            for (const auto &e : *static_cast<const std::vector<T> *>(target))
                w.element(e);
        });
    }
    template <class M, class O, class T> void put(const M &m, const Pointer<O, T> &p) {
        if constexpr (is_optional<T>) {
            if (m.*p.member)
                defer(*(m.*p.member), write_block<typename T::value_type>);
            else
                scalar(uint32_t{0});
        } else {
            defer(m.*p.member, write_block<T>);
        }
    }
    template <class M, class O> void put(const M &m, const TextPointer<O> &p) {
        const auto &text = m.*p.member;
        const bool null = text.empty() && p.null == Null::allowed;
        scalar(null ? uint32_t{0} : static_cast<uint32_t>(text.size() + 1));
        if (null) return scalar(uint32_t{0});
        defer(text, [](Writer &w, const void *target) {
            const auto *s = static_cast<const std::string *>(target);
            w.bytes(std::as_bytes(std::span{s->c_str(), s->size() + 1}));
        });
    }
    template <class M, class O, class N> void put(const M &m, const Sized<O, N> &s) {
        assert((m.*s.member).size() <= std::numeric_limits<N>::max());
        scalar(static_cast<N>((m.*s.member).size()));
        bytes(m.*s.member);
    }
    template <class M, class O> void put(const M &m, const Payload<O> &p) {
        assert((m.*p.size)() == (m.*p.member).size());
        bytes(m.*p.member);
    }
    template <class M, class O> void put(const M &m, const Rest<O> &r) { bytes(m.*r.member); }
    template <class M, class O, class V> void put(const M &m, const Union<O, V> &u) {
        std::visit([this](const auto &alternative) { this->block(alternative); }, m.*u.member);
    }
    template <class M, class O, class E> void put(const M &m, const When<O, E> &w) {
        if ((m.*w.holds)()) put(m, w.entry);
    }

    std::vector<std::byte> &out_;
    std::size_t start_;
    std::vector<Pending> pending_;
};

// The body of one message.
template <class M> std::vector<std::byte> serialize(const M &m) {
    std::vector<std::byte> body;
    body.reserve(wire_size<M>());
    Writer{body}.message(m);
    return body;
}

}
