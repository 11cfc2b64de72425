// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "link/proxy.hh"

#include "base/glib/glib-ptr.hh"
#include "link/stream.hh"

#include <algorithm>
#include <array>

#include <arpa/inet.h>

namespace spice::link {

namespace {

Error failed(std::string what, int code = G_IO_ERROR_PROXY_FAILED) {
    return {Error::Kind::proxy, "the proxy " + std::move(what), code};
}

bool is_ipv6(const std::string &host) {
    unsigned char raw[16];
    return inet_pton(AF_INET6, host.c_str(), raw) == 1;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Where the answer ends: behind an empty line, whatever its line ends are. npos: not yet.
std::size_t end_of_answer(std::string_view text) {
    for (auto at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1)) {
        const auto rest = text.substr(at + 1);
        if (rest.starts_with("\n")) return at + 2;
        if (rest.starts_with("\r\n")) return at + 3;
    }
    return text.npos;
}

// Reads piece by piece: a tunnel is silent until we speak, so nothing of it can be behind the answer.
Result<std::string> read_answer(Transport &transport, Wakeup &wakeup, const ProxyLimits &limits) {
    std::string answer;
    std::array<std::byte, 1024> chunk;
    const auto last = Clock::now() + limits.total;
    auto deadline = std::min(last, Clock::now() + limits.silence);
    while (true) {
        if (wakeup.cancelled()) return Error{Error::Kind::cancelled, "cancelled"};
        const auto io = transport.read(chunk);
        if (io.kind == Io::Kind::closed) return failed("closed the connection");
        if (io.kind == Io::Kind::failed) return failed("cannot be read: " + io_error("error", io.error).what);
        if (io.kind == Io::Kind::done) {
            answer.append(reinterpret_cast<const char *>(chunk.data()), io.bytes);
            const auto end = end_of_answer(answer);
            if (end == answer.size()) return answer;
            if (answer.starts_with("HTTP/") && end != answer.npos) {
                const auto status = parse_proxy_answer(std::string_view{answer}.substr(0, end));
                if (!status || *status / 100 != 2) return answer.substr(0, end); // a page about the refusal
                return failed("sent more than its answer");
            }
            if (answer.size() > limits.answer) return failed("sends an answer without end");
            if (Clock::now() >= last) return failed("takes too long to answer");
            deadline = std::min(last, Clock::now() + limits.silence);
            continue;
        }
        const auto ready = wait(transport.fd(), transport.events_to_read(), wakeup, deadline);
        if (ready.timed_out) return failed("stays silent", G_IO_ERROR_TIMED_OUT);
    }
}

Error refused(int status, bool knows_us) {
    if (status != 407) return failed("refuses the connection with status " + std::to_string(status));
    if (knows_us) return failed("does not accept user name and password", G_IO_ERROR_PROXY_AUTH_FAILED);
    return failed("wants user name and password", G_IO_ERROR_PROXY_NEED_AUTH);
}

}

Result<std::string> proxy_request(const ProxyTarget &proxy, const std::string &host, uint16_t port) {
    const auto unfit = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; };
    if (host.empty() || std::any_of(host.begin(), host.end(), unfit))
        return Error{Error::Kind::argument, "the host cannot be told to a proxy"};
    const auto target = (is_ipv6(host) ? "[" + host + "]" : host) + ":" + std::to_string(port);
    auto request = "CONNECT " + target + " HTTP/1.0\r\nHost: " + target +
                   "\r\nProxy-Connection: keep-alive\r\nUser-Agent: spice-client\r\n";
    if (proxy.user) {
        const auto secret = *proxy.user + ":" + proxy.password.value_or("");
        const StrPtr encoded{g_base64_encode(reinterpret_cast<const guchar *>(secret.data()), secret.size())};
        request += std::string{"Proxy-Authorization: Basic "} + encoded.get() + "\r\n";
    }
    return request + "\r\n";
}

Result<int> parse_proxy_answer(std::string_view answer) {
    const auto line = answer.substr(0, answer.find_first_of("\r\n"));
    // "HTTP/1.x NNN", then the end or a blank and a reason
    const bool known = line.starts_with("HTTP/1.") && line.size() >= 12 && is_digit(line[7]) && line[8] == ' ' &&
                       std::all_of(line.begin() + 9, line.begin() + 12, is_digit) && (line.size() == 12 || line[12] == ' ');
    if (!known) return failed("does not speak HTTP");
    return (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
}

Result<std::unique_ptr<Transport>> open_tunnel(std::unique_ptr<Transport> transport, const ProxyTarget &proxy,
                                               const std::string &host, uint16_t port, Wakeup &wakeup,
                                               const ProxyLimits &limits) {
    const auto request = proxy_request(proxy, host, port);
    if (!request) return request.error();
    LinkStream stream{*transport, wakeup, limits.silence};
    if (auto sent = stream.write_all(std::as_bytes(std::span{*request})); !sent) {
        if (sent.error().kind == Error::Kind::cancelled) return std::move(sent.error());
        return failed("cannot be asked: " + sent.error().what);
    }
    const auto answer = read_answer(*transport, wakeup, limits);
    if (!answer) return answer.error();
    const auto status = parse_proxy_answer(*answer);
    if (!status) return status.error();
    if (*status / 100 != 2) return refused(*status, proxy.user.has_value());
    return transport;
}

}
