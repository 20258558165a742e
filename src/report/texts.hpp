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
// in an argument is a brace. {count|record|records} is the first word where the argument is 1, else the second.
std::string fill(std::string_view text, const Arguments& arguments);

class Texts {
public:
    // Reads every topic's texts, English ones where the language has none. `language`: en, de ... Errc::usage where there are no
    // texts of the report in it, Errc::corrupt with the file's name where one is no JSON.
    static base::Result<Texts> load(std::string_view language);

    // The text at `key` of a topic: "rules.uid_zero_twin.title", "events.auth.login.success"; "" where there is none.
    const std::string& find(std::string_view topic, std::string_view key) const;
    // A text of the report itself (resources/report); its key where it is missing, so that a gap is seen.
    std::string of(std::string_view key) const;
    std::string of(std::string_view key, const Arguments& arguments) const { return fill(of(key), arguments); }
    // Why something was not read, as the ledger has it in English, in this language; as it is where there is no text for it.
    std::string reason(const std::string& english) const;
    // What a row of the ledger is about, by its area's id; the id where there is no name for it.
    std::string area(const std::string& id) const;
    // A finding's argument in words: what a detector gives as an id, or a list of ids, stands under "words.NAME.ID" of its topic
    // and may have placeholders of its own. Any other value as it is.
    std::string argument(std::string_view topic, const std::string& name, const std::string& value, const Arguments& arguments) const;
    // "2.4 MB" with this language's decimal sign.
    std::string figure(std::string text) const;
    const std::string& language() const { return m_language; }

private:
    using Table = std::map<std::string, std::string, std::less<>>;

    std::string m_language;
    std::map<std::string, Table, std::less<>> m_topics;
};

}  // namespace deadbox::report
