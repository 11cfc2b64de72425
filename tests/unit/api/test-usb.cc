// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api-client.hh"

#include "scripted-server.hh"

#ifdef HAVE_LZ4
#include <lz4.h>
#endif

#include <string>
#include <unistd.h>

using spice::test::ApiClient;
using spice::test::Bytes;
using spice::test::ByteVector;
using spice::test::number_at;
using spice::test::ScriptedServer;

namespace {

constexpr uint8_t usb = SPICE_CHANNEL_USBREDIR;
constexpr uint16_t data_id = 101, compressed_id = 102;

// Packets of the usbredir protocol: type, length, id, body. Ids have 64 bits when both ends said so in their greeting.
ByteVector hello(uint32_t caps) { return Bytes().u32(0).u32(68).u32(0).text("guest").zeros(59).u32(caps); }
ByteVector packet(uint32_t type, const ByteVector &body) {
    return Bytes().u32(type).u32(body.size()).u32(0).raw(body);
}
#ifdef HAVE_LZ4
ByteVector lz4(const ByteVector &plain, uint32_t size) {
    std::vector<char> out(static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(plain.size()))));
    const int n = LZ4_compress_default(reinterpret_cast<const char *>(plain.data()), out.data(),
                                       static_cast<int>(plain.size()), static_cast<int>(out.size()));
    return Bytes().u8(1).u32(size).raw(std::as_bytes(std::span{out.data(), static_cast<std::size_t>(n)}));
}
#endif

void assert_text(const std::string &got, const char *wanted) { g_assert_cmpstr(got.c_str(), ==, wanted); }

struct Setup {
    ScriptedServer server;
    ApiClient client;
    SpiceUsbDeviceManager *manager = nullptr;

    explicit Setup(std::size_t channels = 1) {
        std::vector<spice::test::ChannelKey> list;
        for (std::size_t i = 0; i < channels; ++i) list.push_back({usb, static_cast<uint8_t>(i)});
        server.main().init().channels(std::move(list));
        client.connect_channels = false; // the manager does it
    }
    void open() {
        g_assert_true(server.start());
        client.set_uri(server.uri());
        g_assert_true(client.connect());
        g_assert_true(client.wait("usbredir-0 opened"));
        manager = spice_usb_device_manager_get(client.session(), nullptr);
        g_assert_true(SPICE_IS_USB_DEVICE_MANAGER(manager));
    }
    std::string can_redirect(SpiceUsbDevice *device) const {
        GError *error = nullptr;
        if (spice_usb_device_manager_can_redirect_device(manager, device, &error)) return "yes";
        g_assert_error(error, SPICE_CLIENT_ERROR, SPICE_CLIENT_ERROR_FAILED);
        std::string text = error->message;
        g_error_free(error);
        return text;
    }
};

// A file that can be shared as a CD, and goes with the test.
class Image {
public:
    explicit Image(std::size_t size = 4096) {
        const int fd = g_file_open_tmp(nullptr, &path_, nullptr);
        g_assert_cmpint(fd, >=, 0);
        g_assert_cmpint(ftruncate(fd, static_cast<off_t>(size)), ==, 0);
        close(fd);
    }
    ~Image() {
        unlink(path_);
        g_free(path_);
    }
    char *path() const { return path_; }

private:
    char *path_ = nullptr;
};

SpiceUsbDevice *share(Setup &setup, const Image &image) {
    SpiceUsbDevice *device = nullptr;
    const auto id = g_signal_connect(setup.manager, "device-added",
                                     G_CALLBACK(+[](SpiceUsbDeviceManager *, SpiceUsbDevice *d, SpiceUsbDevice **slot) {
                                         *slot = static_cast<SpiceUsbDevice *>(g_boxed_copy(SPICE_TYPE_USB_DEVICE, d));
                                     }),
                                     &device);
    g_assert_true(spice_usb_device_manager_create_shared_cd_device(setup.manager, image.path(), nullptr));
    g_assert_null(device); // from the loop
    g_assert_true(setup.client.wait_for([&] { return device != nullptr; }));
    g_signal_handler_disconnect(setup.manager, id);
    return device;
}

void free_device(SpiceUsbDevice *device) { g_boxed_free(SPICE_TYPE_USB_DEVICE, device); }

// The manager connects its channels, and their greeting is the first that the server gets.
void test_greeting() {
    Setup setup{2};
    setup.server.channel(usb, 0).expect_next(data_id).send(data_id, hello(0));
    setup.server.channel(usb, 1).expect_next(data_id);
    setup.open();
    for (const uint8_t id : {uint8_t{0}, uint8_t{1}}) {
        const auto first = setup.server.channel(usb, id).wait_received(data_id);
        g_assert_true(first.has_value());
        g_assert_cmpuint(first->body.size(), ==, 80);
        g_assert_cmpuint(number_at(first->body, 0, 4), ==, 0);
        g_assert_cmpuint(number_at(first->body, 4, 4), ==, 68);
    }
    int free = 0;
    g_object_get(setup.manager, "free-channels", &free, nullptr);
    g_assert_cmpint(free, ==, 2);
    g_assert_cmpuint(setup.client.count("usbredir-0 closed"), ==, 0);
}

// What the server can do to end the channel: it ends with an error, and main is not touched.
void end_by(const std::function<void(spice::test::ChannelScript &)> &say) {
    Setup setup;
    auto &script = setup.server.channel(usb).expect_next(data_id);
    say(script);
    setup.open();
    g_assert_true(setup.client.wait("usbredir-0 closed"));
    const auto lines = setup.client.lines_of("usbredir-0");
    g_assert_cmpuint(lines.size(), ==, 3);
    g_assert_cmpstr(lines[1].c_str(), ==, "error-io");
    g_assert_cmpuint(setup.client.count("main-0 closed"), ==, 0);
}

void test_malformed() {
    g_test_expect_message("GSpice", G_LOG_LEVEL_WARNING, "*");
    g_log_set_always_fatal(G_LOG_LEVEL_ERROR);
    g_log_set_default_handler([](const char *, GLogLevelFlags, const char *, gpointer) {}, nullptr);
    g_log_set_writer_func([](GLogLevelFlags, const GLogField *, gsize, gpointer) { return G_LOG_WRITER_HANDLED; }, nullptr,
                          nullptr);
    // no greeting, a greeting of a wrong size, a type that does not exist
    end_by([](auto &s) { s.send(data_id, packet(1, Bytes().u32(1))); });
    end_by([](auto &s) { s.send(data_id, Bytes().u32(0).u32(3).u32(0).u32(0)); });
    end_by([](auto &s) { s.send(data_id, hello(0)).send(data_id, packet(77, {})); });
    // compressed data that are not
    end_by([](auto &s) { s.send(compressed_id, {}); });
#ifdef HAVE_LZ4
    end_by([](auto &s) { s.send(compressed_id, lz4(hello(0), 81)); });
    end_by([](auto &s) { s.send(compressed_id, lz4(hello(0), 0)); });
    end_by([](auto &s) { s.send(compressed_id, lz4(hello(0), 0xffffffff)); });
#endif
    end_by([](auto &s) { s.send(compressed_id, Bytes().u8(9).u32(80)); });
}

// The stream may be cut anywhere, and compressed; the guest's rules arrive through it.
void test_guest_filter() {
    Setup setup;
    constexpr uint32_t filter_cap = 1u << 2;
    auto stream = hello(filter_cap);
    constexpr uint32_t filter_type = 23;
    const auto deny = packet(filter_type, Bytes().text("0x08,-1,-1,-1,0|-1,-1,-1,-1,1").u8(0));
    stream.insert(stream.end(), deny.begin(), deny.end());
    auto &script = setup.server.channel(usb).expect_next(data_id);
    for (std::size_t i = 0; i < 90; ++i) script.send(data_id, {stream[i]});
    const ByteVector rest{stream.begin() + 90, stream.end()};
#ifdef HAVE_LZ4
    script.send(compressed_id, lz4(rest, static_cast<uint32_t>(rest.size())));
#else
    script.send(data_id, rest);
#endif
    script.ping(1).expect_pong(1);
    setup.open();
    Image image;
    auto *device = share(setup, image);
    g_assert_true(setup.client.wait_for(
        [&] { return setup.can_redirect(device) == "The policy of the host does not allow this USB device"; }));
    free_device(device);
}

// The guest refuses a device; what it says in the same breath counts, and the stream goes on.
void test_refused_and_more() {
    Setup setup;
    auto stream = hello(1u << 2);
    for (const auto &part : {packet(22, {}), packet(23, Bytes().text("0x08,-1,-1,-1,0|-1,-1,-1,-1,1").u8(0))})
        stream.insert(stream.end(), part.begin(), part.end());
    setup.server.channel(usb).expect_next(data_id).send(data_id, stream).ping(1).expect_pong(1);
    setup.open();
    Image image;
    auto *device = share(setup, image);
    g_assert_true(setup.client.wait_for(
        [&] { return setup.can_redirect(device) == "The policy of the host does not allow this USB device"; }));
    g_assert_cmpuint(setup.client.count("usbredir-0 closed"), ==, 0);
    free_device(device);
}

void test_shared_cd() {
    Setup setup;
    setup.open();
    Image image;
    auto *device = share(setup, image);
    g_assert_true(spice_usb_device_manager_is_device_shared_cd(setup.manager, device));
    g_assert_null(spice_usb_device_get_libusb_device(device));
    auto *base = g_path_get_basename(image.path());
    auto *wanted = g_strdup_printf(" SPICE CD (%s) [2b23:cdcd] at 65535-2", base);
    auto *text = spice_usb_device_get_description(device, nullptr);
    g_assert_cmpstr(text, ==, wanted);
    g_free(text);
    text = spice_usb_device_get_description(device, "<%s|%s|%s|%d|%d>");
    g_free(wanted);
    wanted = g_strdup_printf("<|SPICE CD (%s)|[2b23:cdcd]|65535|2>", base);
    g_assert_cmpstr(text, ==, wanted);
    g_free(text);
    g_free(wanted);
    g_free(base);
    struct {
        const char *filter;
        unsigned count;
    } const rows[] = {{nullptr, 1}, {"0x08,-1,-1,-1,1", 1}, {"0x08,-1,-1,-1,0|-1,-1,-1,-1,1", 0},
                      {"-1,0x2b23,-1,-1,1", 1}, {"-1,0x2b24,-1,-1,1", 0}};
    for (const auto &row : rows) {
        auto *list = spice_usb_device_manager_get_devices_with_filter(setup.manager, row.filter);
        g_assert_cmpuint(list->len, ==, row.count);
        if (row.count) g_assert_true(list->pdata[0] == device); // the same pointer for the same device
        g_ptr_array_unref(list);
    }
    for (const char *bad : {"/nonexistent.iso", "/", "/dev/null"}) {
        GError *error = nullptr;
        g_assert_false(spice_usb_device_manager_create_shared_cd_device(setup.manager, const_cast<char *>(bad), &error));
        g_assert_error(error, SPICE_CLIENT_ERROR, SPICE_CLIENT_ERROR_FAILED);
        g_clear_error(&error);
    }
    free_device(device);
}

struct Answer {
    bool done = false, ok = false;
    GError *error = nullptr;
    ~Answer() { g_clear_error(&error); }
    static void connected(GObject *manager, GAsyncResult *result, gpointer data) {
        auto *self = static_cast<Answer *>(data);
        self->ok = spice_usb_device_manager_connect_device_finish(SPICE_USB_DEVICE_MANAGER(manager), result, &self->error);
        self->done = true;
    }
    static void disconnected(GObject *manager, GAsyncResult *result, gpointer data) {
        auto *self = static_cast<Answer *>(data);
        self->ok = spice_usb_device_manager_disconnect_device_finish(SPICE_USB_DEVICE_MANAGER(manager), result, &self->error);
        self->done = true;
    }
};

// Without a channel, without USB in the session, without permission to do anything.
void test_refusals() {
    ApiClient client;
    Image image;
    Setup setup;
    setup.manager = spice_usb_device_manager_get(setup.client.session(), nullptr);
    g_assert_nonnull(setup.manager);
    g_assert_true(spice_usb_device_manager_get(setup.client.session(), nullptr) == setup.manager);
    auto *device = share(setup, image);
    assert_text(setup.can_redirect(device), "The virtual machine is not set up for USB redirection");
    Answer answer;
    spice_usb_device_manager_connect_device_async(setup.manager, device, nullptr, Answer::connected, &answer);
    g_assert_false(answer.done);
    g_assert_true(setup.client.wait_for([&] { return answer.done; }));
    g_assert_false(answer.ok);
    g_assert_error(answer.error, SPICE_CLIENT_ERROR, SPICE_CLIENT_ERROR_FAILED);
    Answer gone;
    spice_usb_device_manager_disconnect_device_async(setup.manager, device, nullptr, Answer::disconnected, &gone);
    g_assert_true(setup.client.wait_for([&] { return gone.done; }));
    g_assert_true(gone.ok);
    g_object_set(setup.client.session(), "enable-usbredir", FALSE, nullptr);
    assert_text(setup.can_redirect(device), "USB redirection is disabled");
    for (const int fd : {0, -1, 9999}) {
        GError *error = nullptr;
        g_assert_null(spice_usb_device_manager_allocate_device_for_file_descriptor(setup.manager, fd, &error));
        g_assert_error(error, SPICE_CLIENT_ERROR, SPICE_CLIENT_ERROR_FAILED);
        g_clear_error(&error);
    }
    g_assert_false(spice_usb_device_manager_is_redirecting(setup.manager));
    free_device(device);
}

// What the channel's thread cannot attach is reported, and the channel stays free; also when the answer comes too late.
void test_connect_fails() {
    Setup setup;
    setup.server.channel(usb).expect_next(data_id).send(data_id, hello(0)).ping(1).expect_pong(1);
    setup.open();
    Image image;
    auto *device = share(setup, image);
    assert_text(setup.can_redirect(device), "yes");
    const auto cancellable = spice::Ref<GCancellable>::take(g_cancellable_new());
    for (GCancellable *used : {static_cast<GCancellable *>(nullptr), cancellable.get()}) {
        Answer answer;
        spice_usb_device_manager_connect_device_async(setup.manager, device, used, Answer::connected, &answer);
        g_assert_true(spice_usb_device_manager_is_redirecting(setup.manager));
        g_assert_true(spice_usb_device_manager_is_device_connected(setup.manager, device));
        Answer second; // while the first is under way
        spice_usb_device_manager_connect_device_async(setup.manager, device, nullptr, Answer::connected, &second);
        if (used) g_cancellable_cancel(used);
        g_assert_true(setup.client.wait_for([&] { return answer.done && second.done; }));
        g_assert_false(answer.ok);
        if (used) g_assert_error(answer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        else g_assert_error(answer.error, SPICE_CLIENT_ERROR, SPICE_CLIENT_ERROR_FAILED);
        g_assert_error(second.error, SPICE_CLIENT_ERROR, SPICE_CLIENT_ERROR_FAILED);
        g_assert_false(spice_usb_device_manager_is_redirecting(setup.manager));
        g_assert_false(spice_usb_device_manager_is_device_connected(setup.manager, device));
        int free = 0;
        g_object_get(setup.manager, "free-channels", &free, nullptr);
        g_assert_cmpint(free, ==, 1);
    }
    // The channel ends before the answer.
    Answer last;
    spice_usb_device_manager_connect_device_async(setup.manager, device, nullptr, Answer::connected, &last);
    spice_channel_disconnect(setup.client.channel(usb), SPICE_CHANNEL_NONE);
    g_assert_true(setup.client.wait_for([&] { return last.done; }));
    g_assert_error(last.error, SPICE_CLIENT_ERROR, SPICE_CLIENT_ERROR_FAILED);
    free_device(device);
}

// Devices go to the guest by themselves, or the application hears why not.
void test_automatic() {
    Setup setup;
    setup.manager = spice_usb_device_manager_get(setup.client.session(), nullptr);
    g_object_set(setup.manager, "redirect-on-connect", "0x08,-1,-1,-1,1", nullptr);
    std::string why;
    g_signal_connect(setup.manager, "auto-connect-failed",
                     G_CALLBACK(+[](SpiceUsbDeviceManager *, SpiceUsbDevice *, GError *error, std::string *text) {
                         *text = error->message;
                     }),
                     &why);
    Image image;
    free_device(share(setup, image));
    g_assert_true(why.empty());
    setup.open();
    g_assert_true(setup.client.wait_for([&] { return !why.empty(); }));
    why.clear();
    g_object_set(setup.manager, "auto-connect", TRUE, "auto-connect-filter", "0x08,-1,-1,-1,0|-1,-1,-1,-1,1", nullptr);
    free_device(share(setup, image));
    g_object_set(setup.manager, "auto-connect-filter", "-1,-1,-1,-1,1", nullptr);
    while (g_main_context_iteration(nullptr, FALSE)) {}
    g_assert_true(why.empty()); // the filter of that time did not want it
    free_device(share(setup, image));
    g_assert_true(setup.client.wait_for([&] { return !why.empty(); }));
}

// Nothing leaves a session in which the user only looks; it may look no longer, and again.
void test_read_only() {
    Setup setup;
    setup.server.channel(usb).ping(1).expect_pong(1).gate().ping(2).expect_pong(2);
    g_object_set(setup.client.session(), "read-only", TRUE, nullptr);
    setup.open();
    g_assert_true(setup.client.wait_for(
        [&] { return !setup.server.channel(usb).received().empty(); }));
    g_assert_cmpuint(setup.server.channel(usb).received(data_id).size(), ==, 0);
    g_object_set(setup.client.session(), "read-only", FALSE, nullptr);
    g_assert_true(setup.server.channel(usb).wait_received(data_id).has_value());
    g_assert_cmpuint(setup.server.channel(usb).wait_received(data_id)->body.size(), ==, 80);
}

void test_disabled() {
    Setup setup;
    setup.server.main().ping(5).expect_pong(5);
    g_object_set(setup.client.session(), "enable-usbredir", FALSE, nullptr);
    g_assert_true(setup.server.start());
    setup.client.set_uri(setup.server.uri());
    g_assert_true(setup.client.connect());
    g_assert_true(setup.client.wait_for([&] { return setup.server.main().finished(spice::test::Milliseconds{0}); }));
    g_main_context_iteration(nullptr, FALSE);
    g_assert_null(setup.client.channel(usb));
}

void test_filters() {
    ApiClient client;
    auto *manager = spice_usb_device_manager_get(client.session(), nullptr);
    const auto get = [&](const char *name) {
        char *text = nullptr;
        g_object_get(manager, name, &text, nullptr);
        std::string out = text ? text : "NULL";
        g_free(text);
        return out;
    };
    assert_text(get("auto-connect-filter"), "0x03,-1,-1,-1,0|-1,-1,-1,-1,1");
    assert_text(get("redirect-on-connect"), "NULL");
    g_object_set(manager, "auto-connect-filter", "-1,-1,-1,-1,0", "redirect-on-connect", "-1,0x1234,-1,-1,1", nullptr);
    assert_text(get("auto-connect-filter"), "-1,-1,-1,-1,0");
    assert_text(get("redirect-on-connect"), "-1,0x1234,-1,-1,1");
    for (const char *bad : {"x", "1,2,3", "-1,-1,-1,-1", "0x100,-1,-1,-1,1"}) {
        g_test_expect_message("GSpice", G_LOG_LEVEL_WARNING, "*is not a USB filter");
        g_object_set(manager, "auto-connect-filter", bad, nullptr);
        g_test_expect_message("GSpice", G_LOG_LEVEL_WARNING, "*is not a USB filter");
        g_object_set(manager, "redirect-on-connect", bad, nullptr);
        g_test_assert_expected_messages();
    }
    assert_text(get("auto-connect-filter"), "-1,-1,-1,-1,0");
    g_object_set(manager, "redirect-on-connect", nullptr, nullptr);
    assert_text(get("redirect-on-connect"), "NULL");
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/usb/greeting", test_greeting);
    g_test_add_func("/usb/guest-filter", test_guest_filter);
    g_test_add_func("/usb/refused-and-more", test_refused_and_more);
    g_test_add_func("/usb/shared-cd", test_shared_cd);
    g_test_add_func("/usb/refusals", test_refusals);
    g_test_add_func("/usb/connect-fails", test_connect_fails);
    g_test_add_func("/usb/automatic", test_automatic);
    g_test_add_func("/usb/read-only", test_read_only);
    g_test_add_func("/usb/disabled", test_disabled);
    g_test_add_func("/usb/filters", test_filters);
    g_test_add_func("/usb/malformed", test_malformed);
    return g_test_run();
}
