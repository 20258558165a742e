#include "webshell/name_pattern.hpp"

#include <algorithm>
#include <cstddef>

#include "base/function_ref.hpp"

namespace deadbox::plugins::webshell {

namespace name_patterns {
constexpr std::size_t k_longest = 1000, k_most_repeats = 1000;
constexpr int k_deepest = 20;
constexpr int k_most_steps = 20'000;
}  // namespace name_patterns
using namespace name_patterns;

struct NamePattern::Reader {
    std::string_view text;
    std::size_t at = 0;
    bool understood = true;

    bool more() const { return understood && at < text.size(); }
    std::size_t number() {
        std::size_t value = 0;
        for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) value = std::min(value * 10 + static_cast<std::size_t>(text[at] - '0'), k_most_repeats);
        return value;
    }
    static void add_range(std::bitset<256>& set, unsigned from, unsigned to) { for (; from <= to; ++from) set.set(from); }
    // "\d", "\w", "\s" and their opposites; any other byte is itself.
    void add_escaped(std::bitset<256>& set, char c) {
        std::bitset<256> named;
        switch (c) {
            case 'd': case 'D': add_range(named, '0', '9'); break;
            case 'w': case 'W': add_range(named, '0', '9'); add_range(named, 'a', 'z'); add_range(named, 'A', 'Z'); named.set('_'); break;
            case 's': case 'S': named.set(' '); add_range(named, '\t', '\r'); break;
            default:
                understood &= !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
                named.set(static_cast<unsigned char>(c));
        }
        set |= c == 'D' || c == 'W' || c == 'S' ? ~named : named;
    }
    std::bitset<256> read_set() {  // behind "["
        std::bitset<256> set;
        const bool negated = at < text.size() && text[at] == '^';
        at += negated;
        for (bool first = true; at < text.size() && (first || text[at] != ']'); first = false) {
            const char c = text[at++];
            if (c == '\\' && at < text.size()) { add_escaped(set, text[at++]); continue; }
            if (c == '[') understood = false;  // [:alpha:]
            const auto from = static_cast<unsigned char>(c);
            if (at + 1 < text.size() && text[at] == '-' && text[at + 1] != ']') {
                add_range(set, from, static_cast<unsigned char>(text[at + 1]));
                at += 2;
            } else set.set(from);
        }
        understood &= at < text.size();
        ++at;
        return negated ? ~set : set;
    }
    void read_repetition(Atom& atom) {
        if (at >= text.size()) return;
        const char c = text[at];
        if (c == '?') atom.least = 0;
        else if (c == '*') atom.least = 0, atom.most = k_most_repeats;
        else if (c == '+') atom.most = k_most_repeats;
        else if (c == '{') {
            ++at;
            atom.least = atom.most = number();
            if (at < text.size() && text[at] == ',') {
                ++at;
                atom.most = at < text.size() && text[at] == '}' ? k_most_repeats : number();
            }
            understood &= at < text.size() && text[at] == '}';
        } else return;
        ++at;
        if (at < text.size() && (text[at] == '?' || text[at] == '+')) ++at;  // how greedy it is does not matter here
    }
    std::vector<Sequence> read(int depth) {
        std::vector<Sequence> alternatives(1);
        understood &= depth < k_deepest;
        while (more() && text[at] != ')') {
            const char c = text[at++];
            if (c == '|') { alternatives.emplace_back(); continue; }
            Atom atom;
            if (c == '^') atom.kind = Atom::Kind::start;
            else if (c == '$') atom.kind = Atom::Kind::end;
            else if (c == '(') {
                atom.kind = Atom::Kind::group;
                if (text.substr(at).starts_with("?:")) at += 2;
                else if (at < text.size() && text[at] == '?') understood = false;
                atom.alternatives = read(depth + 1);
                understood &= at < text.size();
                ++at;
            } else if (c == '[') atom.letters = read_set();
            else if (c == '.') atom.letters.set();
            else if (c == '\\' && at < text.size()) add_escaped(atom.letters, text[at++]);
            else atom.letters.set(static_cast<unsigned char>(c));
            read_repetition(atom);
            alternatives.back().push_back(std::move(atom));
        }
        return alternatives;
    }
};

struct NamePattern::Matcher {
    std::string_view name;
    int steps = 0;
    using Then = base::FunctionRef<bool(std::size_t)>;

    bool any(const std::vector<Sequence>& alternatives, std::size_t at, Then then) {
        return std::any_of(alternatives.begin(), alternatives.end(), [&](const Sequence& one) { return rest(one, 0, at, then); });
    }
    bool rest(const Sequence& sequence, std::size_t which, std::size_t at, Then then) {
        if (++steps > k_most_steps) return false;
        if (which == sequence.size()) return then(at);
        return repeated(sequence, which, at, 0, then);
    }
    bool repeated(const Sequence& sequence, std::size_t which, std::size_t at, std::size_t times, Then then) {
        const auto& atom = sequence[which];
        if (++steps > k_most_steps) return false;
        if (times < atom.most) {
            // What takes nothing once does so any number of times.
            const auto again = [&](std::size_t next) { return next > at ? repeated(sequence, which, next, times + 1, then) : rest(sequence, which + 1, next, then); };
            if (atom.kind == Atom::Kind::group ? any(atom.alternatives, at, again) : one(atom, at, again)) return true;
        }
        return times >= atom.least && rest(sequence, which + 1, at, then);
    }
    bool one(const Atom& atom, std::size_t at, Then then) {
        if (atom.kind == Atom::Kind::start) return at == 0 && then(at);
        if (atom.kind == Atom::Kind::end) return at == name.size() && then(at);
        return at < name.size() && atom.letters.test(static_cast<unsigned char>(name[at])) && then(at + 1);
    }
};

NamePattern::NamePattern(std::string_view pattern) {
    Reader reader{pattern.substr(0, k_longest)};
    m_alternatives = reader.read(0);
    m_understood = reader.understood && reader.at >= reader.text.size() && pattern.size() <= k_longest;
}

bool NamePattern::matches(std::string_view name) const {
    if (!m_understood) return true;
    Matcher matcher{name};
    for (std::size_t at = 0; at <= name.size(); ++at)
        if (matcher.any(m_alternatives, at, [](std::size_t) { return true; })) return true;
    return false;
}

}  // namespace deadbox::plugins::webshell
