#include "report/system_names.hpp"

#include <fmt/format.h>

#include "report/spoken_name.hpp"
#include "report/visible.hpp"

namespace deadbox::report {

namespace {

constexpr std::size_t k_longest = 64;  // what Linux takes for a host's name

}  // namespace

std::string spoken_host(const std::string& raw, const Redactor& redactor) {
    const auto shown = redactor.text(raw);
    return is_host_name(raw) ? shortened(shown, k_longest) : quoted_name(shown);
}

base::Result<SystemNames> SystemNames::load(const case_file::View& view, const Redactor& redactor) {
    SystemNames names;
    TRY_ASSIGN(const auto systems, case_file::systems(view));
    if (systems.size() < 2) return names;
    std::map<std::string, int> called;
    for (const auto system : systems) {
        TRY_ASSIGN(const auto host, case_file::system_fact(view, system, "host.name"));
        names.m_names[system] = host.empty() ? host : spoken_host(host, redactor);
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
    if (system.hostname.empty()) return texts.of("verdict.machine");
    return system.is_host_name ? system.spoken : texts.of("verdict.no_host_name", {{"name", system.spoken}});
}

}  // namespace deadbox::report
