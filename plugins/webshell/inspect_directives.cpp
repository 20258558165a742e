// Server-side includes (Apache's mod_include): <!--#exec cmd="..." --> hands its text to a shell, with the page's variables in
// it, and those hold the request: its query, its headers, and what <!--#set --> made of them.
#include <algorithm>
#include <string>
#include <unordered_set>

#include "plugin/secret_value.hpp"
#include "webshell/inspect.hpp"
#include "webshell/letters.hpp"

namespace deadbox::plugins::webshell {
namespace {

constexpr std::size_t k_longest_directive = 8192, k_most_directives = 2000;

// Takes name="value" from the front of a directive; false at its end.
bool next_attribute(std::string_view& rest, std::string& name, std::string_view& value) {
    while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
    const auto equals = rest.find('=');
    if (equals == rest.npos) return false;
    auto end = equals;
    while (end > 0 && is_blank(rest[end - 1])) --end;
    name = plugin::lowered(rest.substr(0, end));
    rest.remove_prefix(equals + 1);
    while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
    if (rest.empty()) return false;
    const char quote = rest.front();
    if (quote != '"' && quote != '\'' && quote != '`') {
        const auto stop = std::min(rest.find_first_of(" \t\r\n"), rest.size());
        value = rest.substr(0, stop);
        rest.remove_prefix(stop);
        return true;
    }
    auto stop = rest.find(quote, 1);
    while (stop != rest.npos && rest[stop - 1] == '\\') stop = rest.find(quote, stop + 1);
    if (stop == rest.npos) stop = rest.size();
    value = rest.substr(1, stop - 1);
    rest.remove_prefix(std::min(stop + 1, rest.size()));
    return true;
}

class Page {
public:
    explicit Page(Features& features) : m_features(features) {}

    void directive(std::string_view inside, std::size_t offset) {
        const auto word = std::find_if(inside.begin(), inside.end(), is_blank) - inside.begin();
        const auto element = plugin::lowered(inside.substr(0, static_cast<std::size_t>(word)));
        auto rest = inside.substr(static_cast<std::size_t>(word));
        std::string name, variable;
        std::string_view value;
        while (next_attribute(rest, name, value)) {
            if (element == "set" && name == "var") variable = value;
            else if (element == "set" && name == "value" && !variable.empty()) assign(variable, value);
            else if (element == "exec" && name == "cmd") command(value, inside, offset);
        }
    }

private:
    enum class Reach { none, part, whole };

    bool is_of_request(const std::string& variable) const {
        static const std::unordered_set<std::string_view> known{"QUERY_STRING", "QUERY_STRING_UNESCAPED", "REQUEST_URI", "PATH_INFO", "PATH_TRANSLATED", "REMOTE_USER", "DOCUMENT_ARGS", "DOCUMENT_URI"};
        return known.contains(variable) || variable.starts_with("HTTP_") || m_taken.contains(variable);
    }
    // How much of a text the request decides: all, where one of its values stands first or is what a shell runs.
    Reach reach_of(std::string_view text) const {
        auto reach = Reach::none;
        for (auto at = text.find('$'); at != text.npos; at = text.find('$', at + 1)) {
            if (at > 0 && text[at - 1] == '\\') continue;
            auto from = at + 1;
            if (from < text.size() && text[from] == '{') ++from;
            auto end = from;
            while (end < text.size() && is_name(text[end])) ++end;
            if (!is_of_request(std::string(text.substr(from, end - from)))) continue;
            auto before = text.substr(0, at);
            while (!before.empty() && (is_blank(before.back()) || before.back() == '\'' || before.back() == '"' || before.back() == '`' || before.back() == '(')) before.remove_suffix(1);
            const bool leads = before.empty() || before.ends_with(';') || before.ends_with('|') || before.ends_with('&') || before.ends_with('$') || before.ends_with(" -c") || before.ends_with("eval");
            reach = std::max(reach, leads ? Reach::whole : Reach::part);
        }
        return reach;
    }
    void assign(const std::string& variable, std::string_view value) {
        if (reach_of(value) != Reach::none) m_taken.insert(variable);
    }
    void command(std::string_view text, std::string_view excerpt, std::size_t offset) {
        const auto reach = reach_of(text);
        const auto sign = reach == Reach::whole ? Sign::request_command : reach == Reach::part ? Sign::partial_command : Sign::fixed_command;
        if (sign == Sign::fixed_command) ++m_features.named_commands;
        m_features.add(sign, static_cast<std::uint32_t>(offset), 0, "exec cmd", excerpt);
        m_features.followed = true;
    }

    Features& m_features;
    std::unordered_set<std::string> m_taken;  // variables that were set from the request
};

}  // namespace

void inspect_directives(std::string_view text, Features& features) {
    constexpr std::string_view k_opener = "<!--#", k_closer = "-->";
    Page page(features);
    std::size_t count = 0;
    for (auto at = text.find(k_opener); at != text.npos && count < k_most_directives; at = text.find(k_opener, at + k_opener.size()), ++count) {
        const auto from = at + k_opener.size();
        const auto near = text.substr(from, k_longest_directive);
        page.directive(near.substr(0, near.find(k_closer)), at);
    }
}

}  // namespace deadbox::plugins::webshell
