// Our own rules in YARA's language (resources/webshell/rules.yar), run over a script and over what was decoded from it.
// A rule sees the external variables `language` (name_of(Language)) and `decoded` (true in decoded text).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "webshell/features.hpp"

namespace deadbox::plugins::webshell {

class RuleSet {
public:
    RuleSet() = default;
    ~RuleSet();
    RuleSet(const RuleSet&) = delete;
    RuleSet& operator=(const RuleSet&) = delete;

    // Compiles the file; the error names the line that does not compile. Once.
    base::Result<void> load(const std::string& path);
    bool is_empty() const { return m_rules == nullptr; }

    struct Match {
        std::string rule;
        std::uint32_t offset = 0;  // of its first string, in the text
        std::uint32_t length = 0;
    };
    // The first rule, in the file's order, that matches. Thread-safe once loaded.
    std::optional<Match> first_match(std::string_view text, Language language, bool decoded) const;

private:
    void* m_rules = nullptr;  // YR_RULES, owned
};

}  // namespace deadbox::plugins::webshell
