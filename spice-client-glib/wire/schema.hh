// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

// The vocabulary in which messages are described. A message is a struct with a `static constexpr std::tuple fields`
// of the entries below, in wire order; Reader, Writer and dump() walk that tuple. Everything is little-endian and
// packed. A message that is parsed by itself also has `message_id` and `message_name`.
namespace spice::wire {

using Bytes = std::span<const std::byte>;

inline constexpr uint64_t no_limit = std::numeric_limits<uint64_t>::max();

enum class Null : uint8_t { allowed, refused };

// A number, an enum, an array of bytes or another described struct, in place. Numbers above `max` are faults.
template <class M, class T> struct Field {
    const char *name;
    T M::*member;
    uint64_t max = no_limit;
};

// Elements whose count was read earlier into `count`. `prepare` gives an element what its layout depends on.
template <class M, class T, class N> struct Array {
    const char *name;
    std::vector<T> M::*member;
    N M::*count;
    uint64_t max = no_limit;
    void (M::*prepare)(T &) const = nullptr;
};

// A count of type N directly followed by the elements; made by counted<N>().
template <class M, class T, class N> struct Counted {
    const char *name;
    std::vector<T> M::*member;
    uint64_t max;
};
template <class N, class M, class T>
constexpr Counted<M, T, N> counted(const char *name, std::vector<T> M::*member, uint64_t max = no_limit) {
    return {name, member, max};
}

// Numbers that lie at a 32-bit offset from the start of the message; their count was read earlier.
template <class M, class T, class N> struct ArrayPointer {
    const char *name;
    std::vector<T> M::*member;
    N M::*count;
    uint64_t max = no_limit;
};

// 32-bit offset from the start of the message to a described struct; 0 is null. A member that is no std::optional,
// or Null::refused, makes null a fault.
template <class M, class T> struct Pointer {
    const char *name;
    T M::*member;
    Null null = Null::allowed;
};

// 32-bit size (with the final NUL) and 32-bit offset of a text. The member holds it without the NUL.
template <class M> struct TextPointer {
    const char *name;
    std::string M::*member;
    Null null = Null::allowed;
};

// A size of type N directly followed by that many bytes; made by sized<N>(). The member is a view of the body.
template <class M, class N> struct Sized {
    const char *name;
    Bytes M::*member;
    uint64_t max;
};
template <class N, class M> constexpr Sized<M, N> sized(const char *name, Bytes M::*member, uint64_t max = no_limit) {
    return {name, member, max};
}

// Bytes whose number follows from fields read earlier. The member is a view of the body.
template <class M> struct Payload {
    const char *name;
    Bytes M::*member;
    uint64_t (M::*size)() const;
};

// Everything up to the end of the body, as a view.
template <class M> struct Rest {
    const char *name;
    Bytes M::*member;
};

// A std::variant of described structs. `select` makes the alternative that belongs to the tag read earlier current,
// and answers false when it does not know how such a thing is laid out.
template <class M, class V> struct Union {
    const char *name;
    V M::*member;
    bool (M::*select)();
};

// The entry is there only if `holds`, which looks at fields read earlier.
template <class M, class E> struct When {
    bool (M::*holds)() const;
    E entry;
};

// clang 14 does not deduce the arguments of aggregates by itself.
template <class M, class T> Field(const char *, T M::*) -> Field<M, T>;
template <class M, class T> Field(const char *, T M::*, uint64_t) -> Field<M, T>;
template <class M, class T, class N> Array(const char *, std::vector<T> M::*, N M::*) -> Array<M, T, N>;
template <class M, class T, class N> Array(const char *, std::vector<T> M::*, N M::*, uint64_t) -> Array<M, T, N>;
template <class M, class T, class N> Array(const char *, std::vector<T> M::*, N M::*, uint64_t, void (M::*)(T &) const)
    -> Array<M, T, N>;
template <class M, class T, class N> ArrayPointer(const char *, std::vector<T> M::*, N M::*) -> ArrayPointer<M, T, N>;
template <class M, class T, class N> ArrayPointer(const char *, std::vector<T> M::*, N M::*, uint64_t)
    -> ArrayPointer<M, T, N>;
template <class M, class T> Pointer(const char *, T M::*) -> Pointer<M, T>;
template <class M, class T> Pointer(const char *, T M::*, Null) -> Pointer<M, T>;
template <class M> TextPointer(const char *, std::string M::*) -> TextPointer<M>;
template <class M> TextPointer(const char *, std::string M::*, Null) -> TextPointer<M>;
template <class M> Payload(const char *, Bytes M::*, uint64_t (M::*)() const) -> Payload<M>;
template <class M> Rest(const char *, Bytes M::*) -> Rest<M>;
template <class M, class V> Union(const char *, V M::*, bool (M::*)()) -> Union<M, V>;
template <class M, class E> When(bool (M::*)() const, E) -> When<M, E>;

class Reader;
class Writer;
class Dumper;

// A struct that says so by `using out_of_line = void` is big and used in many messages: its walks are compiled once, as
// the functions read_fields, write_fields and dump_fields declared next to it.
template <class M>
concept OutOfLine = requires {
    typename M::out_of_line;
};

// bool is left out: not every byte is a valid one.
template <class T>
concept Scalar = (std::integral<T> && !std::same_as<T, bool>) || std::is_enum_v<T>;

template <class T> inline constexpr bool is_byte_array = false;
template <std::size_t N> inline constexpr bool is_byte_array<std::array<uint8_t, N>> = true;
template <class T> inline constexpr bool is_optional = false;
template <class T> inline constexpr bool is_optional<std::optional<T>> = true;

template <class T> constexpr std::size_t wire_size();

template <class M, class T> constexpr std::size_t entry_size(const Field<M, T> &) { return wire_size<T>(); }
template <class M, class T, class N> constexpr std::size_t entry_size(const Array<M, T, N> &) { return 0; }
template <class M, class T, class N> constexpr std::size_t entry_size(const Counted<M, T, N> &) { return sizeof(N); }
template <class M, class T, class N> constexpr std::size_t entry_size(const ArrayPointer<M, T, N> &) { return 4; }
template <class M, class T> constexpr std::size_t entry_size(const Pointer<M, T> &) { return 4; }
template <class M> constexpr std::size_t entry_size(const TextPointer<M> &) { return 8; }
template <class M, class N> constexpr std::size_t entry_size(const Sized<M, N> &) { return sizeof(N); }
template <class M> constexpr std::size_t entry_size(const Payload<M> &) { return 0; }
template <class M> constexpr std::size_t entry_size(const Rest<M> &) { return 0; }
template <class M, class V> constexpr std::size_t entry_size(const Union<M, V> &) { return 0; }
template <class M, class E> constexpr std::size_t entry_size(const When<M, E> &) { return 0; }

// The smallest possible encoding of T: what is certainly there before any count, flag or tag is known.
template <class T> constexpr std::size_t wire_size() {
    if constexpr (Scalar<T> || is_byte_array<T>) {
        return sizeof(T);
    } else {
        return std::apply([](const auto &...entry) { return (std::size_t{0} + ... + entry_size(entry)); }, T::fields);
    }
}

}
