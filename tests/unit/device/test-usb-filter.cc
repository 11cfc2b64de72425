// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "device/usb-filter.hh"

#include <glib.h>
#include <usbredirfilter.h>

using namespace spice::device;

namespace {

UsbIdentity storage() {
    UsbIdentity device;
    device.vendor = 0x1234;
    device.product = 0x5678;
    device.version = 0x0100;
    device.interfaces = {{8, 6, 0x50}};
    return device;
}

UsbIdentity keyboard() {
    UsbIdentity device;
    device.vendor = 0x046d;
    device.interfaces = {{3, 1, 1}};
    return device;
}

void test_rules() {
    struct {
        const char *rules;
        bool storage, keyboard;
    } const rows[] = {{"0x03,-1,-1,-1,0|-1,-1,-1,-1,1", true, false},
                      {"-1,-1,-1,-1,1", true, true},
                      {"-1,-1,-1,-1,0", false, false},
                      {"0x08,-1,-1,-1,1", true, false},
                      {"-1,0x1234,0x5678,0x0100,1", true, false},
                      {"-1,0x1234,0x5678,0x0101,1", false, false},
                      {"-1,0x1234,-1,-1,0|-1,-1,-1,-1,1", false, true}};
    for (const auto &row : rows) {
        const auto filter = UsbFilter::parse(row.rules);
        g_assert_true(static_cast<bool>(filter));
        g_assert_cmpint(filter->allows(storage()), ==, row.storage);
        g_assert_cmpint(filter->allows(keyboard()), ==, row.keyboard);
        g_assert_cmpstr(filter->text().c_str(), ==, row.rules);
    }
}

void test_malformed() {
    for (const char *bad : {"x", ",", "|1", "1,2,3", "-1,-1,-1,-1", "-1,-1,-1,-1,1,1", "0x100,-1,-1,-1,1",
                            "-1,0x10000,-1,-1,1", "-1,-1,-1,-1,1|x", "-2,-1,-1,-1,1"})
        g_assert_false(static_cast<bool>(UsbFilter::parse(bad)));
}

void test_copy() {
    usbredirfilter_rule rules[] = {{8, -1, -1, -1, 0}, {-1, -1, -1, -1, 1}};
    const UsbFilter copy{rules, 2};
    rules[0].allow = 1;
    g_assert_false(copy.allows(storage()));
    g_assert_true(copy.allows(keyboard()));
    const UsbFilter none{nullptr, 0};
    g_assert_cmpstr(none.text().c_str(), ==, "");
    g_assert_false(none.allows(storage()));
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/usb-filter/rules", test_rules);
    g_test_add_func("/usb-filter/malformed", test_malformed);
    g_test_add_func("/usb-filter/copy", test_copy);
    return g_test_run();
}
