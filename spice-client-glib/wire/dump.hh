// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "wire/schema.hh"

namespace spice::wire {

// Spells described structs as one line for the debug log: `DRAW_FILL{base={surface_id=0 …} …}`. Long arrays are cut,
// payloads shown by their size. Thread-bound, used and dropped.
class Dumper {
public:
    template <class M> void message(const M &m) {
        if constexpr (OutOfLine<M>)
            dump_fields(*this, m);
        else
            fields(m);
    }
    template <class M> void fields(const M &m) {
        text_ += '{';
        std::apply([&](const auto &...entry) { (show(m, entry), ...); }, M::fields);
        close('}');
    }
    std::string take() { return std::move(text_); }

private:
    static constexpr std::size_t shown_elements = 8;

    void label(const char *name);
    void number(int64_t value);
    void number(uint64_t value);
    void more(std::size_t hidden);
    void payload(const char *name, Bytes data);
    void close(char bracket);

    template <class T> void value(const T &v) {
        if constexpr (is_optional<T>) {
            if (v)
                message(*v);
            else
                text_ += "null";
        } else if constexpr (std::is_enum_v<T>) {
            number(static_cast<uint64_t>(v));
        } else if constexpr (std::signed_integral<T>) {
            number(int64_t{v});
        } else if constexpr (std::unsigned_integral<T>) {
            number(uint64_t{v});
        } else {
            message(v);
        }
    }
    template <class T> void list(const char *name, const std::vector<T> &elements) {
        label(name);
        text_ += '[';
        for (std::size_t i = 0; i < elements.size() && i < shown_elements; ++i) {
            value(elements[i]);
            text_ += ' ';
        }
        if (elements.size() > shown_elements) more(elements.size() - shown_elements);
        close(']');
    }

    template <class M, class O, class T> void show(const M &m, const Field<O, T> &f) {
        if constexpr (is_byte_array<T>) {
            payload(f.name, std::as_bytes(std::span{m.*f.member}));
        } else {
            label(f.name);
            value(m.*f.member);
            text_ += ' ';
        }
    }
    template <class M, class O, class T> void show(const M &m, const Pointer<O, T> &p) {
        label(p.name);
        value(m.*p.member);
        text_ += ' ';
    }
    template <class M, class O, class T, class N> void show(const M &m, const Array<O, T, N> &a) {
        list(a.name, m.*a.member);
    }
    template <class M, class O, class T, class N> void show(const M &m, const Counted<O, T, N> &c) {
        list(c.name, m.*c.member);
    }
    template <class M, class O, class T, class N> void show(const M &m, const ArrayPointer<O, T, N> &p) {
        list(p.name, m.*p.member);
    }
    template <class M, class O> void show(const M &m, const TextPointer<O> &p) {
        label(p.name);
        quote(m.*p.member);
    }
    template <class M, class O, class N> void show(const M &m, const Sized<O, N> &s) { payload(s.name, m.*s.member); }
    template <class M, class O> void show(const M &m, const Payload<O> &p) { payload(p.name, m.*p.member); }
    template <class M, class O> void show(const M &m, const Rest<O> &r) { payload(r.name, m.*r.member); }
    template <class M, class O, class V> void show(const M &m, const Union<O, V> &u) {
        std::visit([this](const auto &alternative) { this->message(alternative); }, m.*u.member);
        text_ += ' ';
    }
    template <class M, class O, class E> void show(const M &m, const When<O, E> &w) {
        if ((m.*w.holds)()) show(m, w.entry);
    }
    void quote(const std::string &s);

    std::string text_;
};

template <class M> std::string dump(const M &m) {
    Dumper dumper;
    dumper.message(m);
    return M::message_name + dumper.take();
}

}
