// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/glib-ptr.hh"

#include <string>
#include <vector>

namespace spice::test {

inline constexpr const char *card_names[] = {"one", "two", "three", nullptr};

inline bool run_program(std::vector<const char *> arguments) {
    arguments.push_back(nullptr);
    int status = 1;
    return g_spawn_sync(nullptr, const_cast<char **>(arguments.data()), nullptr,
                        GSpawnFlags(G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL),
                        nullptr, nullptr, nullptr, nullptr, &status, nullptr) &&
           status == 0;
}

// A folder with three certificates, as a software card has them; the path is in the environment of the cases.
inline std::string make_card_database() {
    StrPtr folder{g_dir_make_tmp(nullptr, nullptr)};
    const auto db = std::string{"sql:"} + folder.get();
    const auto noise = std::string{folder.get()} + "/noise";
    g_assert_true(g_file_set_contents(noise.c_str(), std::string(2048, 'n').c_str(), 2048, nullptr));
    if (!run_program({"certutil", "-N", "-d", db.c_str(), "--empty-password"})) return {};
    for (const char *const *name = card_names; *name; ++name) {
        const auto subject = std::string{"CN="} + *name;
        if (!run_program({"certutil", "-S", "-d", db.c_str(), "-s", subject.c_str(), "-n", *name, "-x", "-t", "CT,C,C",
                          "-k", "rsa", "-g", "2048", "-z", noise.c_str(), "-v", "12"}))
            return {};
    }
    return folder.get();
}

// Of one program and of its child processes, which find its folder in the environment.
class CardDatabase {
public:
    CardDatabase() {
        if (g_test_subprocess()) return;
        folder_ = make_card_database();
        if (!folder_.empty()) g_setenv("CARD_DATABASE", folder_.c_str(), TRUE);
    }
    ~CardDatabase() {
        if (!folder_.empty()) run_program({"rm", "-r", folder_.c_str()});
    }
    CardDatabase(const CardDatabase &) = delete;
    CardDatabase &operator=(const CardDatabase &) = delete;

private:
    std::string folder_;
};

}
