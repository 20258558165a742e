#include <nlohmann/json.hpp>

#include "engine/waves.hpp"

namespace deadbox::engine {

base::Result<Requests> Requests::load(const Session& session) {
    Requests requests;
    TRY_ASSIGN(case_file::Statement query, session.database.prepare("SELECT DISTINCT parser, glob, parameters FROM request ORDER BY parser, glob, parameters"));
    for (;;) {
        TRY_ASSIGN(const bool row, query.step());
        if (!row) break;
        One one{std::string(query.text(0)), base::Glob(query.text(1)), {}};
        const auto parameters = nlohmann::json::parse(query.text(2), nullptr, false);
        if (parameters.is_object())
            for (const auto& [name, value] : parameters.items())
                if (value.is_string()) one.parameters.emplace_back(name, value.get<std::string>());
        requests.m_all.push_back(std::move(one));
    }
    return requests;
}

bool Requests::any(std::string_view path) const {
    for (const auto& one : m_all)
        if (one.glob.matches(path)) return true;
    return false;
}

void Requests::put(ipc::Encoder& order, std::string_view path) const {
    std::vector<const One*> matching;
    for (const auto& one : m_all)
        if (one.glob.matches(path)) matching.push_back(&one);
    order.put(matching.size());
    for (const auto* one : matching) {
        order.put(one->parser).put(one->parameters.size());
        for (const auto& [name, value] : one->parameters) order.put(name).put(value);
    }
}

}  // namespace deadbox::engine
