// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "channel/display-model.hh"
#include "fake-session.hh"

#include <string>

namespace spice::test {

// Writes down what a display model tells.
struct DisplayObserver : Recorder<channel::DisplayModel::Observer> {
    virtual ~DisplayObserver() = default;
    void on_primary_create() override { note("create"); }
    void on_primary_destroy() override { note("destroy"); }
    void on_invalidate(int x, int y, int width, int height) override {
        note("invalidate " + std::to_string(x) + " " + std::to_string(y) + " " + std::to_string(width) + " " +
             std::to_string(height));
    }
    void on_mark(bool marked) override { note(marked ? "mark" : "unmark"); }
    void on_monitors() override { note("monitors"); }
};

}
