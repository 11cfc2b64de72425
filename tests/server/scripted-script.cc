// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "scripted-core.hh"

#include <utility>

// Scripts: the steps that fit every channel, and what tests ask about them.
namespace spice::test {

using Wait = ScriptedConnection::Wait;

ChannelScript &ChannelScript::add(Step step) {
    std::lock_guard lock{core_.mutex};
    core_.channels[key_].scripts.back().steps.push_back(std::move(step));
    core_.changed();
    return *this;
}

ChannelScript &ChannelScript::send(uint16_t type, ByteVector body, uint32_t sub_list) {
    return add(
        [=, body = std::move(body)](ScriptedRun &run) { return run.connection.send_message(type, body, sub_list); });
}

ChannelScript &ChannelScript::send_raw(ByteVector bytes) {
    return add([bytes = std::move(bytes)](ScriptedRun &run) { return run.connection.write_all(bytes); });
}

ChannelScript &ChannelScript::send_fds(std::vector<int> fds, ByteVector bytes) {
    return add([fds = std::move(fds), bytes = std::move(bytes)](ScriptedRun &run) {
        return run.connection.send_fds(fds, bytes) || run.fail("descriptors cannot be sent");
    });
}

ChannelScript &ChannelScript::send_header(uint16_t type, uint32_t size, ByteVector body) {
    return send_raw(Bytes().u16(type).u32(size).raw(body).take());
}

ChannelScript &ChannelScript::expect_message(uint16_t type, Check check, Milliseconds timeout, bool next) {
    return add([=, check = std::move(check)](ScriptedRun &run) {
        const auto deadline = Clock::now() + timeout;
        const auto name = "expect(" + std::to_string(type) + ")";
        while (true) {
            while (run.looked < run.inbox.size()) {
                const auto &m = run.inbox[run.looked++];
                if (m.type == type && (!check || check(m))) return true;
                if (next) return run.fail(name + " met message " + std::to_string(m.type));
            }
            const auto what = run.connection.wait(deadline);
            if (what == Wait::ended) return false;
            if (what == Wait::timeout) return run.fail(name + " timed out");
            if (what == Wait::readable && !run.pump() && run.looked == run.inbox.size())
                return run.fail(name + ": the client left");
        }
    });
}

ChannelScript &ChannelScript::expect(uint16_t type, Milliseconds timeout) {
    return expect_message(type, {}, timeout, false);
}

ChannelScript &ChannelScript::expect_next(uint16_t type, Milliseconds timeout) {
    return expect_message(type, {}, timeout, true);
}

ChannelScript &ChannelScript::expect_pong(uint32_t id, Milliseconds timeout) {
    return expect_message(
        SPICE_MSGC_PONG, [id](const Message &m) { return m.u(0, 4) == id; }, timeout, false);
}

ChannelScript &ChannelScript::close() {
    return add([](ScriptedRun &run) { return run.connection.close(false), false; });
}

ChannelScript &ChannelScript::reset() {
    return add([](ScriptedRun &run) { return run.connection.close(true), false; });
}

ChannelScript &ChannelScript::stall() {
    return add([](ScriptedRun &run) {
        while (true) {
            {
                std::lock_guard lock{run.core.mutex};
                if (run.core.channels[run.key].released) return true;
            }
            if (run.connection.wait({}, false) == Wait::ended) return false;
        }
    });
}

ChannelScript &ChannelScript::gate() {
    return add([](ScriptedRun &run) {
        while (true) {
            {
                std::lock_guard lock{run.core.mutex};
                auto &gates = run.core.channels[run.key].gates;
                if (gates > 0) return --gates, true;
            }
            const auto what = run.connection.wait({});
            if (what == Wait::ended || (what == Wait::readable && !run.pump())) return false;
        }
    });
}

ChannelScript &ChannelScript::call(std::function<void()> function) {
    return add([function = std::move(function)](ScriptedRun &) { return function(), true; });
}

ChannelScript &ChannelScript::next_connection() {
    std::lock_guard lock{core_.mutex};
    core_.channels[key_].scripts.emplace_back();
    return *this;
}

bool ChannelScript::finished(Milliseconds timeout) const {
    return core_.wait_until(timeout, [&] {
        auto &channel = core_.channels[key_];
        const auto &last = channel.scripts.back();
        return channel.connections >= static_cast<int>(channel.scripts.size()) && last.done == last.steps.size();
    });
}

bool ChannelScript::connected(int connections, Milliseconds timeout) const {
    return core_.wait_until(timeout, [&] { return core_.channels[key_].connections >= connections; });
}

bool ChannelScript::closed(Milliseconds timeout) const {
    return core_.wait_until(timeout, [&] {
        const auto &channel = core_.channels[key_];
        return channel.connections > 0 && channel.open == 0;
    });
}

std::vector<Message> ChannelScript::received() const {
    std::lock_guard lock{core_.mutex};
    return core_.channels[key_].received;
}

std::vector<Message> ChannelScript::received(uint16_t type) const {
    auto all = received();
    std::erase_if(all, [type](const Message &m) { return m.type != type; });
    return all;
}

std::optional<Message> ChannelScript::wait_received(uint16_t type, std::size_t count, Milliseconds timeout) const {
    std::optional<Message> found;
    core_.wait_until(timeout, [&] {
        std::size_t seen = 0;
        for (const auto &m : core_.channels[key_].received)
            if (m.type == type && ++seen == count) return found = m, true;
        return false;
    });
    return found;
}

std::vector<LinkRecord> ChannelScript::links() const {
    std::lock_guard lock{core_.mutex};
    return core_.channels[key_].links;
}

void ChannelScript::release() {
    std::lock_guard lock{core_.mutex};
    core_.channels[key_].released = true;
    core_.changed();
}

void ChannelScript::open_gate() {
    std::lock_guard lock{core_.mutex};
    ++core_.channels[key_].gates;
    core_.changed();
}

ChannelScript &ChannelScript::link_plan(LinkPlan plan) {
    std::lock_guard lock{core_.mutex};
    core_.channels[key_].plan = std::move(plan);
    return *this;
}

}
