// Texts of YARA rules, compiled together, each file in a namespace of its own. Includes are off, and modules that depend on
// anything but the file's bytes are refused. Rules see the external variables of the usual scanners: filename, filepath,
// extension, filetype, owner (always "").
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/function_ref.hpp"
#include "base/result.hpp"
#include "plugin/own_rules.hpp"

namespace deadbox::plugins::yara {

// Valid during the visit.
struct RuleMatch {
    std::string_view file, rule;
    std::string tags, description, severity;  // severity: one of the program's, or ""
    std::optional<std::uint64_t> offset;
    std::string places;                       // "$a @16 @220  $b @300"
};

// What rules may ask of a file besides its bytes.
struct FileFacts {
    std::string path, type;
};

class CompiledRules {
public:
    static constexpr std::size_t k_most_matches = 256;  // of one file

    CompiledRules();
    ~CompiledRules();
    CompiledRules(const CompiledRules&) = delete;

    // The error begins with the file's name and its line. After one nothing more can be added.
    base::Result<void> add(const plugin::RuleText& rules);
    std::size_t count();  // of the rules that were added, without private ones
    // Runs all over the bytes; Errc::limit where a bound of YARA's own ended it.
    base::Result<void> scan(base::ByteView bytes, const FileFacts& facts, base::FunctionRef<void(const RuleMatch&)> visit);

private:
    struct Yara;
    base::Result<void> finish();
    std::unique_ptr<Yara> m_yara;
};

}  // namespace deadbox::plugins::yara
