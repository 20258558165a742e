// What is said to people, in one language: resources/<topic>/<language>.json, English where a text is missing there.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace deadbox::report {

// Values of {placeholders}: raw bytes of the evidence may be among them.
using Arguments = std::vector<std::pair<std::string, std::string>>;
// A JSON object's members as text (numbers and booleans as they are written); empty for anything else.
Arguments parse_arguments(std::string_view json);
// A JSON array's members as text; likewise.
std::vector<std::string> parse_list(std::string_view json);

// Every {name} is replaced by its argument; one without an argument stands as "?". What stands in [[double brackets]] is left
// out where one of its arguments is missing or empty: "Login of {user}[[ from {address}]]". Text is never read twice: a brace
// in an argument is a brace.
std::string fill(std::string_view text, const Arguments& arguments);

class Texts {
public:
    // `language`: en, de ... Errc::usage where there are no texts of the report in it.
    static base::Result<Texts> load(std::string_view language);

    // The text at `key` of a topic: "rules.uid_zero_twin.title", "events.auth.login.success"; "" where there is none.
    const std::string& find(std::string_view topic, std::string_view key) const;
    // A text of the report itself (resources/report); its key where it is missing, so that a gap is seen.
    std::string of(std::string_view key) const;
    std::string of(std::string_view key, const Arguments& arguments) const { return fill(of(key), arguments); }
    const std::string& language() const { return m_language; }

private:
    using Table = std::map<std::string, std::string, std::less<>>;
    const Table& table(std::string_view topic) const;

    std::string m_folder, m_language;
    mutable std::map<std::string, Table, std::less<>> m_topics;  // loaded when first asked for
};

}  // namespace deadbox::report
