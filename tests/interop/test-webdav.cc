// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// The shared folder through a real server, as the guest's daemon sees it.
#include "port-client.hh"
#include "webdav-guest.hh"

#include "base/sanitizer.hh"

#include <gio/gio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

namespace {

using spice::test::PortClient;
using spice::test::turn_until;
using spice::test::WebdavGuest;
namespace fs = std::filesystem;

std::string contents(const fs::path &path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

void write_file(const fs::path &path, std::string_view text) {
    std::ofstream file{path, std::ios::binary};
    file << text;
}

std::string noise(std::size_t size) {
    std::mt19937 random{static_cast<unsigned>(size)};
    std::string text(size, ' ');
    for (auto &c : text) c = static_cast<char>(random());
    return text;
}

std::size_t descriptors() {
    std::error_code error;
    return static_cast<std::size_t>(std::distance(fs::directory_iterator{"/proc/self/fd", error}, fs::directory_iterator{}));
}

// A session that shares a folder, and its guest.
struct Sharing {
    PortClient client;
    fs::path root, folder;
    WebdavGuest guest{client.peer};

    explicit Sharing(bool start = true) : client{{}, "org.spice-space.webdav.0"} {
        root = fs::path{client.server.folder()} / "share";
        folder = root / "inside";
        fs::create_directories(folder);
        write_file(root / "secret", "not to be seen");
        write_file(folder / "hello.txt", "hello, guest");
        share(folder);
        if (start) begin();
    }
    ~Sharing() {
        std::error_code error;
        fs::remove_all(root, error);
    }
    void begin() {
        client.start();
        g_assert_true(SPICE_IS_WEBDAV_CHANNEL(client.port));
        g_assert_true(client.name() == "org.spice-space.webdav.0");
    }
    void share(const fs::path &path) { g_object_set(client.session.get(), "shared-dir", path.c_str(), nullptr); }
    void set(const char *property, bool value) {
        g_object_set(client.session.get(), property, static_cast<gboolean>(value), nullptr);
    }
    int status(int64_t id, const char *method, const char *path, const char *headers = "", std::string_view body = "") {
        return guest.request(id, method, path, headers, body).status;
    }
};

constexpr const char *lock_body = "<?xml version=\"1.0\"?><D:lockinfo xmlns:D=\"DAV:\"><D:lockscope><D:exclusive/></D:lockscope>"
                                  "<D:locktype><D:write/></D:locktype><D:owner>guest</D:owner></D:lockinfo>";

void test_methods() {
    Sharing s;
    auto reply = s.guest.request(1, "OPTIONS", "/");
    g_assert_cmpint(reply.status, ==, 200);
    g_assert_true(reply.has("PROPFIND") && reply.has("Connection: close"));
    reply = s.guest.request(1, "PROPFIND", "/", "Depth: 1\r\n");
    g_assert_cmpint(reply.status, ==, 207);
    g_assert_true(reply.has("hello.txt") && reply.has(".spice-clipboard") && !reply.has("secret"));
    g_assert_true(s.guest.request(1, "GET", "/hello.txt").body == "hello, guest");
    g_assert_cmpint(s.status(1, "GET", "/none"), ==, 404);
    g_assert_cmpint(s.status(1, "PUT", "/new", "", "from the guest"), ==, 201);
    g_assert_true(turn_until([&] { return contents(s.folder / "new") == "from the guest"; })); // a little later
    g_assert_cmpint(s.status(1, "PUT", "/with%20space%C3%A9", "", "x"), ==, 201);
    g_assert_true(turn_until([&] { return fs::exists(s.folder / "with spaceé"); }));
    g_assert_cmpint(s.status(1, "GET", "/with%20space%C3%A9"), ==, 200);
    g_assert_cmpint(s.status(1, "PUT", "/100%25.txt", "", "percent"), ==, 201);
    g_assert_true(turn_until([&] { return contents(s.folder / "100%.txt") == "percent"; }));
    g_assert_true(s.guest.request(1, "GET", "/100%25.txt").body == "percent");
    g_assert_cmpint(s.status(1, "MOVE", "/100%25.txt", "Destination: http://localhost/%2541\r\n"), ==, 201);
    g_assert_true(contents(s.folder / "%41") == "percent");
    g_assert_cmpint(s.status(1, "MKCOL", "/sub"), ==, 201);
    g_assert_true(fs::is_directory(s.folder / "sub"));
    g_assert_cmpint(s.status(1, "COPY", "/new", "Destination: http://localhost/sub/copy\r\n"), ==, 201);
    g_assert_true(contents(s.folder / "sub" / "copy") == "from the guest");
    g_assert_cmpint(s.status(1, "MOVE", "/new", "Destination: http://localhost/moved\r\n"), ==, 201);
    g_assert_true(fs::exists(s.folder / "moved") && !fs::exists(s.folder / "new"));
    reply = s.guest.request(1, "LOCK", "/moved", "Timeout: Second-60\r\nDepth: 0\r\nContent-Type: text/xml\r\n", lock_body);
    g_assert_cmpint(reply.status, ==, 200);
    const auto begin = reply.head.find("Lock-Token: ");
    g_assert_true(begin != std::string::npos);
    const auto token = reply.head.substr(begin, reply.head.find("\r\n", begin) + 2 - begin);
    g_assert_cmpint(s.status(1, "PUT", "/moved", "", "while locked"), ==, 423);
    g_assert_cmpint(s.status(1, "UNLOCK", "/moved", token.c_str()), ==, 204);
    g_assert_cmpint(s.status(1, "PUT", "/moved", "", "unlocked"), <, 300);
    g_assert_cmpint(s.status(1, "DELETE", "/sub"), <, 300);
    g_assert_false(fs::exists(s.folder / "sub"));
    g_assert_true(s.client.data.empty()); // none of this is the application's
}

void test_large() {
    Sharing s;
    const auto text = noise(16u << 20);
    write_file(s.folder / "large", text);
    g_assert_true(s.guest.request(7, "GET", "/large").body == text);
    g_assert_cmpint(s.status(7, "PUT", "/back", "", text), ==, 201);
    g_assert_true(turn_until([&] { return contents(s.folder / "back") == text; }));
}

// phodav alone answers such a request at once, and leaves an empty file.
void test_expect() {
    Sharing s;
    s.guest.send(1, "PUT /asked HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 200000\r\n\r\n");
    g_assert_cmpint(s.guest.reply(1).status, ==, 100);
    const auto text = noise(200'000);
    s.guest.send(1, text);
    g_assert_cmpint(s.guest.reply(1).status, ==, 201);
    g_assert_true(s.guest.wait_closed(1));
    g_assert_true(turn_until([&] { return contents(s.folder / "asked") == text; }));
    s.set("share-dir-ro", true);
    s.guest.send(2, "PUT /refused HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc");
    auto reply = s.guest.reply(2);
    if (reply.status == 100) reply = s.guest.reply(2);
    g_assert_cmpint(reply.status, ==, 403);
    g_assert_false(fs::exists(s.folder / "refused"));
    s.set("share-dir-ro", false);
    g_assert_cmpint(s.status(3, "PUT", "/asked", "If-Match: x\r\nIf-None-Match: y\r\n", "new"), ==, 200);
}

// Answers of several connections share the stream.
void test_side_by_side() {
    Sharing s;
    constexpr int64_t n = 40;
    const auto text = noise(300'000);
    write_file(s.folder / "file", text);
    for (int64_t id = -n / 2; id < n / 2; ++id) s.guest.send(id * 1'000'000'007, "GET /file HTTP/1.1\r\nHost: a\r\n\r\n");
    for (int64_t id = -n / 2; id < n / 2; ++id) g_assert_true(s.guest.reply(id * 1'000'000'007).body == text);
}

void test_live_settings() {
    Sharing s;
    g_assert_cmpint(s.status(1, "PUT", "/a", "", "1"), ==, 201);
    s.set("share-dir-ro", true);
    g_assert_cmpint(s.status(1, "PUT", "/a", "", "2"), ==, 403);
    g_assert_cmpint(s.status(1, "MKCOL", "/b"), ==, 403);
    g_assert_cmpint(s.status(1, "DELETE", "/a"), ==, 403);
    g_assert_true(s.guest.request(1, "GET", "/a").body == "1");
    s.set("share-dir-ro", false);
    g_assert_cmpint(s.status(1, "PUT", "/a", "", "3"), <, 300);
    const auto other = s.root / "other";
    fs::create_directories(other);
    write_file(other / "there", "another folder");
    s.share(other);
    g_assert_true(s.guest.request(2, "GET", "/there").body == "another folder");
    g_assert_cmpint(s.status(2, "GET", "/hello.txt"), ==, 404);
    g_object_set(s.client.session.get(), "shared-dir", nullptr, nullptr);
    g_assert_cmpint(s.status(2, "GET", "/there"), ==, 404);
    g_assert_true(s.guest.request(2, "PROPFIND", "/", "Depth: 1\r\n").has(".spice-clipboard"));
}

// Nothing above the folder can be reached.
void test_confined() {
    Sharing s;
    int64_t id = 0;
    for (const char *path : {"/../secret", "/%2e%2e/secret", "/sub/../../secret", "/..%2fsecret", "/%2e%2e%2fsecret",
                             "/.spice-clipboard/../../secret", "//secret", "/\\..\\secret",
                             "/%252e%252e/secret", "//../secret", "/./../secret"}) {
        const auto reply = s.guest.request(++id, "GET", path);
        g_test_message("%s: %d", path, reply.status);
        g_assert_cmpint(reply.status, >=, 400);
        g_assert_false(reply.has("not to be seen"));
    }
    for (const char *to : {"http://localhost/../out", "http://localhost/%2e%2e/out", "/..%2fout", "http://localhost/%2e%2e%2fout",
                           "http://localhost/%252e%252e/out", "http://localhost//out", "out", "//out"})
        for (const char *method : {"COPY", "MOVE"}) {
            write_file(s.folder / "hello.txt", "hello");
            s.guest.request(++id, method, "/hello.txt", "Destination: " + std::string{to} + "\r\n");
            g_assert_false(fs::exists(s.root / "out"));
        }
    // Only one of two would be looked at.
    for (const char *method : {"COPY", "MOVE"}) {
        write_file(s.folder / "hello.txt", "hello");
        g_assert_cmpint(s.status(++id, method, "/hello.txt", "Destination: http://h/a?x\r\nDestination: http://h/%2e%2e%2fout\r\n"), ==,
                        400);
        g_assert_cmpint(s.status(++id, method, "/hello.txt", "Destination: http://h/%2e%2e%2fout\r\ndestination: http://h/a?x\r\n"), ==,
                        400);
        g_assert_false(fs::exists(s.root / "out"));
    }
    for (const char *path : {"/../out", "/%2e%2e/out", "/..%2fout"}) {
        s.guest.request(++id, "PUT", path, "", "x");
        s.guest.request(++id, "MKCOL", path);
        // A file appears some time after the answer, and this one after the others.
        const auto last = "/after" + std::to_string(id);
        g_assert_cmpint(s.guest.request(++id, "PUT", last, "", "x").status, ==, 201);
        g_assert_true(turn_until([&] { return contents(s.folder.string() + last) == "x"; }));
        for (const auto &entry : fs::directory_iterator{s.root})
            g_assert_true(entry.path() == s.folder || entry.path() == s.root / "secret");
        for (const auto &entry : fs::directory_iterator{s.folder}) {
            const auto name = entry.path().filename().string();
            g_assert_true(name == "out" || name == "hello.txt" || name.starts_with("after")); // "/../out" is "/out"
        }
    }
}

// What phodav alone crashes on, or goes round for ever.
void test_hostile() {
    Sharing s;
    fs::create_directories(s.folder / "d");
    const auto lock = [](std::string_view inside) {
        return "<D:lockinfo xmlns:D=\"DAV:\">" + std::string{inside} + "</D:lockinfo>";
    };
    const auto find = [](std::string_view inside) {
        return "<D:propfind xmlns:D=\"DAV:\">" + std::string{inside} + "</D:propfind>";
    };
    const auto update = [](std::string_view inside) {
        return "<D:propertyupdate xmlns:D=\"DAV:\">" + std::string{inside} + "</D:propertyupdate>";
    };
    struct Request {
        int status; // 0: any
        const char *method, *path, *headers;
        std::string body;
    };
    const Request requests[] = {
        {400, "LOCK", "/hello.txt", "", ""},
        {400, "LOCK", "/hello.txt", "Content-Length: 0\r\n", ""},
        {400, "LOCK", "/hello.txt", "If: (<none>)\r\n", ""},
        {400, "LOCK", "/hello.txt", "If: \r\n", ""},
        {400, "LOCK", "/l1", "", lock("")},
        {400, "LOCK", "/l2", "", lock("<D:owner/>")},
        {400, "LOCK", "/l3", "", lock("<D:lockscope><D:x/></D:lockscope><D:locktype><D:x/></D:locktype>")},
        {400, "LOCK", "/l4", "", lock("<D:lockscope/><D:locktype/><D:owner/><D:owner/>")},
        {0, "LOCK", "/l5", "", lock_body},
        {0, "LOCK", "/l5", "", lock_body},
        {0, "LOCK", "/no/such", "", lock_body},
        {0, "LOCK", "/l7", "Depth: 1\r\n", lock_body},
        {0, "LOCK", "/no/such", "", lock("<D:owner>a</D:owner>")},
        {0, "LOCK", "/", "", lock("<D:owner>a</D:owner>")},
        {0, "LOCK", "/l6", "Depth: 1\r\n", lock("<D:owner>a</D:owner>")},
        {400, "UNLOCK", "/hello.txt", "", ""},
        {400, "UNLOCK", "/hello.txt", "Lock-Token: \r\n", ""},
        {400, "UNLOCK", "/hello.txt", "Lock-Token: <\r\n", ""},
        {400, "UNLOCK", "/hello.txt", "Lock-Token: <>\r\n", ""},
        {409, "UNLOCK", "/hello.txt", "Lock-Token: <a>\r\n", ""},
        {207, "PROPPATCH", "/hello.txt", "", update("<D:set/>")},
        {207, "PROPPATCH", "/hello.txt", "", update("<D:remove><D:prop><a/></D:prop></D:remove>")},
        {207, "PROPPATCH", "/hello.txt", "", update("<D:set><D:prop><a>1</a></D:prop></D:set>")},
        {207, "PROPPATCH", "/hello.txt", "", ""},
        {400, "PROPFIND", "/", "Depth: 0\r\n", find("")},
        {400, "PROPFIND", "/", "Depth: 0\r\n", find("<D:prop/>")},
        {207, "PROPFIND", "/", "Depth: 0\r\n", find("<D:prop><a/></D:prop>")},
        {0, "PROPFIND", "/", "Depth: 1\r\n", find("<D:prop><a xmlns=\"x\"/>t<D:getetag/><D:lockdiscovery/></D:prop>")},
        {0, "PROPFIND", "/", "Depth: x\r\n", find("<D:allprop/>")},
        {0, "PROPFIND", "/%252e%252e/secret", "Depth: 0\r\n", find("<D:allprop/>")},
        {400, "DELETE", "/d", "If: x\r\n", ""},
        {400, "DELETE", "/d", "If: <http://h/d>\r\n", ""},
        {400, "DELETE", "/d", "If: </d> (<a>)\r\n", ""},
        {400, "DELETE", "/d", "If: <x:> ([\"a\"])\r\n", ""},
        {400, "DELETE", "/d", "If: <http://h/%2e%2e%2fsecret> ([\"a\"])\r\n", ""},
        {400, "DELETE", "/d", "If: (<a>)\r\nIf: (<b>)\r\n", ""},
        {412, "DELETE", "/d", "If: <http://h/d> (<a> [\"b\"])\r\n", ""},
        {400, "PUT", "/p", "If: (<\r\n", "x"},
        {400, "PUT", "/p", "If: (<a\r\n", "x"},
        {400, "PUT", "/p", "If: ([\"a\\\r\n", "x"},
        {400, "PUT", "/p", "If: ([W/\"a\"])\r\n", "x"},
        {412, "PUT", "/p", "If: (<a>)\r\n", "x"},
        {0, "COPY", "/hello.txt", "", ""},
        {0, "COPY", "/hello.txt", "Depth: 7\r\nDestination: /x\r\n", ""},
        {0, "MOVE", "/", "Destination: /x\r\n", ""},
        {0, "COPY", "/hello.txt", "Destination: /\r\n", ""},
        {0, "MKCOL", "/", "", ""},
        {0, "DELETE", "/", "", ""},
        {0, "FROB", "/", "", ""},
    };
    // phodav warns of some of them.
    const auto fatal = g_log_set_always_fatal(static_cast<GLogLevelFlags>(G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL));
    int64_t id = 0;
    for (const auto &r : requests) {
        const auto status = s.status(++id, r.method, r.path, r.headers, r.body);
        g_test_message("%s %s %s%s: %d", r.method, r.path, r.headers, r.body.c_str(), status);
        if (r.status != 0) g_assert_cmpint(status, ==, r.status);
        else g_assert_cmpint(status, !=, 0);
    }
    s.set("share-dir-ro", true);
    g_assert_cmpint(s.status(++id, "PROPPATCH", "/hello.txt", "", update("<D:set/>")), ==, 403);
    g_assert_cmpint(s.status(++id, "OPTIONS", "/"), ==, 200);
    g_log_set_always_fatal(fatal);
}

void test_closing() {
    Sharing s;
    s.guest.close(5); // never heard of: no answer
    g_assert_cmpint(s.status(6, "OPTIONS", "/"), ==, 200);
    g_assert_false(s.guest.knows(5));
    s.guest.send(9, "PUT /half HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nbegun");
    s.guest.close(9);
    g_assert_true(s.guest.wait_closed(9));
    // The answer arrives even when the server has closed before it had everything.
    std::string more = "this is not HTTP\r\n\r\n";
    while (more.size() < 400'000) more += "x\r\n\r\n";
    for (int64_t id = 10; id < 60; ++id) {
        s.guest.send(id, more);
        g_assert_cmpint(s.guest.reply(id).status, ==, 400);
    }
    g_assert_cmpint(s.status(9, "OPTIONS", "/"), ==, 200); // a number may be used again
}

// Bytes: how much memory the process has, and the most since forget_peak().
std::size_t memory(std::string_view what) {
    std::ifstream file{"/proc/self/status"};
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(what)) return g_ascii_strtoull(line.c_str() + what.size(), nullptr, 10) << 10;
    return 0;
}
std::size_t resident() { return memory("VmRSS:"); }
std::size_t peak() { return memory("VmHWM:"); }
void forget_peak() { std::ofstream{"/proc/self/clear_refs"} << "5"; }

// What is no file is not kept in memory, however much it is. (AddressSanitizer keeps what was freed.)
void test_questions_are_short() {
    Sharing s;
    g_assert_cmpint(s.status(1, "PROPFIND", "/", "Depth: 0\r\n", std::string(16384, ' ')), ==, 400);
    g_assert_cmpint(s.status(1, "PROPFIND", "/", "Depth: 0\r\n", std::string(16385, ' ')), ==, 413);
    const std::string large(64u << 20, ' ');
    for (const bool chunked : {false, true}) {
        forget_peak();
        const auto before = peak();
        s.guest.send(2, std::string{"PROPFIND / HTTP/1.1\r\nHost: a\r\n"} +
                            (chunked ? "Transfer-Encoding: chunked\r\n\r\n4000000\r\n" : "Content-Length: 67108864\r\n\r\n"));
        s.guest.send(2, large);
        if (chunked) s.guest.send(2, "\r\n0\r\n\r\n");
        g_assert_cmpint(s.guest.reply(2).status, ==, chunked ? 411 : 413);
        g_assert_true(s.guest.wait_closed(2));
        if (!spice::address_sanitizer) g_assert_cmpuint(peak(), <, before + large.size() / 2);
    }
    forget_peak();
    const auto before = peak();
    for (const char *begin : {"GET / HTTP/1.1\r\nX: ", "", "\r\n\r\nG"}) {
        s.guest.send(3, begin);
        s.guest.send(3, std::string_view{large}.substr(0, 65400)); // the rest would be another connection
        s.guest.send(3, "more than anybody needs to say in the lines of a request, which are to end some time before this"
                        " place, as far as everybody knows, and if they do not then they have been going on for long enough");
        g_assert_true(s.guest.wait_closed(3));
    }
    g_assert_cmpint(s.status(4, "OPTIONS", "/"), ==, 200);
    if (!spice::address_sanitizer) g_assert_cmpuint(peak(), <, before + large.size() / 2);
}

// phodav never forgets a lock by itself.
void test_locks() {
    Sharing s;
    fs::create_directories(s.folder / "d");
    write_file(s.folder / "d" / "f", "x");
    std::string shared = lock_body, token;
    shared.replace(shared.find("exclusive"), 9, "shared");
    for (int i = 0; i < 1000; ++i) {
        const auto reply = s.guest.request(1, "LOCK", "/d/f", "", shared);
        g_assert_cmpint(reply.status, ==, 200);
        const auto begin = reply.head.find("Lock-Token: ");
        g_assert_true(begin != std::string::npos);
        token = reply.head.substr(begin, reply.head.find("\r\n", begin) + 2 - begin);
    }
    g_assert_cmpint(s.status(1, "LOCK", "/d/f", "", shared), ==, 507);
    g_assert_cmpint(s.status(1, "LOCK", "/other", "", lock_body), ==, 507);
    g_assert_cmpint(s.status(1, "UNLOCK", "/d/f", token.c_str()), ==, 204);
    g_assert_cmpint(s.status(1, "UNLOCK", "/d/f", token.c_str()), ==, 409);
    g_assert_cmpint(s.status(1, "LOCK", "/d/f", "", shared), ==, 200);
    g_assert_cmpint(s.status(1, "LOCK", "/d/f", "", shared), ==, 507);
}

// One connection after the other, closed by either side; then more at once than are allowed.
void test_many() {
    Sharing s;
    g_assert_cmpint(s.status(0, "OPTIONS", "/"), ==, 200);
    const auto before = descriptors();
    for (int64_t id = 1; id <= 1000; ++id) {
        if (id % 3 == 0) {
            g_assert_cmpint(s.status(id, "GET", "/hello.txt"), ==, 200);
            continue;
        }
        s.guest.send(id, id % 3 == 1 ? "GET /hello.txt HTTP/1.1\r\nHost: a\r\n\r\n" : "GET /hel");
        s.guest.close(id);
        g_assert_true(s.guest.wait_closed(id));
    }
    g_assert_true(turn_until([&] { return descriptors() <= before + 2; }));
    for (int64_t id = 2000; id < 2200; ++id) s.guest.send(id, "G");
    std::size_t refused = 0;
    for (int64_t id = 2199; id >= 2064; --id) refused += s.guest.wait_closed(id);
    g_assert_cmpuint(refused, ==, 136);
    g_assert_cmpuint(descriptors(), <=, before + 2 * 64);
    for (int64_t id = 2000; id < 2064; ++id) s.guest.close(id);
    for (int64_t id = 2000; id < 2064; ++id) g_assert_true(s.guest.wait_closed(id));
    g_assert_true(turn_until([&] { return descriptors() <= before + 2; }));
    g_assert_cmpint(s.status(0, "OPTIONS", "/"), ==, 200);
}

// A guest that asks and does not read takes a bounded amount of memory, and is served when it reads.
void test_guest_stops_reading() {
    Sharing s;
    const auto text = noise(16u << 20);
    write_file(s.folder / "large", text);
    g_assert_cmpint(s.status(0, "OPTIONS", "/"), ==, 200);
    const auto before = resident();
    constexpr int64_t n = 8;
    for (int64_t id = 1; id <= n; ++id) s.guest.send(id, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    // When nothing moves any more, everything is as full as it gets.
    std::size_t last = 0, now = 1, peak = 0;
    const auto still = [&] { return now < last + (1u << 20); }; // a loop that turns may always take a little
    for (int quiet = 0; quiet < 5; quiet = still() ? quiet + 1 : 0) {
        last = now;
        const auto until = g_get_monotonic_time() + 100'000;
        turn_until([&] { return g_get_monotonic_time() > until; });
        now = resident();
        peak = std::max(peak, now);
    }
    g_assert_cmpuint(peak, <, before + (n * text.size()) / 2 + (16u << 20)); // the file is mapped, and shared
    for (int64_t id = 1; id <= n; ++id) g_assert_true(s.guest.reply(id).body == text);
}

void test_reopen() {
    Sharing s;
    g_assert_cmpint(s.status(3, "OPTIONS", "/"), ==, 200);
    s.guest.send(4, "GET /hello.txt HT"); // in the middle of something
    g_assert_true(s.client.server.ok("port 0 disconnect"));
    g_assert_true(turn_until([&] { return !s.client.opened(); }));
    g_assert_true(s.client.server.ok("port 0 connect " + s.client.peer.path()));
    g_assert_true(s.client.peer.accept());
    g_assert_true(turn_until([&] { return s.client.opened(); }));
    s.guest.restart();
    g_assert_true(s.guest.request(4, "GET", "/hello.txt").body == "hello, guest");
    g_assert_false(s.guest.knows(3));
}

void test_read_only_session() {
    Sharing s;
    g_assert_cmpint(s.status(1, "OPTIONS", "/"), ==, 200);
    s.set("read-only", true);
    s.guest.send(2, "OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n");
    s.set("read-only", false); // nothing was said meanwhile, or it was too early for the engine to have noticed
    g_assert_cmpint(s.status(3, "OPTIONS", "/"), ==, 200);
    Sharing quiet{false};
    quiet.set("read-only", true);
    quiet.begin();
    quiet.guest.send(1, "OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto until = g_get_monotonic_time() + 300'000;
    turn_until([&] { return g_get_monotonic_time() > until; });
    quiet.set("read-only", false);
    g_assert_cmpint(quiet.status(2, "OPTIONS", "/"), ==, 200);
    g_assert_false(quiet.guest.knows(1));
}

void test_server_property() {
    Sharing s;
    GObject *server = nullptr, *again = nullptr, *root = nullptr;
    g_object_get(s.client.session.get(), "webdav-server", &server, nullptr);
    g_assert_cmpstr(G_OBJECT_TYPE_NAME(server), ==, "PhodavServer");
    g_assert_cmpint(s.status(1, "OPTIONS", "/"), ==, 200);
    g_object_get(s.client.session.get(), "webdav-server", &again, nullptr);
    g_assert_true(server == again);
    g_object_get(server, "root-file", &root, nullptr);
    g_assert_cmpstr(G_OBJECT_TYPE_NAME(root), ==, "PhodavVirtualDir");
    auto *folder = g_file_resolve_relative_path(G_FILE(root), SPICE_WEBDAV_CLIPBOARD_FOLDER_PATH);
    g_assert_cmpstr(G_OBJECT_TYPE_NAME(folder), ==, "PhodavVirtualDir");
    g_object_unref(folder);
    s.set("share-dir-ro", true);
    gboolean read_only = FALSE;
    g_object_get(server, "read-only", &read_only, nullptr);
    g_assert_true(read_only);
    g_object_unref(root);
    g_object_unref(server);
    g_object_unref(again);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/webdav/methods", test_methods);
    g_test_add_func("/webdav/large", test_large);
    g_test_add_func("/webdav/expect", test_expect);
    g_test_add_func("/webdav/side-by-side", test_side_by_side);
    g_test_add_func("/webdav/live-settings", test_live_settings);
    g_test_add_func("/webdav/confined", test_confined);
    g_test_add_func("/webdav/hostile", test_hostile);
    g_test_add_func("/webdav/closing", test_closing);
    g_test_add_func("/webdav/questions-are-short", test_questions_are_short);
    g_test_add_func("/webdav/locks", test_locks);
    g_test_add_func("/webdav/many", test_many);
    g_test_add_func("/webdav/guest-stops-reading", test_guest_stops_reading);
    g_test_add_func("/webdav/reopen", test_reopen);
    g_test_add_func("/webdav/read-only-session", test_read_only_session);
    g_test_add_func("/webdav/server-property", test_server_property);
    return g_test_run();
}
