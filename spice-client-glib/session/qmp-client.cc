// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "session/qmp-client.hh"

#include "base/log.hh"

#include <utility>

namespace spice::session {

namespace {

JsonNode *member(JsonObject *object, const char *name) {
    return json_object_has_member(object, name) ? json_object_get_member(object, name) : nullptr;
}

// A text member of an object; null for anything else.
const char *text(JsonObject *object, const char *name) {
    auto *node = member(object, name);
    return node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING
               ? json_node_get_string(node)
               : nullptr;
}

Error error_of(JsonObject *object) {
    auto *node = member(object, "error");
    const char *text_of_error = nullptr;
    if (node && JSON_NODE_HOLDS_OBJECT(node)) text_of_error = text(json_node_get_object(node), "desc");
    return {Error::Kind::internal, text_of_error ? text_of_error : "the monitor refused the command"};
}

}

void QmpClient::set_ready(bool ready) {
    if (std::exchange(ready_, ready) != ready) observer_.on_ready();
}

void QmpClient::opened() {
    closed("the monitor was opened again");
    execute("qmp_capabilities", [this](Result<JsonNodePtr> result) {
        if (result) set_ready(true);
        else SPICE_LOG_DEBUG("qmp: %s", result.error().what.c_str());
    });
}

void QmpClient::closed(const char *why) {
    ++connection_;
    lines_.clear();
    auto pending = std::exchange(pending_, {});
    set_ready(false);
    for (auto &[id, done] : pending) done(Error{Error::Kind::internal, why});
}

int64_t QmpClient::execute(const char *command, Done done) {
    const auto id = next_id_++;
    pending_.emplace(id, std::move(done));
    observer_.send(std::string{"{\"execute\": \""} + command + "\", \"id\": " + std::to_string(id) + "}\r\n");
    return id;
}

void QmpClient::received(std::span<const std::byte> data) {
    const auto connection = connection_;
    const bool complete = lines_.feed(data, [&](std::string_view line) {
        if (connection == connection_) handle(line);
    });
    if (!complete) left_out("an answer of more than 10 MiB");
}

void QmpClient::left_out(const char *what) {
    if (warnings_++ < max_warnings) log::warn("qmp: %s was left out", what);
}

void QmpClient::handle(std::string_view line) {
    const auto size = static_cast<gssize>(line.size());
    if (!qmp_line_acceptable(line) || !g_utf8_validate(line.data(), size, nullptr))
        return left_out("a line that cannot be an answer");
    const auto parser = Ref<JsonParser>::take(json_parser_new_immutable());
    if (!json_parser_load_from_data(parser.get(), line.data(), size, nullptr))
        return left_out("a line that is no JSON");
    auto *root = json_parser_get_root(parser.get());
    if (root && JSON_NODE_HOLDS_OBJECT(root)) handle(json_node_get_object(root));
}

void QmpClient::handle(JsonObject *object) {
    if (const char *event = text(object, "event")) {
        observer_.on_event(event, member(object, "data"));
    } else if (json_object_has_member(object, "return") || json_object_has_member(object, "error")) {
        answer(object);
    }
}

void QmpClient::answer(JsonObject *object) {
    auto *id = member(object, "id");
    if (!id || !JSON_NODE_HOLDS_VALUE(id) || json_node_get_value_type(id) != G_TYPE_INT64) return;
    const auto found = pending_.find(json_node_get_int(id));
    if (found == pending_.end()) return;
    auto done = std::move(found->second);
    pending_.erase(found);
    auto *value = member(object, "return");
    if (value) done(JsonNodePtr{json_node_ref(value)});
    else done(error_of(object));
}

}
