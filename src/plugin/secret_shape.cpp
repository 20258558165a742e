#include "plugin/secret_shape.hpp"

#include <algorithm>

#include "plugin/secret_token.hpp"
#include "plugin/secret_value.hpp"

namespace deadbox::plugin {
namespace {

using namespace std::string_view_literals;

constexpr bool is_large(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_small(char c) { return c >= 'a' && c <= 'z'; }

struct Kinds {
    std::size_t small = 0, large = 0, digits = 0, signs = 0, others = 0;
};

// Signs that people put into passwords and that neither names, paths nor code begin with.
constexpr bool is_sign(char c) { return "!#%&*+=?@^~$,"sv.find(c) != std::string_view::npos; }

Kinds kinds_of(std::string_view word) {
    Kinds all;
    for (const char c : word) {
        if (is_small(c)) ++all.small;
        else if (is_large(c)) ++all.large;
        else if (is_digit(c)) ++all.digits;
        else if (is_sign(c)) ++all.signs;
        else if (c != '-' && c != '_' && c != '.') ++all.others;
    }
    return all;
}

// Name7, Firma-Team2, NAME7, name: words with a capital in front at most, and digits behind.
bool is_named(std::string_view word) {
    for (std::size_t at = 0; at <= word.size();) {
        const auto end = std::min(word.find_first_of("-_."sv, at), word.size());
        const auto part = word.substr(at, end - at);
        const auto large = run(part, 0, is_large), small = run(part, large, is_small), digits = run(part, large + small, is_digit);
        if (large + small + digits != part.size() || (large > 1 && small > 0)) return false;
        at = end + 1;
    }
    return true;
}

}  // namespace

std::size_t turns_in(std::string_view word) {
    const auto kind = [](char c) { return is_digit(c) ? 0 : is_small(c) ? 1 : is_large(c) ? 2 : 3; };
    std::size_t turns = 0;
    for (std::size_t i = 1; i < word.size(); ++i) turns += kind(word[i]) != kind(word[i - 1]);
    return word.empty() ? 0 : turns * 100 / word.size();
}

bool is_made_up(std::string_view word) {
    constexpr std::size_t k_shortest = 8, k_longest = 128;
    if (word.size() < k_shortest || word.size() > k_longest || is_masked(word) || is_reference(word)) return false;
    if (word.front() == '-' || word.find_first_of("/\\:()[]{}<>|;`\"'"sv) != std::string_view::npos) return false;
    const auto kinds = kinds_of(word);
    if (kinds.others > 0 || kinds.small + kinds.large == 0) return false;
    if (const auto sign = word.find('='); sign != std::string_view::npos && sign + 1 < word.size() && sign > 0) return false;  // NAME=VALUE
    if (word.find('@') != std::string_view::npos && word.find('.', word.find('@')) != std::string_view::npos) return false;  // a mail address
    const auto signs = kinds.signs - (word.back() == '!' || word.back() == ',' || word.back() == '?' ? 1 : 0);
    if (signs > 0) return kinds.digits > 0 || (kinds.large > 0 && kinds.small > 0);
    if (word.find('.') != std::string_view::npos) return false;
    constexpr std::size_t k_letters = 10, k_least_turns = 40;  // without a digit: no CamelCase takes turns that often
    return kinds.small > 0 && kinds.large > 0 && (kinds.digits > 0 || (word.size() >= k_letters && turns_in(word) >= k_least_turns));
}

bool is_scrambled(std::string_view word) {
    constexpr std::size_t k_shortest = 12, k_longest = 128, k_least_turns = 40;
    if (word.size() < k_shortest || word.size() > k_longest || !std::all_of(word.begin(), word.end(), is_alnum)) return false;
    const auto kinds = kinds_of(word);
    if (kinds.small < 2 || kinds.large < 2 || kinds.digits < 1 || turns_in(word) < k_least_turns) return false;
    return word.size() < 16 || text_in_base64(word).empty();
}

bool is_no_account_name(std::string_view name) {
    constexpr std::size_t k_shortest = 8, k_longest = 64;
    if (name.size() < k_shortest || name.size() > k_longest || name.find("://"sv) != std::string_view::npos) return false;
    const auto kinds = kinds_of(name);
    if (kinds.others > 0 || kinds.small + kinds.large == 0) return false;  // code, paths, DOMAIN\user and other scripts are evidence
    if (const auto sign = name.find('@'); sign != std::string_view::npos && (name.find('.', sign) != std::string_view::npos || kinds.signs == 1)) return false;  // user@realm
    if (name.ends_with('$') && kinds.signs == 1) return false;  // a machine's account
    if (name.find('+') != std::string_view::npos && kinds.signs == 1) return false;  // DOMAIN+user of winbind
    if (name.find('=') != std::string_view::npos) return false;  // cn=admin,dc=example
    if (kinds.signs > 0) return kinds.digits > 0 || (kinds.large > 0 && kinds.small > 0);
    return kinds.small > 0 && kinds.large > 0 && kinds.digits > 0 && !is_named(name);
}

bool is_typed_alone(std::string_view line) {
    constexpr std::size_t k_shortest = 10, k_longest = 40;
    if (line.size() < k_shortest || line.size() > k_longest || line.front() == '!' || line.front() == '$' || line.front() == '%') return false;  // what a shell replaces
    if (line.find_first_of("!#%&^~?"sv) == std::string_view::npos || line.find_first_of("=,@.+*"sv) != std::string_view::npos) return false;
    const auto kinds = kinds_of(line);
    return kinds.others == 0 && kinds.small > 0 && kinds.large > 0 && kinds.digits > 0 && line.find('%') == std::string_view::npos;
}

bool is_key_line(std::string_view line) {
    constexpr std::size_t k_least_turns = 30;
    if (line.size() != 64 && line.size() != 70 && line.size() != 76) return false;
    if (!std::all_of(line.begin(), line.end(), [](char c) { return is_base64(c); })) return false;
    const auto kinds = kinds_of(line);
    if (kinds.small < 8 || kinds.large < 8 || turns_in(line) < k_least_turns || std::count(line.begin(), line.end(), '/') > 8) return false;
    return !is_text_in_base64(line);
}

}  // namespace deadbox::plugin
