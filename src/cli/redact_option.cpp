#include "cli/redact_option.hpp"

#include <CLI/CLI.hpp>

namespace deadbox::cli {

void RedactOption::add(CLI::App& app) {
    app.add_option("--redact", m_name, "Leave out: none, secrets, persons (secrets too)")->check(CLI::IsMember({"none", "secrets", "persons"}))->capture_default_str();
}

report::Redact RedactOption::value() const { return m_name == "none" ? report::Redact::none : m_name == "persons" ? report::Redact::persons : report::Redact::secrets; }

}  // namespace deadbox::cli
