#include "plugin/topic.hpp"

namespace deadbox::plugin {

const TableDef* find_table(std::string_view name) {
    for (const Topic* topic : topics())
        for (const auto& table : topic->tables)
            if (table.name == name) return &table;
    return nullptr;
}

const EventDef* find_event(std::string_view type) {
    for (const Topic* topic : topics())
        for (const auto& event : topic->events)
            if (event.type == type) return &event;
    return nullptr;
}

const RuleDef* find_rule(std::string_view rule) {
    const auto slash = rule.find('/');
    if (slash == std::string_view::npos) return nullptr;
    for (const Topic* topic : topics()) {
        if (topic->id != rule.substr(0, slash)) continue;
        for (const auto& one : topic->rules)
            if (one.id == rule.substr(slash + 1)) return &one;
    }
    return nullptr;
}

}  // namespace deadbox::plugin
