// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "fake-session.hh"
#include "scripted-server.hh"

namespace spice::test {

// One model with its server, loop and session. The destructor disconnects and waits for the end.
template <class Model, class Observer> struct ModelSetup {
    ScriptedServer server;
    Loop loop;
    FakeHost host;
    Observer observer;
    Model model;
    int workers = 0; // threads of the decode pool that this test may have started

    ModelSetup() : model{observer, &host, loop.context(), 0} {
        g_assert_true(server.start());
        host.connect_to(server.port());
    }
    ~ModelSetup() {
        observer.on_line = [](const std::string &) {};
        model.disconnect(channel::Event::none);
        g_assert_true(loop.until([this] { return model.state() == channel::Model::State::unconnected; }));
        g_assert_true(threads_gone(loop, workers));
    }
    ModelSetup(const ModelSetup &) = delete;
    ModelSetup &operator=(const ModelSetup &) = delete;

    bool wait(const std::string &line, std::size_t times = 1) {
        return loop.until([&] { return observer.has(line, times); });
    }
    void open() {
        g_assert_true(model.connect());
        g_assert_true(wait("opened"));
    }
    // The script ran to its end; the loop turns meanwhile.
    bool finished(ChannelScript &script) {
        return loop.until([&] { return script.finished(Milliseconds{0}); });
    }
};

}
