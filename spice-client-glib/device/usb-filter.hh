// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"
#include "device/usb-device.hh"

#include <memory>
#include <string>

struct usbredirfilter_rule;

namespace spice::device {

// Rules "class,vendor,product,version,allow|..." that say which devices are wanted. Immutable.
class UsbFilter {
public:
    static Result<UsbFilter> parse(const std::string &text);
    UsbFilter(const usbredirfilter_rule *rules, int count); // a copy

    // The first rule that fits decides; what no rule fits is not allowed.
    bool allows(const UsbIdentity &device) const;
    const std::string &text() const noexcept { return text_; }

private:
    UsbFilter() = default;
    std::string text_;
    std::shared_ptr<usbredirfilter_rule> rules_;
    int count_ = 0;
};

}
