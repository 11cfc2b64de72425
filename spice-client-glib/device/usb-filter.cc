// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "device/usb-filter.hh"

#include <usbredirfilter.h>

#include <cstdlib>

namespace spice::device {

Result<UsbFilter> UsbFilter::parse(const std::string &text) {
    UsbFilter filter;
    usbredirfilter_rule *rules = nullptr;
    if (usbredirfilter_string_to_rules(text.c_str(), ",", "|", &rules, &filter.count_) != 0)
        return Error{Error::Kind::argument, "“" + text + "” is not a USB filter"};
    filter.rules_.reset(rules, [](usbredirfilter_rule *p) { std::free(p); });
    filter.text_ = text;
    return filter;
}

UsbFilter::UsbFilter(const usbredirfilter_rule *rules, int count) {
    char *text = count > 0 ? usbredirfilter_rules_to_string(rules, count, ",", "|") : nullptr;
    if (!text) return;
    if (auto copy = parse(text)) *this = std::move(*copy);
    std::free(text);
}

bool UsbFilter::allows(const UsbIdentity &device) const {
    std::vector<uint8_t> classes, subclasses, protocols;
    for (const auto &interface : device.interfaces) {
        classes.push_back(interface.klass);
        subclasses.push_back(interface.subclass);
        protocols.push_back(interface.protocol);
    }
    return usbredirfilter_check(rules_.get(), count_, device.klass.klass, device.klass.subclass, device.klass.protocol,
                                classes.data(), subclasses.data(), protocols.data(), static_cast<int>(classes.size()),
                                device.vendor, device.product, device.version, 0) == 0;
}

}
