// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// There is one card backend for the process, so each case runs in one of its own.
#include "api-client.hh"

#include "card-database.hh"
#include "scripted-server.hh"

#include <algorithm>
#include <string>

using spice::test::ApiClient;
using spice::test::Bytes;
using spice::test::ByteVector;
using spice::test::Message;
using spice::test::number_at;
using spice::test::ScriptedServer;

namespace {

constexpr uint8_t card = SPICE_CHANNEL_SMARTCARD;
constexpr uint16_t data_id = 101;
enum Vsc : uint32_t { vsc_error = 2, vsc_reader_add = 3, vsc_atr = 5, vsc_card_remove = 6, vsc_apdu = 7 };
constexpr uint32_t undefined = 0xffffffff, reader_id = 5;

ByteVector vsc(uint32_t type, uint32_t reader, const ByteVector &data = {}) {
    return Bytes().u32(type).u32(reader).u32(data.size()).raw(data);
}
ByteVector answer(uint32_t code) { return vsc(vsc_error, reader_id, Bytes().u32(code)); }
uint64_t type_of(const Message &m) { return number_at(m.body, 0, 4); }
uint64_t reader_of(const Message &m) { return number_at(m.body, 4, 4); }
std::string data_of(const Message &m) {
    g_assert_cmpuint(m.body.size(), >=, 12);
    g_assert_cmpuint(number_at(m.body, 8, 4), ==, m.body.size() - 12);
    return {reinterpret_cast<const char *>(m.body.data()) + 12, m.body.size() - 12};
}

struct Setup {
    ScriptedServer server;
    ApiClient client;
    std::vector<std::string> said;

    Setup() {
        server.main().init().channels({{card, 0}});
        g_object_set(client.session(), "enable-smartcard", TRUE, nullptr);
        auto *manager = spice_smartcard_manager_get();
        for (const char *signal : {"reader-added", "reader-removed", "card-inserted", "card-removed"})
            g_signal_connect_data(manager, signal, G_CALLBACK(note), new std::pair{this, std::string{signal}},
                                  [](gpointer data, GClosure *) { delete static_cast<std::pair<Setup *, std::string> *>(data); },
                                  G_CONNECT_DEFAULT);
    }
    static void note(SpiceSmartcardManager *, SpiceSmartcardReader *reader, std::pair<Setup *, std::string> *data) {
        if (spice_smartcard_reader_is_software(reader)) data->first->said.push_back(data->second);
    }
    bool heard(const std::string &what, std::size_t times = 1) {
        return client.wait_for([&] {
            return static_cast<std::size_t>(std::count(said.begin(), said.end(), what)) >= times;
        });
    }
    void open() {
        g_object_set(client.session(), "smartcard-certificates", spice::test::card_names, "smartcard-db",
                     (std::string{"sql:"} + g_getenv("CARD_DATABASE")).c_str(), nullptr);
        g_assert_true(server.start());
        client.set_uri(server.uri());
        g_assert_true(client.connect());
        g_assert_true(client.wait("smartcard-0 opened"));
    }
    Message message(std::size_t number) {
        auto &channel = server.channel(card);
        const auto found = channel.wait_received(data_id, number);
        g_assert_true(found.has_value());
        return *found;
    }
};

// The reader is announced, gets its number, then its card is; the card answers commands; it goes and comes.
void case_flow() {
    Setup setup;
    auto &script = setup.server.channel(card);
    const ByteVector select = Bytes().u8(0).u8(0xa4).u8(4).u8(0).u8(7).u8(0xa0).u8(0).u8(0).u8(0).u8(0x79).u8(3).u8(0);
    script.expect_next(data_id).send(data_id, answer(0)).expect_next(data_id).send(data_id, answer(0));
    script.send(data_id, vsc(vsc_apdu, reader_id, select)).expect_next(data_id).gate();
    script.expect_next(data_id).send(data_id, answer(0)).expect_next(data_id).send(data_id, answer(0));
    setup.open();
    const auto add = setup.message(1);
    g_assert_cmpuint(type_of(add), ==, vsc_reader_add);
    g_assert_cmpuint(reader_of(add), ==, undefined);
    const auto name = data_of(add);
    g_assert_cmpstr(name.c_str(), ==, "Spice Software Smartcard");
    g_assert_true(setup.heard("reader-added"));
    g_assert_true(setup.heard("card-inserted"));
    const auto atr = setup.message(2);
    g_assert_cmpuint(type_of(atr), ==, vsc_atr);
    g_assert_cmpuint(reader_of(atr), ==, reader_id);
    g_assert_cmpuint(data_of(atr).size(), >, 2);
    g_assert_cmpuint(data_of(atr).size(), <=, 40);
    const auto reply = setup.message(3);
    g_assert_cmpuint(type_of(reply), ==, vsc_apdu);
    g_assert_cmpuint(reader_of(reply), ==, reader_id);
    g_assert_cmpuint(data_of(reply).size(), >=, 2); // two bytes of status at least

    auto *list = spice_smartcard_manager_get_readers(spice_smartcard_manager_get());
    g_assert_cmpuint(g_list_length(list), ==, 1);
    g_assert_true(spice_smartcard_reader_is_software(static_cast<SpiceSmartcardReader *>(list->data)));
    script.open_gate();
    g_assert_true(spice_smartcard_manager_remove_card(spice_smartcard_manager_get()));
    g_assert_true(setup.heard("card-removed"));
    g_assert_cmpuint(type_of(setup.message(4)), ==, vsc_card_remove);
    g_assert_true(spice_smartcard_reader_insert_card(static_cast<SpiceSmartcardReader *>(list->data)));
    g_assert_true(setup.heard("card-inserted", 2));
    g_assert_cmpuint(type_of(setup.message(5)), ==, vsc_atr);
    g_list_free_full(list, [](gpointer r) { g_boxed_free(SPICE_TYPE_SMARTCARD_READER, r); });
    g_assert_true(script.finished());
}

// A server without room is told nothing more; the session goes on.
void case_no_room() {
    Setup setup;
    g_log_set_always_fatal(G_LOG_LEVEL_ERROR);
    auto &script = setup.server.channel(card);
    script.expect_next(data_id).send(data_id, answer(2)).ping(1).expect_pong(1);
    setup.open();
    g_assert_true(setup.heard("card-inserted"));
    g_assert_true(script.finished());
    g_assert_true(spice_smartcard_manager_remove_card(spice_smartcard_manager_get()));
    g_assert_true(setup.heard("card-removed"));
    script.ping(2).expect_pong(2);
    g_assert_true(script.finished());
    g_assert_cmpuint(script.received(data_id).size(), ==, 1);
}

// Nothing leaves a session in which the user only looks.
void case_read_only() {
    Setup setup;
    auto &script = setup.server.channel(card);
    script.ping(1).expect_pong(1).send(data_id, vsc(vsc_apdu, 0, Bytes().u32(0))).ping(2).expect_pong(2);
    g_object_set(setup.client.session(), "read-only", TRUE, nullptr);
    setup.open();
    g_assert_true(script.finished());
    g_assert_cmpuint(script.received(data_id).size(), ==, 0);
}

// The answer to what was asked before comes while the user only looks: afterwards the card is told as usual.
void case_read_only_meanwhile() {
    Setup setup;
    auto &script = setup.server.channel(card);
    script.expect_next(data_id).gate().send(data_id, answer(0)).ping(1).expect_pong(1);
    setup.open();
    g_assert_cmpuint(type_of(setup.message(1)), ==, vsc_reader_add);
    g_assert_true(setup.heard("card-inserted"));
    g_object_set(setup.client.session(), "read-only", TRUE, nullptr);
    script.open_gate();
    g_assert_true(script.finished());
    g_assert_cmpuint(script.received(data_id).size(), ==, 1);
    g_object_set(setup.client.session(), "read-only", FALSE, nullptr);
    const auto atr = setup.message(2);
    g_assert_cmpuint(type_of(atr), ==, vsc_atr);
    g_assert_cmpuint(reader_of(atr), ==, reader_id);
}

// Each of these ends the channel with an error, and nothing else.
void case_malformed() {
    g_log_set_always_fatal(G_LOG_LEVEL_ERROR);
    const ByteVector bodies[] = {
        {}, Bytes().u32(vsc_apdu).u32(0), Bytes().u32(vsc_apdu).u32(0).u32(5).u32(0),
        Bytes().u32(vsc_apdu).u32(0).u32(0xffffffff), vsc(vsc_apdu, 0, ByteVector(271)),
        vsc(vsc_apdu, 77, Bytes().u32(0)), vsc(vsc_apdu, undefined, Bytes().u32(0)), vsc(vsc_error, 0),
        vsc(vsc_error, 0, Bytes().u16(0))};
    for (const auto &body : bodies) {
        Setup setup;
        setup.server.channel(card).expect_next(data_id).send(data_id, body);
        setup.open();
        g_assert_true(setup.client.wait("smartcard-0 closed"));
        const auto lines = setup.client.lines_of("smartcard-0");
        g_assert_cmpstr(lines[1].c_str(), ==, "error-io");
        g_assert_cmpuint(setup.client.count("main-0 closed"), ==, 0);
        g_signal_handlers_disconnect_matched(spice_smartcard_manager_get(), G_SIGNAL_MATCH_FUNC, 0, 0, nullptr,
                                             reinterpret_cast<gpointer>(Setup::note), nullptr);
    }
}

// Without a software reader there is nothing to put a card into.
void case_no_reader() {
    auto *manager = spice_smartcard_manager_get();
    g_assert_true(manager == spice_smartcard_manager_get());
    g_assert_null(spice_smartcard_manager_get_readers(manager));
    g_test_expect_message("GSpice", G_LOG_LEVEL_CRITICAL, "*software_reader*");
    g_assert_false(spice_smartcard_manager_insert_card(manager));
    g_test_expect_message("GSpice", G_LOG_LEVEL_CRITICAL, "*software_reader*");
    g_assert_false(spice_smartcard_manager_remove_card(manager));
    g_test_assert_expected_messages();
    ApiClient client;
    g_assert_null(spice_channel_new(client.session(), card, 0));
}

template <void (*body)()> void in_child() {
    if (g_test_subprocess()) return body();
    if (!g_getenv("CARD_DATABASE")) return g_test_skip("certutil is not there");
    g_test_trap_subprocess(nullptr, 0, GTestSubprocessFlags(G_TEST_SUBPROCESS_INHERIT_STDERR));
    g_test_trap_assert_passed();
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    const spice::test::CardDatabase database;
    g_test_add_func("/smartcard/flow", in_child<case_flow>);
    g_test_add_func("/smartcard/no-room", in_child<case_no_room>);
    g_test_add_func("/smartcard/read-only", in_child<case_read_only>);
    g_test_add_func("/smartcard/read-only-meanwhile", in_child<case_read_only_meanwhile>);
    g_test_add_func("/smartcard/no-reader", in_child<case_no_reader>);
    g_test_add_func("/smartcard/malformed", in_child<case_malformed>);
    return g_test_run();
}
