// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "webdav-guest.hh"

#include <algorithm>
#include <charconv>
#include <optional>

namespace spice::test {

namespace {

std::optional<std::size_t> number(std::string_view text, int base) {
    std::size_t value = 0;
    const auto done = std::from_chars(text.data(), text.data() + text.size(), value, base);
    return done.ec == std::errc{} ? std::optional{value} : std::nullopt;
}

std::string_view header(std::string_view head, std::string_view name) {
    const auto at = head.find(name);
    if (at == std::string_view::npos) return {};
    const auto value = head.substr(at + name.size());
    return value.substr(0, value.find("\r\n"));
}

// How much of `text` is the chunks of one body; 0: not all are there.
std::size_t unchunk(std::string_view text, std::string &body) {
    std::size_t at = 0;
    while (true) {
        const auto line = text.find("\r\n", at);
        if (line == std::string_view::npos) return 0;
        const auto size = number(text.substr(at, line - at), 16);
        if (!size || text.size() < line + 2 + *size + 2) return 0;
        body += text.substr(line + 2, *size);
        at = line + 2 + *size + 2;
        if (*size == 0) return at;
    }
}

// Takes one reply off the front.
HttpReply parse(std::string &text) {
    HttpReply reply;
    const auto end = text.find("\r\n\r\n");
    if (end == std::string::npos) return reply;
    const auto head = text.substr(0, end + 2);
    const auto status = number(std::string_view{head}.substr(std::min<std::size_t>(9, head.size())), 10);
    const auto rest = std::string_view{text}.substr(end + 4);
    std::size_t used = 0;
    if (header(head, "Transfer-Encoding: ") == "chunked") {
        used = unchunk(rest, reply.body);
        if (used == 0) return {};
    } else {
        used = number(header(head, "Content-Length: "), 10).value_or(0);
        if (rest.size() < used) return {};
        reply.body = rest.substr(0, used);
    }
    reply.status = static_cast<int>(status.value_or(0));
    reply.head = head;
    text.erase(0, end + 4 + used);
    return reply;
}

std::string frame(int64_t id, std::string_view text) {
    const auto bytes = wire::webdav_frame(id, std::as_bytes(std::span{text}));
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

}

void WebdavGuest::send(int64_t id, std::string_view text) {
    while (!text.empty()) {
        const auto piece = text.substr(0, wire::WebdavDemux::max_payload);
        peer_.send(frame(id, piece));
        text.remove_prefix(piece.size());
    }
}

void WebdavGuest::close(int64_t id) { peer_.send(frame(id, "")); }

void WebdavGuest::restart() {
    demux_.reset();
    received_.clear();
    closed_.clear();
}

void WebdavGuest::frame_begins(int64_t id, std::size_t size) {
    current_ = id;
    if (size == 0) closed_.insert(id);
}

void WebdavGuest::frame_bytes(std::span<const std::byte> piece) {
    received_[current_].append(reinterpret_cast<const char *>(piece.data()), piece.size());
}

bool WebdavGuest::take() {
    const auto data = peer_.receive(1);
    demux_.feed(std::as_bytes(std::span{data}), *this);
    return !data.empty();
}

HttpReply WebdavGuest::reply(int64_t id) {
    auto &text = received_[id];
    while (true) {
        auto reply = parse(text);
        if (reply.status != 0 || closed_.count(id) || !take()) return reply;
    }
}

HttpReply WebdavGuest::request(int64_t id, std::string_view method, std::string_view path, std::string_view headers,
                               std::string_view body) {
    std::string text = std::string{method} + " " + std::string{path} + " HTTP/1.1\r\nHost: localhost\r\n" + std::string{headers};
    if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    send(id, text + "\r\n" + std::string{body});
    auto answer = reply(id);
    if (answer.status != 0 && !wait_closed(id)) answer = {};
    return answer;
}

bool WebdavGuest::wait_closed(int64_t id) {
    while (!closed_.count(id))
        if (!take()) return false;
    closed_.erase(id);
    received_.erase(id);
    return true;
}

}
