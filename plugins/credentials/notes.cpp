#include "credentials/notes.hpp"

#include <algorithm>
#include <array>

#include "plugin/secret_text.hpp"
#include "plugin/secret_value.hpp"
#include "plugin/spoken_secret.hpp"

namespace deadbox::plugins::credentials {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_phrase = 64;    // bytes of what is said before
constexpr std::size_t k_folders = 2;    // below a home
constexpr std::array k_endings{""sv, ".txt"sv, ".md"sv, ".text"sv, ".org"sv, ".note"sv, ".notes"sv, ".rst"sv};
constexpr std::array k_descriptions{"readme"sv, "license"sv, "licence"sv, "copying"sv, "changelog"sv, "changes"sv, "news"sv, "authors"sv, "contributing"sv, "install"sv, "requirements"sv, "robots"sv, "security"sv, "code_of_conduct"sv};
constexpr std::array k_leading{"lautet"sv, "heißt"sv, "heisst"sv, "ist"sv, "war"sv, "auf"sv, "is"sv, "was"sv, "to"sv, "are"sv, "sind"sv, "und"sv, "and"sv, "=>"sv, "->"sv, "="sv, ":"sv, "-"sv};
constexpr std::array k_of{"von"sv, "of"sv, "for"sv, "für"sv, "user"sv, "benutzer"sv, "konto"sv, "account"sv};
constexpr std::array k_articles{"den"sv, "die"sv, "das"sv, "dem"sv, "der"sv, "the"sv, "a"sv, "an"sv, "our"sv, "my"sv, "unser"sv, "unseren"sv, "mein"sv, "meinen"sv};

template <class List>
bool is_in(const List& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

std::string_view without_blanks(std::string_view text) {
    constexpr auto k_around = " \t\r\"'([{<`,;:="sv;
    const auto first = text.find_first_not_of(k_around);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(k_around) - first + 1);
}

std::string_view last_word(std::string_view text) {
    const auto blank = text.find_last_of(" \t");
    return blank == std::string_view::npos ? text : text.substr(blank + 1);
}

// What the sentence says before `end`: "Das neue Kennwort von Anna".
std::string_view said_before(std::string_view line, std::size_t from, std::size_t end) {
    auto said = line.substr(from, end - from);
    for (const auto stop : {". "sv, "; "sv, "! "sv, "? "sv})
        if (const auto at = said.rfind(stop); at != std::string_view::npos) said.remove_prefix(at + stop.size());
    if (said.size() > k_phrase) {
        said.remove_prefix(said.size() - k_phrase);
        said.remove_prefix(std::min(said.find(' ') + 1, said.size()));
    }
    said = without_blanks(said);
    for (auto word = last_word(said); !said.empty() && is_in(k_leading, plugin::lowered(word)); word = last_word(said)) said = without_blanks(said.substr(0, said.size() - word.size()));
    return said;
}

// The name at its end, where a word says that one follows: whose it is.
std::string_view whose(std::string_view said) {
    const auto name = last_word(said);
    if (name.size() == said.size() || name.size() < 2 || is_in(k_articles, plugin::lowered(name))) return {};
    return is_in(k_of, plugin::lowered(last_word(without_blanks(said.substr(0, said.size() - name.size()))))) ? name : std::string_view();
}

}  // namespace

bool is_note(std::string_view path) {
    const bool root = path.starts_with("/root/"sv);
    if (!root && !path.starts_with("/home/"sv)) return false;
    auto inside = path.substr(6);
    if (!root) inside.remove_prefix(std::min(inside.find('/') + 1, inside.size()));
    if (inside.starts_with('.') || inside.find("/."sv) != std::string_view::npos || static_cast<std::size_t>(std::count(inside.begin(), inside.end(), '/')) > k_folders) return false;
    const auto name = plugin::lowered(inside.substr(inside.rfind('/') + 1));
    const auto dot = name.rfind('.');
    const auto ending = dot == std::string::npos || dot == 0 ? std::string_view() : std::string_view(name).substr(dot);
    const auto stem = std::string_view(name).substr(0, name.size() - ending.size());
    return is_in(k_endings, ending) && std::none_of(k_descriptions.begin(), k_descriptions.end(), [&](auto one) { return stem.starts_with(one); });
}

std::vector<Credential> find_in_notes(std::string_view text) {
    std::vector<Credential> all;
    std::size_t line_start = 0, line_end = std::min(text.find('\n'), text.size()), done = 0;
    std::int64_t number = 1;
    for (const auto& span : plugin::spoken_secrets(text)) {
        for (; line_end < span.start; line_end = std::min(text.find('\n', line_start), text.size())) line_start = line_end + 1, ++number;
        auto value = text.substr(span.start, span.length);
        if (value.empty() || plugin::is_placeholder(value)) continue;
        const auto said = said_before(text, std::max(line_start, done), span.start);
        done = span.start + span.length;
        Credential found;
        found.kind = "password", found.setting = said, found.account = whose(said), found.line = number, found.value = value;
        all.push_back(std::move(found));
        if (all.size() >= k_most) break;
    }
    return all;
}

}  // namespace deadbox::plugins::credentials
