// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"
#include "wire/schema.hh"

#include <bit>
#include <cstring>
#include <utility>

namespace spice::wire {

// Reads described structs out of one message body, which the caller keeps alive as long as views into it are used.
// The first fault latches: later reads yield zeros, and the caller asks once. Nothing is allocated before the count
// was compared with the bytes that are really there and with the entry's limit. Thread-bound, used and dropped.
class Reader {
public:
    explicit Reader(Bytes body) noexcept : body_{body.data()}, end_{body.size()} {}
    bool ok() const noexcept { return !fault_; }
    const char *fault() const noexcept { return fault_; } // nullptr, or the name of the first bad field
    std::size_t position() const noexcept { return pos_; }
    std::size_t remaining() const noexcept { return end_ - pos_; }

    // Reads into `m`, which must be fresh from its constructor.
    template <class M> void message(M &m) {
        if constexpr (OutOfLine<M>)
            read_fields(*this, m);
        else
            fields(m);
    }
    template <class M> void fields(M &m) {
        std::apply([&](const auto &...entry) { (get(m, entry), ...); }, M::fields);
    }

    template <Scalar T> T scalar(const char *name) noexcept {
        if (sizeof(T) > remaining()) {
            fail(name);
            return T{};
        }
        T value;
        std::memcpy(&value, body_ + pos_, sizeof(T));
        pos_ += sizeof(T);
        return to_host(value);
    }

    Bytes bytes(uint64_t n, const char *name) noexcept {
        if (n > remaining()) {
            fail(name);
            return {};
        }
        const auto start = pos_;
        pos_ += static_cast<std::size_t>(n);
        return {body_ + start, static_cast<std::size_t>(n)};
    }

    // A reader of the same body that starts at `offset`; for things that lie behind the fixed part.
    Reader at(uint64_t offset, const char *name) const noexcept {
        Reader child{*this};
        child.pos_ = 0;
        ++child.depth_;
        if (offset > end_ || child.depth_ > max_depth)
            child.fail(name);
        else
            child.pos_ = static_cast<std::size_t>(offset);
        return child;
    }

    void fail(const char *name) noexcept {
        if (!fault_) fault_ = name;
        pos_ = end_; // so that no later read finds anything
    }

private:
    static constexpr unsigned max_depth = 4; // message, image, palette and one to spare

    template <Scalar T> static T to_host(T value) noexcept {
        if constexpr (std::endian::native == std::endian::big && sizeof(T) > 1) {
            std::array<std::byte, sizeof(T)> raw;
            std::memcpy(raw.data(), &value, sizeof(T));
            for (std::size_t i = 0; i < sizeof(T) / 2; ++i)
                std::swap(raw[i], raw[sizeof(T) - 1 - i]);
            std::memcpy(&value, raw.data(), sizeof(T));
        }
        return value;
    }

    template <class T> void elements(std::vector<T> &out, uint64_t n, uint64_t max, const char *name) {
        static_assert(wire_size<T>() > 0);
        if (fault_ || n > max || n > remaining() / wire_size<T>()) return fail(name); // before allocating
        out.resize(static_cast<std::size_t>(n));
    }
    template <class T> void element(T &e, const char *name) {
        if constexpr (Scalar<T>)
            e = scalar<T>(name);
        else
            message(e);
    }

    template <class M, class O, class T> void get(M &m, const Field<O, T> &f) {
        auto &value = m.*f.member;
        if constexpr (Scalar<T>) {
            value = scalar<T>(f.name);
            if (f.max != no_limit && static_cast<uint64_t>(value) > f.max) fail(f.name);
        } else if constexpr (is_byte_array<T>) {
            if (const auto raw = bytes(sizeof(T), f.name); !raw.empty())
                std::memcpy(value.data(), raw.data(), sizeof(T));
        } else {
            message(value);
        }
    }
    template <class M, class O, class T, class N> void get(M &m, const Array<O, T, N> &a) {
        auto &out = m.*a.member;
        elements(out, m.*a.count, a.max, a.name);
        for (auto &e : out) {
            if (fault_) return;
            if (a.prepare) (m.*a.prepare)(e);
            element(e, a.name);
        }
    }
    template <class M, class O, class T, class N> void get(M &m, const Counted<O, T, N> &c) {
        auto &out = m.*c.member;
        elements(out, scalar<N>(c.name), c.max, c.name);
        for (auto &e : out) {
            if (fault_) return;
            element(e, c.name);
        }
    }
    template <class M, class O, class T, class N> void get(M &m, const ArrayPointer<O, T, N> &p) {
        const auto offset = scalar<uint32_t>(p.name);
        if (fault_ || (offset == 0 && m.*p.count == 0)) return;
        if (offset == 0) return fail(p.name);
        auto child = at(offset, p.name);
        auto &out = m.*p.member;
        child.elements(out, m.*p.count, p.max, p.name);
        for (auto &e : out)
            child.element(e, p.name);
        adopt(child);
    }
    template <class M, class O, class T> void get(M &m, const Pointer<O, T> &p) {
        const auto offset = scalar<uint32_t>(p.name);
        if (fault_) return;
        if (offset == 0) {
            if (!is_optional<T> || p.null == Null::refused) fail(p.name);
            return;
        }
        auto child = at(offset, p.name);
        if (child.fault_ || child.remaining() == 0) return fail(p.name);
        if constexpr (is_optional<T>)
            child.message((m.*p.member).emplace());
        else
            child.message(m.*p.member);
        adopt(child);
    }
    template <class M, class O> void get(M &m, const TextPointer<O> &p) {
        const auto size = scalar<uint32_t>(p.name), offset = scalar<uint32_t>(p.name);
        if (fault_) return;
        if (offset == 0 || size == 0) {
            if (p.null == Null::refused || size != 0) fail(p.name);
            return;
        }
        auto child = at(offset, p.name);
        const auto raw = child.bytes(size, p.name);
        if (child.fault_ || raw.back() != std::byte{0}) return fail(p.name);
        (m.*p.member) = reinterpret_cast<const char *>(raw.data()); // ends at the first NUL, which is there
    }
    template <class M, class O, class N> void get(M &m, const Sized<O, N> &s) {
        const uint64_t n = scalar<N>(s.name);
        if (n > s.max) return fail(s.name);
        m.*s.member = bytes(n, s.name);
    }
    template <class M, class O> void get(M &m, const Payload<O> &p) { m.*p.member = bytes((m.*p.size)(), p.name); }
    template <class M, class O> void get(M &m, const Rest<O> &r) { m.*r.member = bytes(remaining(), r.name); }
    template <class M, class O, class V> void get(M &m, const Union<O, V> &u) {
        if (fault_) return;
        if (!(m.*u.select)()) return fail(u.name);
        std::visit([this](auto &alternative) { this->message(alternative); }, m.*u.member);
    }
    template <class M, class O, class E> void get(M &m, const When<O, E> &w) {
        if (!fault_ && (m.*w.holds)()) get(m, w.entry);
    }
    void adopt(const Reader &child) noexcept {
        if (child.fault_) fail(child.fault_);
    }

    const std::byte *body_;
    std::size_t end_;
    std::size_t pos_ = 0;
    const char *fault_ = nullptr;
    unsigned depth_ = 0;
};

Error parse_error(const char *message, const char *field);

template <class M> bool parse_into(Reader &reader, M &m) {
    reader.message(m);
    return reader.ok();
}

// The whole body as one message. Bytes behind its last field are ignored: newer peers may say more.
template <class M> Result<M> parse(Bytes body) {
    Reader reader{body};
    Result<M> result{M{}};
    if (!parse_into(reader, *result)) return parse_error(M::message_name, reader.fault());
    return result;
}

}
