// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/sanitizer.hh"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <new>
#include <vector>

namespace spice {

// Objects that one thread makes and any thread drops, thousands a second: their memory goes round without a lock, and
// is given back with the last of them once the pool is gone. make() and the destructor are for one thread. In an
// AddressSanitizer build every object has memory of its own.
template <class T> class ObjectPool {
    struct Store;
    struct Node {
        alignas(T) std::byte object[sizeof(T)]; // first: an object's address is its node's
        Store *store;
        Node *next;
    };

public:
    struct Drop {
        void operator()(T *object) const noexcept {
            if constexpr (address_sanitizer) {
                delete object;
            } else {
                object->~T();
                auto *node = reinterpret_cast<Node *>(object);
                auto *store = node->store;
                node->next = store->dropped.load(std::memory_order_relaxed);
                while (!store->dropped.compare_exchange_weak(node->next, node, std::memory_order_release,
                                                             std::memory_order_relaxed)) {}
                store->release();
            }
        }
    };
    using Ptr = std::unique_ptr<T, Drop>;

    ObjectPool() = default;
    ~ObjectPool() { store_->release(); }
    ObjectPool(const ObjectPool &) = delete;
    ObjectPool &operator=(const ObjectPool &) = delete;

    Ptr make() {
        if constexpr (address_sanitizer) {
            return Ptr{new T};
        } else {
            auto *node = store_->take();
            auto *object = new (node->object) T;
            store_->users.fetch_add(1, std::memory_order_relaxed);
            return Ptr{object};
        }
    }

private:
    struct Store {
        std::atomic<Node *> dropped{nullptr};
        std::atomic<std::size_t> users{1}; // the pool and every living object
        Node *free = nullptr;              // of the pool's thread, as the slabs
        std::vector<std::unique_ptr<Node[]>> slabs;

        void release() noexcept {
            if (users.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
        }
        Node *take() {
            // All of them at once, so that no node can come back while this one is looked at.
            if (!free) free = dropped.exchange(nullptr, std::memory_order_acquire);
            if (!free) grow();
            auto *node = free;
            free = node->next;
            return node;
        }
        void grow() {
            constexpr std::size_t slab_bytes = std::size_t{32} << 10;
            const auto count = std::max<std::size_t>(slab_bytes / sizeof(Node), 1);
            slabs.push_back(std::make_unique_for_overwrite<Node[]>(count));
            for (std::size_t i = count; i-- > 0;) {
                auto &node = slabs.back()[i];
                node.store = this;
                node.next = free;
                free = &node;
            }
        }
    };

    Store *store_ = new Store;
};

}
