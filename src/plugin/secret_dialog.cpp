#include "plugin/secret_dialog.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "plugin/secret_value.hpp"

namespace deadbox::plugin {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_line_words = 8;  // of a line

// Where the secret stands behind a verb, the first word is 1; and how many words the line has then at least.
struct Verb {
    std::string_view name;
    std::size_t secret;
};
constexpr std::array k_verbs{Verb{"user", 2}, Verb{"pass", 1}, Verb{"login", 2}, Verb{"logon", 2}};
constexpr std::array k_methods{"plain"sv, "login"sv, "cram-md5"sv, "tls"sv, "ssl"sv};  // AUTH tells one first

bool is_mark(char c) { return c == '"' || c == '\'' || c == '`'; }

struct LineWord {
    std::size_t start = 0, end = 0;
};

class Lines {
public:
    Lines(std::string_view text, std::vector<SecretSpan>& all) : m_text(text), m_all(all) {}

    // [start, end): a line.
    void read(std::size_t start, std::size_t end) {
        std::vector<LineWord> words;
        for (std::size_t at = start; at < end && words.size() < k_line_words;) {
            while (at < end && (static_cast<unsigned char>(m_text[at]) <= ' ' || is_mark(m_text[at]) || (m_text[at] == '$' && at + 1 < end && is_mark(m_text[at + 1])))) ++at;
            LineWord word{at, at};
            while (word.end < end && static_cast<unsigned char>(m_text[word.end]) > ' ') ++word.end;
            at = word.end;
            while (word.end > word.start && is_mark(m_text[word.end - 1])) --word.end;
            if (word.start < word.end) words.push_back(word);
        }
        if (words.empty()) return;
        ++m_count;
        if (!find(words)) find_answer(words);
        m_alone = words.size() == 1;
    }

private:
    std::string said(const LineWord& word) const { return lowered(m_text.substr(word.start, word.end - word.start)); }

    bool find(const std::vector<LineWord>& words) {
        std::size_t at = said(words[0]) == "quote" || said(words[0]) == "literal" ? 1 : 0;
        if (at >= words.size()) return true;
        if (at + 3 < words.size() && said(words[at + 1]) == "login") ++at;  // IMAP's tag
        const auto verb = said(words[at]);
        for (const auto& known : k_verbs)
            if (verb == known.name) return at + known.secret < words.size() ? add(words[at + known.secret]) : true;
        if (verb == "auth") {
            const bool method = at + 1 < words.size() && std::find(k_methods.begin(), k_methods.end(), said(words[at + 1])) != k_methods.end();
            return at + (method ? 2 : 1) < words.size() ? add(words.back()) : true;
        }
        if (verb == "open" || verb == "connect") {
            for (std::size_t i = at + 1; i + 1 < words.size(); ++i) {
                const auto& user = words[i + 1];
                const auto comma = m_text.substr(user.start, user.end - user.start).find(',');
                if (said(words[i]) == "-u" && comma != std::string_view::npos) add({user.start + comma + 1, user.end});
            }
            return true;
        }
        return false;
    }

    // The second of two words that stand alone, where no language has it.
    void find_answer(const std::vector<LineWord>& words) {
        if (m_count != 2 || !m_alone || words.size() != 1) return;
        const auto word = m_text.substr(words[0].start, words[0].end - words[0].start);
        const bool letter = std::any_of(word.begin(), word.end(), [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; });
        const bool odd = std::any_of(word.begin(), word.end(), [](char c) { return is_digit(c) || "!#$%&*+=?@^~"sv.find(c) != std::string_view::npos; });
        if (word.size() >= 6 && letter && odd) add(words[0]);
    }

    bool add(const LineWord& word) {
        const auto value = m_text.substr(word.start, word.end - word.start);
        if (!value.empty() && !is_masked(value) && !is_reference(value)) m_all.push_back({word.start, value.size(), SecretKind::password});
        return true;
    }

    std::string_view m_text;
    std::vector<SecretSpan>& m_all;
    std::size_t m_count = 0;
    bool m_alone = false;  // the line before was one word
};

}  // namespace

void dialog_secrets(std::string_view text, std::size_t start, std::size_t end, std::vector<SecretSpan>& all) {
    Lines lines(text, all);
    end = std::min(end, text.size());
    for (std::size_t from = start; from < end;) {
        auto stop = from;
        std::size_t mark = 0;
        while (stop < end) {
            mark = text[stop] == '\n' ? 1 : text[stop] == '\\' && stop + 1 < end && text[stop + 1] == 'n' ? 2 : text[stop] == ';' && (stop + 1 >= end || is_blank(text[stop + 1])) ? 1 : 0;
            if (mark > 0) break;
            ++stop;
        }
        lines.read(from, stop);
        from = stop + mark;
    }
}

}  // namespace deadbox::plugin
