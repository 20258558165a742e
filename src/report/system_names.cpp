#include "report/system_names.hpp"

#include <fmt/format.h>

namespace deadbox::report {

base::Result<SystemNames> SystemNames::load(const case_file::View& view, const Redactor& redactor) {
    SystemNames names;
    TRY_ASSIGN(const auto systems, case_file::systems(view));
    if (systems.size() < 2) return names;
    std::map<std::string, int> called;
    for (const auto system : systems) {
        TRY_ASSIGN(const auto host, case_file::system_fact(view, system, "host.name"));
        names.m_names[system] = redactor.text(host);
        ++called[names.m_names[system]];
    }
    for (auto& [system, name] : names.m_names)
        if (name.empty()) name = fmt::format("#{}", system);
        else if (called[name] > 1) name += fmt::format(" #{}", system);
    return names;
}

std::string SystemNames::of(std::optional<std::int64_t> system) const {
    const auto found = system ? m_names.find(*system) : m_names.end();
    return found == m_names.end() ? std::string() : found->second;
}

std::string SystemNames::before(std::optional<std::int64_t> system, const std::string& text) const {
    const auto name = of(system);
    return name.empty() || text.empty() ? text : name + ": " + text;
}

std::string name_in_text(const ReportSystem& system, const Texts& texts) {
    if (!system.name.empty()) return system.name;
    return system.hostname.empty() ? texts.of("verdict.machine") : system.hostname;
}

}  // namespace deadbox::report
