#include "plugin/secret_command.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "plugin/secret_dialog.hpp"
#include "plugin/secret_programs.hpp"
#include "plugin/secret_shape.hpp"
#include "plugin/secret_value.hpp"

namespace deadbox::plugin {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_words = 512;        // of one command
constexpr std::size_t k_document = 16'384;  // bytes of a here-document
constexpr std::size_t k_assigned = 1'024;   // how far in front a variable is looked for
constexpr std::size_t k_group = 1'024;      // from an echo to the end of its group

template <class Visit>
void each_name(std::string_view names, Visit&& visit) {
    for (std::size_t at = 0; at < names.size();) {
        const auto end = std::min(names.find(' ', at), names.size());
        visit(names.substr(at, end - at));
        at = end + 1;
    }
}

std::string_view base_name(std::string_view word) {
    word = word.substr(word.rfind('/') == std::string_view::npos ? 0 : word.rfind('/') + 1);
    return word.substr(word.rfind('=') == std::string_view::npos ? 0 : word.rfind('=') + 1);  // COMMAND=/usr/bin/mysql
}

// What a word is given as: <<< WORD, << END.
enum class Here : unsigned char { no, string, document };

struct Word {
    std::size_t start = 0, end = 0;  // as written
    Here here = Here::no;
};

// The rest of a header's value is the secret; the scheme before it is told.
constexpr std::array k_schemes{"bearer"sv, "basic"sv, "token"sv, "digest"sv, "negotiate"sv, "apikey"sv, "key"sv, "ntlm"sv, "hmac"sv};

// Ways to make a hash, which programs are told as well.
bool is_method(std::string_view word) {
    constexpr std::array k_methods{"sha-512"sv, "sha-256"sv, "sha512"sv, "sha256"sv, "sha512crypt"sv, "sha256crypt"sv, "md5"sv, "md5crypt"sv, "yescrypt"sv, "gost-yescrypt"sv, "scrypt"sv, "bcrypt"sv, "bcrypt-a"sv, "des"sv, "descrypt"sv, "nt"sv};
    return std::find(k_methods.begin(), k_methods.end(), lowered(word)) != k_methods.end();
}

// What NAME was set to in front of `at`, in the same text: NAME=VALUE, NAME=$(echo VALUE).
std::optional<SecretSpan> assigned(std::string_view text, std::size_t at, std::string_view name) {
    const auto from = at > k_assigned ? at - k_assigned : 0;
    const auto before = text.substr(from, at - from);
    for (auto found = before.rfind(name); found != std::string_view::npos; found = found == 0 ? std::string_view::npos : before.rfind(name, found - 1)) {
        const auto sign = from + found + name.size();
        if (sign >= at || text[sign] != '=' || (from + found > 0 && (is_word(text[from + found - 1]) || text[from + found - 1] == '$'))) continue;
        if (text.substr(sign + 1).starts_with("$("sv)) return printed_at(text, sign + 3);
        if (sign + 1 < text.size() && text[sign + 1] == '`') return printed_at(text, sign + 2);
        const auto inner = unquoted(text, sign + 1, value_end(text, sign + 1, quotes_around(text, from + found), ValueOf::setting));
        const auto value = text.substr(inner.start, inner.end - inner.start);
        if (value.empty() || is_masked(value) || is_reference(value)) return std::nullopt;
        return SecretSpan{inner.start, value.size(), SecretKind::password};
    }
    return std::nullopt;
}

// $NAME or ${NAME} and nothing else: the name.
std::string_view variable(std::string_view value) {
    if (!value.starts_with('$')) return {};
    value.remove_prefix(1);
    if (value.starts_with('{') && value.ends_with('}')) value = value.substr(1, value.size() - 2);
    return !value.empty() && std::all_of(value.begin(), value.end(), [](char c) { return is_alnum(c) || c == '_'; }) ? value : std::string_view();
}

// Headers whose values are long and no secret.
bool is_plain_header(std::string_view name) {
    const auto plain = lowered(name.substr(0, 32));
    for (const auto first : {"host"sv, "content-"sv, "accept"sv, "user-agent"sv, "if-"sv, "etag"sv, "range"sv, "date"sv, "origin"sv, "referer"sv, "x-request-id"sv, "x-forwarded-"sv})
        if (plain.starts_with(first)) return true;
    return false;
}

// Long, without a blank, letters and digits: an issuer made it.
bool looks_issued(std::string_view value) {
    const auto digits = std::count_if(value.begin(), value.end(), is_digit);
    return value.size() >= 24 && digits >= 2 && value.size() - static_cast<std::size_t>(digits) >= 4 && std::all_of(value.begin(), value.end(), [](char c) { return is_word(c) || "+/=:~"sv.find(c) != std::string_view::npos; });
}

// What no language has and nobody calls a file, a host or a state: with letters, and digits or signs.
bool is_answer(std::string_view value) {
    value = value.substr(0, std::min(value.find("\\n"sv), value.find('\n')));
    if (value.size() < 6 || value.front() == '-' || value.find_first_of(" \t/"sv) != std::string_view::npos) return false;
    const auto any = [&](auto&& is) { return std::any_of(value.begin(), value.end(), is); };
    const bool letter = any([](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }), odd = any([](char c) { return is_digit(c) || "!#%&*+=?@^~$"sv.find(c) != std::string_view::npos; });
    const bool name = value.find('.') != std::string_view::npos && std::all_of(value.begin(), value.end(), [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || "._-@:"sv.find(c) != std::string_view::npos; });
    return letter && odd && !name;
}

class Command {
public:
    // `meant`: the program, where the first word is a mistyped name; only what is made up is hidden then.
    Command(std::string_view text, std::vector<Word> words, std::vector<SecretSpan>& all, std::string_view meant = {}) : m_text(text), m_words(std::move(words)), m_all(all), m_meant(meant) {}

    void find() {
        for (std::size_t i = 0; i < m_words.size(); ++i) {
            const auto content = bare(i);
            const auto name = i == 0 && !m_meant.empty() ? m_meant : base_name(content);
            for (const auto& use : uses_of(name)) {
                if (use.option != nullptr) once(m_options, OptionAt{use.option, i});
                if (use.operand != nullptr) once(m_operands, OperandAt{use.operand, i});
                if (use.reader != nullptr) once(m_readers, ReaderAt{use.reader, i});
                m_prints |= use.prints && i == 0;
                m_named |= use.named;
            }
            if (m_words[i].here != Here::no) continue;
            for (const auto& [option, at] : m_options)
                if (i > at) test(*option, at, i);
            // npm's //registry/:_authToken
            const auto said = content.find("/:_"sv) == std::string_view::npos ? content : content.substr(content.rfind(':') + 1);
            if (m_named && (!sets_variables() || is_variable(said)) && i + 1 < m_words.size() && said.find('=') == std::string_view::npos && said != "token"sv && said != "secret"sv && !said.starts_with('-') && said.find(':') == std::string_view::npos && (names_a_secret(said) || said == "_auth"sv) && !bare(i + 1).starts_with('-')) whole_word(i + 1, Form::whole);
        }
        for (const auto& [operand, at] : m_operands) find_operand(*operand, at);
        if (m_words.size() > 2 && base_name(bare(0)) == "sed"sv) find_substitution();
        for (const auto& [reader, at] : m_readers) {
            if (!reader_is_meant(*reader, at)) continue;
            for (std::size_t i = at; i < m_words.size(); ++i)
                if (m_words[i].here == Here::string) whole_word(i, reader->form);
        }
    }

    bool prints() const { return m_prints; }
    // Of this command's readers, the form in which they take their input.
    std::optional<Form> reads() const {
        for (const auto& [reader, at] : m_readers)
            if (runs(at) && reader_is_meant(*reader, at)) return reader->form;
        return std::nullopt;
    }
    // What it prints is a secret, or has one. `less`: words at its end that are none of its operands.
    void hide_operands(Form form, std::size_t less = 0) {
        if (form == Form::dialog && m_words.size() > 1) return dialog_secrets(m_text, m_words[m_words.size() > 2 && bare(1).starts_with('-') ? 2 : 1].start, m_words.back().end, m_all);
        std::vector<std::size_t> operands;
        for (std::size_t i = 1; i + less < m_words.size(); ++i)
            if (!bare(i).starts_with('-') || bare(i).size() > 3) operands.push_back(i);
        if ((form == Form::answer || form == Form::login) && operands.size() != 1) return;
        for (const auto i : operands) whole_word(i, form);
    }
    // "\0name\0SECRET" of AUTH PLAIN, as printf and echo -e make it.
    void hide_plain_login() {
        for (std::size_t i = 1; i < m_words.size(); ++i) {
            const auto inner = unquoted(m_text, m_words[i].start, m_words[i].end);
            const auto word = m_text.substr(inner.start, inner.end - inner.start);
            const auto first = word.find("\\0"sv), second = first == std::string_view::npos ? first : word.find("\\0"sv, first + 2);
            if (second == std::string_view::npos) continue;
            const auto zeros = run(word, second + 1, [](char c) { return c == '0'; });
            add(inner.start + second + 1 + zeros, inner.end, true);
        }
    }
    // Does it hand on what it reads?
    bool hands_on() const { return !m_words.empty() && is_filter(base_name(bare(0))); }

    // Does its output go into a file whose path says that it holds how to log in?
    bool writes_login() const {
        if (m_words.size() < 3) return false;
        const auto before = m_text.substr(m_words.front().start, m_words.back().start - m_words.front().start).find_last_not_of(" \t");
        return before != std::string_view::npos && m_text[m_words.front().start + before] == '>' && names_login_file();
    }
    // tee FILE of such a path.
    bool copies_login() const { return m_words.size() > 1 && base_name(bare(0)) == "tee"sv && names_login_file(); }
    // Is the last word such a path?
    bool names_login_file() const {
        const auto path = lowered(bare(m_words.size() - 1));
        auto name = std::string_view(path).substr(path.rfind('/') + 1);
        if (name.starts_with('.')) name.remove_prefix(1);
        if (names_a_secret(name.substr(0, name.find('.'))) || name == "netrc"sv) return true;
        return path.find("pass") != std::string::npos || path.find("cred") != std::string::npos || path.find("secret") != std::string::npos || path.find("auth") != std::string::npos || path.find("login") != std::string::npos || path.find("/openvpn/") != std::string::npos;
    }

    // The word that ends its here-document; "" where it has none.
    std::string_view document() const {
        for (std::size_t i = 0; i < m_words.size(); ++i)
            if (m_words[i].here == Here::document) return bare(i);
        return {};
    }
    // [start, end): lines of a here-document that it reads. A password alone is the first; what follows is for the program behind it.
    void hide_document(Form form, std::size_t start, std::size_t end) {
        if (form == Form::dialog) return dialog_secrets(m_text, start, end, m_all);
        while (start < end) {
            const auto stop = std::min(m_text.find('\n', start), end);
            if (form != Form::whole || m_text.substr(start, stop - start).find(' ') == std::string_view::npos) take(start, stop, true, form);
            if (form == Form::whole || form == Form::answer) return;
            start = stop + 1;
        }
    }

private:
    // A row of a table, and the first word that names its program.
    template <class Row>
    struct RowAt {
        const Row* row;
        std::size_t at;
    };
    using OptionAt = RowAt<Option>;
    using OperandAt = RowAt<Operand>;
    using ReaderAt = RowAt<Reader>;
    template <class Rows>
    static void once(Rows& rows, typename Rows::value_type one) {
        if (std::none_of(rows.begin(), rows.end(), [&](const auto& other) { return other.row == one.row; })) rows.push_back(one);
    }

    std::string_view bare(std::size_t i) const {
        const auto inner = unquoted(m_text, m_words[i].start, m_words[i].end);
        return m_text.substr(inner.start, inner.end - inner.start);
    }
    bool stands(std::string_view word, std::size_t from, std::size_t to) const {
        for (std::size_t i = from; i < to && i < m_words.size(); ++i)
            if (bare(i) == word) return true;
        return false;
    }
    // Is it the program of this command, at most behind one that starts it?
    bool runs(std::size_t at) const {
        for (std::size_t i = 0; i < at; ++i) {
            const auto word = bare(i);
            const bool value = i > 1 && bare(i - 1).size() == 2 && bare(i - 1).front() == '-' && "ugnksCT"sv.find(bare(i - 1)[1]) != std::string_view::npos;  // sudo -u postgres
            if (!value && !word.starts_with('-') && word.find('=') == std::string_view::npos && !is_starter(base_name(word)) && !std::all_of(word.begin(), word.end(), is_digit)) return false;
        }
        return true;
    }
    // A short option, alone or in a row of such: -S, -kS.
    bool has_flag(std::string_view option, std::size_t from) const {
        for (std::size_t i = from; i < m_words.size() && option.size() == 2 && option.front() == '-'; ++i) {
            const auto word = bare(i);
            if (word.size() >= 2 && word.size() <= 5 && word.front() == '-' && std::all_of(word.begin() + 1, word.end(), is_alnum) && word.find(option[1]) != std::string_view::npos) return true;
        }
        return false;
    }
    // set of fish and setenv of csh: what follows in capitals is a variable's name. They are words of prose, too.
    bool sets_variables() const {
        const auto first = base_name(bare(0));
        return first == "set"sv || first == "setenv"sv || first == "SetEnv"sv;
    }
    static bool is_variable(std::string_view name) { return std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_'; }); }
    bool reader_is_meant(const Reader& reader, std::size_t at) const { return reader.with.empty() || has_flag(reader.with, at) || stands(reader.with, at, m_words.size()) || (reader.with == "stdin"sv && stands("-stdin"sv, at, m_words.size())); }

    void test(const Option& option, std::size_t program, std::size_t i) {
        if (!option.sub.empty() && !stands(option.sub, program + 1, i)) return;
        if (option.first_only && i > program + 1) {
            for (std::size_t k = program + 1; k < i; ++k) {
                const bool value = k > program + 1 && bare(k - 1).size() == 2 && bare(k - 1).starts_with('-') && bare(k - 1) != "-v"sv && bare(k - 1) != "-e"sv;
                if (!bare(k).starts_with('-') && !value) return;
            }
        }
        const auto inner = unquoted(m_text, m_words[i].start, m_words[i].end);
        const auto word = m_text.substr(inner.start, inner.end - inner.start);
        each_name(option.options, [&](std::string_view name) {
            if (name.starts_with("--"sv)) {
                if (word == name) next(i, option.form);
                else if (word.size() > name.size() && word.starts_with(name) && word[name.size()] == '=') glued(inner, name.size() + 1, option.form);
            } else if (name.size() == 2 && name.front() == '-') {
                if (word.size() < 2 || word.front() != '-' || word[1] == '-') return;
                std::size_t at = 1;
                while (at < word.size() && word[at] != name[1] && option.flags.find(word[at]) != std::string_view::npos) ++at;
                if (at >= word.size() || word[at] != name[1]) return;
                if (at + 1 == word.size()) {
                    if (option.take != Take::glued) next(i, option.form);
                } else if (option.take != Take::next || word[at + 1] == '=') {
                    glued(inner, at + 1 + (word[at + 1] == '=' ? 1u : 0u), option.form);
                }
            } else if (word == name) {
                if (option.take != Take::glued) next(i, option.form);
            } else if (word.size() > name.size() && word.starts_with(name) && (option.take == Take::glued || !is_alnum(name.back()))) glued(inner, name.size(), option.form);
        });
    }

    void next(std::size_t i, Form form) {
        if (i + 1 >= m_words.size() || m_words[i + 1].here != Here::no) return;
        if (form != Form::header && form != Form::fields && form != Form::cookie && bare(i + 1).starts_with('-')) return;
        // -H Name: value, where the quotes were lost
        if (form == Form::header && bare(i + 1).ends_with(':') && i + 2 < m_words.size() && names_a_secret_header(bare(i + 1).substr(0, bare(i + 1).size() - 1))) {
            const auto scheme = lowered(bare(i + 2));
            const bool told = std::find(k_schemes.begin(), k_schemes.end(), scheme) != k_schemes.end() && i + 3 < m_words.size();
            return whole_word(told ? i + 3 : i + 2, Form::whole);
        }
        whole_word(i + 1, form);
    }
    void whole_word(std::size_t i, Form form) {
        const auto inner = unquoted(m_text, m_words[i].start, m_words[i].end);
        take(inner.start, inner.end, inner.single, form);
    }
    void glued(const Unquoted& word, std::size_t from, Form form) {
        const auto inner = unquoted(m_text, word.start + from, word.end);
        take(inner.start, inner.end, inner.single || word.single, form);
    }

    void take(std::size_t start, std::size_t end, bool single, Form form) {
        if (start >= end) return;
        const auto value = m_text.substr(start, end - start);
        const auto behind = [&](char mark, bool must) {
            const auto at = value.find(mark);
            if (at == std::string_view::npos) return must ? void() : add(start, end, single);
            const auto inner = unquoted(m_text, start + at + 1, end);  // alice:'a b'
            add(inner.start, inner.end, single || inner.single);
        };
        switch (form) {
            case Form::whole: return add(start, end, single);
            case Form::after_colon: return behind(':', true);
            case Form::second: {
                const auto colon = value.find(':');
                return colon == std::string_view::npos ? void() : add(start + colon + 1, start + std::min(value.find(':', colon + 1), value.size()), single);
            }
            case Form::after_comma: return behind(',', true);
            case Form::after_percent: return behind('%', true);
            case Form::after_slash: {
                const auto slash = value.find('/');
                if (slash == std::string_view::npos || slash == 0 || value.front() == '@') return;
                const auto sign = value.rfind('@');
                return add(start + slash + 1, sign == std::string_view::npos || sign < slash ? end : start + sign, single);
            }
            case Form::pass_source: return value.starts_with("pass:"sv) ? add(start + 5, end, single) : void();
            case Form::header: {
                if (const auto span = header_value(m_text, start, end)) return add(span->start, span->start + span->length, single);
                // Whatever its name: nobody writes that by hand.
                const auto colon = value.find(':');
                const auto from = colon == std::string_view::npos ? value.size() : colon + 1 + run(value, colon + 1, is_blank);
                return !is_plain_header(value.substr(0, colon)) && looks_issued(value.substr(from)) ? add(start + from, end, single) : void();
            }
            case Form::cookie: {
                const auto equal = value.find('=');
                return equal == std::string_view::npos ? void() : add(start + equal + 1, end, single);
            }
            case Form::fields: {
                for (std::size_t at = 0; at < value.size();) {
                    const auto stop = std::min(value.find('&', at), value.size());
                    const auto equal = value.find('=', at);
                    if (equal < stop && names_a_secret_field(value.substr(at, equal - at))) add(start + equal + 1, start + stop, single);
                    at = stop + 1;
                }
                return;
            }
            case Form::at_host: {
                if (value.find("://"sv) != std::string_view::npos) return;  // an address, in any text
                const auto colon = value.find(':'), sign = value.rfind('@');
                return colon != std::string_view::npos && sign != std::string_view::npos && colon < sign ? add(start + colon + 1, start + sign, single) : void();
            }
            case Form::pair: {
                const auto blank = value.find(' ');
                return blank == std::string_view::npos || !names_a_secret(value.substr(0, blank)) ? void() : add(start + blank + 1, end, single);
            }
            case Form::dialog: return dialog_secrets(m_text, start, end, m_all);
            case Form::answer: return is_answer(value) ? add(start, end, single) : void();
            case Form::hex: return value.size() >= 32 && std::all_of(value.begin(), value.end(), [](char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); }) ? add(start, end, single) : void();
            case Form::login: {
                const auto colon = value.rfind(':');
                const auto secret = colon == std::string_view::npos ? start : start + colon + 1;
                return is_made_up(m_text.substr(secret, end - secret)) ? add(secret, end, single) : void();
            }
            case Form::scrambled: return is_scrambled(value) ? add(start, end, single) : void();
            case Form::made_up: return is_no_account_name(value) ? add(start, end, single) : void();
            case Form::answer_behind: {
                const auto equal = value.find('=');
                return equal != std::string_view::npos && (is_answer(value.substr(equal + 1)) || is_made_up(value.substr(equal + 1))) ? add(start + equal + 1, end, single) : void();
            }
            case Form::marked: {
                const auto colon = value.find(':');
                if (colon == std::string_view::npos) return is_answer(value) ? add(start, end, single) : void();
                const auto mark = value.substr(0, colon);
                return mark == "str"sv || mark == "hex"sv || mark == "raw"sv || mark == "s"sv || mark == "bf"sv || mark == "aes"sv || mark == "twofish"sv || mark == "serpent"sv || mark == "camellia"sv ? add(start + colon + 1, end, single) : void();
            }
            case Form::parts: {
                for (std::size_t at = 0; at < value.size();) {
                    const auto stop = std::min(value.find(',', at), value.size());
                    if (value.substr(at, 2) == "p="sv) add(start + at + 2, start + stop, single);
                    at = stop + 1;
                }
                return;
            }
        }
    }

    void add(std::size_t start, std::size_t end, bool single) {
        if (start >= end) return;
        const auto value = m_text.substr(start, end - start);
        if (!single && (value.starts_with("$("sv) || value.starts_with('`'))) {
            if (const auto span = printed_at(m_text, start + (value.front() == '$' ? 2 : 1))) m_all.push_back(*span);
            return;
        }
        if (is_masked(value) || (!m_meant.empty() && !is_made_up(value))) return;
        if (!single && is_reference(value)) {
            if (const auto name = variable(value); !name.empty())
                if (const auto span = assigned(m_text, m_words.front().start, name)) m_all.push_back(*span);
            return;
        }
        m_all.push_back({start, end - start, SecretKind::password});
    }

    void find_operand(const Operand& operand, std::size_t program) {
        std::size_t from = program + 1;
        if (!operand.after.empty()) {
            const auto is_after = [&](std::size_t i) {
                const auto word = bare(i);
                if (operand.after == "//*"sv) return word.starts_with("//"sv) || word.starts_with("\\\\"sv);
                if (operand.after == "-*b"sv) return word.size() >= 2 && word.front() == '-' && word[1] != '-' && word.find('b') != std::string_view::npos;
                return lowered(word) == operand.after;
            };
            while (from < m_words.size() && !is_after(from)) ++from;
            if (from >= m_words.size()) return;
            ++from;
            if (operand.after == "//*"sv && (from >= m_words.size() || bare(from).starts_with('-') || bare(from).find('%') != std::string_view::npos)) return;
        }
        if (!operand.flag.empty() && !stands(operand.flag, program + 1, m_words.size())) return;
        if (!operand.with.empty()) {
            auto first = from;
            while (first < m_words.size() && bare(first).starts_with('-')) ++first;
            if (first >= m_words.size() || bare(first).find(operand.with) == std::string_view::npos) return;
        }
        std::vector<std::size_t> operands;
        for (std::size_t i = from; i < m_words.size(); ++i) {
            const auto word = bare(i);
            if (word.starts_with('-') || m_words[i].here != Here::no || is_method(word)) continue;
            if (operand.after == "use"sv && (word.empty() || word.front() == '/' || word.front() == '\\' || word.back() == ':' || word == "*"sv)) continue;
            operands.push_back(i);
        }
        if (operand.index == k_every) {
            for (const auto i : operands) whole_word(i, operand.form);
            return;
        }
        const auto index = operand.index < 0 ? static_cast<std::ptrdiff_t>(operands.size()) + operand.index : static_cast<std::ptrdiff_t>(operand.index);
        if (index < 0 || static_cast<std::size_t>(index) >= operands.size()) return;
        if (operand.after == "-*b"sv && operands.size() < 2) return;
        if (operand.after == "auth"sv && operands.empty()) return;
        whole_word(operands[static_cast<std::size_t>(index)], operand.form);
    }

    // sed s/OLD/NEW/ of a file that is called after passwords; of s/^NAME=.*/NAME=NEW/ any text tells it.
    void find_substitution() {
        const auto last = bare(m_words.size() - 1);
        const auto stem = last.substr(last.rfind('/') == std::string_view::npos ? 0 : last.rfind('/') + 1);
        const bool any = names_a_secret(stem.substr(0, stem.find('.')));  // else only what is scrambled
        for (std::size_t i = 1; i + 1 < m_words.size(); ++i) {
            const auto inner = unquoted(m_text, m_words[i].start, m_words[i].end);
            const auto word = m_text.substr(inner.start, inner.end - inner.start);
            if (word.size() < 5 || word.front() != 's' || is_alnum(word[1])) continue;
            const auto middle = word.find(word[1], 2), close = middle == std::string_view::npos ? middle : word.find(word[1], middle + 1);
            if (close == std::string_view::npos) continue;
            hide_side(inner.start + 2, inner.start + middle, any), hide_side(inner.start + middle + 1, inner.start + close, any);
        }
    }

    void hide_side(std::size_t start, std::size_t end, bool any) {
        while (start < end && (m_text[start] == '\'' || m_text[start] == '"')) ++start;
        while (end > start && (m_text[end - 1] == '\'' || m_text[end - 1] == '"')) --end;
        if (any || is_scrambled(m_text.substr(start, end - start))) add(start, end, true);
    }

    std::string_view m_text;
    std::vector<Word> m_words;
    std::vector<SecretSpan>& m_all;
    std::vector<OptionAt> m_options;
    std::vector<OperandAt> m_operands;
    std::vector<ReaderAt> m_readers;
    std::string_view m_meant;
    bool m_prints = false, m_named = false;
};

// The words of the command that starts at `at`, up to what ends it.
std::vector<Word> words_from(std::string_view text, std::size_t& at, Quotes around) {
    std::vector<Word> words;
    Here here = Here::no;
    while (words.size() < k_words) {
        at += run(text, at, is_blank);
        if (at + 1 < text.size() && text[at] == '\\' && text[at + 1] == '\n') {
            at += 2;
            continue;
        }
        if (at >= text.size()) break;
        const char c = text[at];
        if (static_cast<unsigned char>(c) < ' ' || ";|&)`"sv.find(c) != std::string_view::npos) break;
        if (c == '<' || c == '>') {
            const auto marks = run(text, at, [&](char one) { return one == c; });
            here = c != '<' ? Here::no : marks == 3 ? Here::string : marks == 2 ? Here::document : Here::no;
            at += marks;
            if (here == Here::document && at < text.size() && text[at] == '-') ++at;
            if (at < text.size() && (text[at] == '&' || text[at] == '(')) ++at;
            continue;
        }
        const auto end = value_end(text, at, around, ValueOf::word);
        if (end <= at) {
            if (c != ',') break;
            ++at;  // cn=a,dc=b: what follows is of the same command
            continue;
        }
        words.push_back({at, end, here});
        here = Here::no;
        at = end;
    }
    return words;
}

}  // namespace

bool names_a_secret_header(std::string_view name) {
    if (name.empty() || name.size() > 64) return false;
    const auto plain = lowered(name);
    for (auto at = plain.find("auth"); at != std::string::npos; at = plain.find("auth", at + 1))
        if ((plain.compare(at, 6, "author") != 0 && plain.compare(at, 11, "authenticat") != 0) || plain.compare(at, 13, "authorization") == 0) return true;  // not Author, Authority, WWW-Authenticate
    for (const auto part : {"key"sv, "token"sv, "cookie"sv, "secret"sv, "session"sv, "passw"sv, "credential"sv, "signature"sv, "jwt"sv})
        if (plain.find(part) != std::string::npos) return !plain.starts_with("sec-websocket-"sv);
    return false;
}

bool names_a_secret_field(std::string_view name) {
    if (names_a_secret(name)) return true;
    std::string plain;
    for (const char c : name) plain += is_word(c) ? lower(c) : '_';
    for (const auto whole : {"key"sv, "auth"sv, "sig"sv, "signature"sv, "sign"sv, "pin"sv, "sid"sv, "session"sv, "sessionid"sv, "session_id"sv, "sess"sv, "jwt"sv, "otp"sv, "hmac"sv, "ticket"sv, "pw"sv, "pass"sv, "pwd"sv, "passcode"sv, "psk"sv})
        if (plain == whole) return true;
    for (const auto last : {"-key"sv, "_key"sv, "-auth"sv, "_auth"sv, "-signature"sv, "_signature"sv, "-sig"sv, "_sig"sv, "sessionid"sv, "sessid"sv, "session_id"sv, "_ticket"sv, "-credential"sv})
        if (plain.ends_with(last)) return true;
    return false;
}

std::optional<SecretSpan> header_value(std::string_view text, std::size_t start, std::size_t end) {
    const auto word = text.substr(start, end - start);
    const auto colon = word.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    auto name = word.substr(0, colon);
    if (const auto equal = name.rfind('='); equal != std::string_view::npos) name = name.substr(equal + 1);  // http.extraHeader=Authorization:
    if (!names_a_secret_header(name)) return std::nullopt;
    auto from = colon + 1 + run(word, colon + 1, is_blank);
    const auto scheme = run(word, from, is_word);
    // Of an Authorization header the first of two words is a scheme, whatever it is.
    const bool any = scheme <= 16 && lowered(name).find("auth"sv) != std::string::npos && std::all_of(word.begin() + static_cast<std::ptrdiff_t>(from), word.begin() + static_cast<std::ptrdiff_t>(from + scheme), is_alnum);
    if ((any || std::find(k_schemes.begin(), k_schemes.end(), lowered(word.substr(from, std::min(scheme, std::size_t{16})))) != k_schemes.end()) && from + scheme < word.size() && is_blank(word[from + scheme]))
        from += scheme + run(word, from + scheme, is_blank);
    if (from >= word.size()) return std::nullopt;
    return SecretSpan{start + from, word.size() - from, SecretKind::token};
}

std::optional<SecretSpan> printed_at(std::string_view text, std::size_t at) {
    at += run(text, at, [](char c) { return is_blank(c) || c == '"' || c == '\''; });
    const auto length = run(text, at, [](char c) { return is_word(c) || c == '.' || c == '/'; });
    const auto uses = uses_of(base_name(text.substr(at, length)));
    if (std::none_of(uses.begin(), uses.end(), [](const auto& use) { return use.prints; })) return std::nullopt;
    auto end = at;
    const auto words = words_from(text, end, quotes_around(text, at));
    std::size_t first = 1;
    while (first < words.size() && text[words[first].start] == '-' && words[first].end - words[first].start <= 3) ++first;
    if (first + 1 < words.size() && text.substr(words[first].start, words[first].end - words[first].start).find('%') != std::string_view::npos) ++first;  // printf FORMAT X
    if (first >= words.size()) return std::nullopt;
    const auto whole = first + 1 == words.size() ? unquoted(text, words[first].start, words[first].end) : Unquoted{words[first].start, words.back().end};
    const auto value = text.substr(whole.start, whole.end - whole.start);
    if (value.empty() || is_masked(value) || (!whole.single && is_reference(value))) return std::nullopt;
    return SecretSpan{whole.start, value.size(), SecretKind::password};
}

bool names_a_command(std::string_view name) {
    const auto plain = lowered(name);
    for (const auto last : {"command"sv, "cmd"sv, "eval"sv, "program"sv, "script"sv}) {
        if (plain.size() <= last.size() || !plain.ends_with(last)) continue;
        auto rest = name.substr(0, name.size() - last.size());
        while (rest.ends_with('-') || rest.ends_with('_')) rest.remove_suffix(1);
        if (names_a_secret(rest)) return true;
    }
    return false;
}

std::optional<SecretSpan> substitution_at(std::string_view text, std::size_t at) {
    if (!text.substr(at).starts_with("<("sv)) return std::nullopt;
    std::size_t end = at;
    while (end > 0 && at - end < 8 && (is_blank(text[end - 1]) || text[end - 1] == '=' || text[end - 1] == ':')) --end;
    std::size_t start = end;
    while (start > 0 && end - start < 64 && is_word(text[start - 1])) --start;
    auto name = text.substr(start, end - start);
    const bool option = name.starts_with('-');
    while (name.starts_with('-')) name.remove_prefix(1);
    const auto words_before = text.substr(start > 200 ? start - 200 : 0, std::min(start, std::size_t{200}));
    const auto printed = printed_at(text, at + 2);
    if (!printed || name.empty()) return std::nullopt;
    const auto value = text.substr(printed->start, printed->length);
    if (option && (name == "K"sv || name == "config"sv)) {  // curl's: user = "NAME:SECRET"
        const auto plain = lowered(value);
        const auto user = plain.find("user"sv), colon = user == std::string::npos ? user : value.find(':', user);
        if (colon == std::string_view::npos) return std::nullopt;
        auto stop = value.size();
        while (stop > colon + 1 && (value[stop - 1] == '"' || value[stop - 1] == '\'')) --stop;
        return SecretSpan{printed->start + colon + 1, stop - colon - 1, SecretKind::password};
    }
    if (option && name == "y"sv) return words_before.find("ldap"sv) == std::string_view::npos ? std::nullopt : printed;
    if (option && name == "f"sv) return words_before.find("sshpass"sv) == std::string_view::npos ? std::nullopt : printed;
    const auto plain = lowered(name);
    for (const auto last : {"-file"sv, "_file"sv, "file"sv, "-path"sv, "-from"sv})
        if (plain.ends_with(last) && plain.size() > last.size()) {
            name = name.substr(0, name.size() - last.size());
            break;
        }
    if (option && name == "wordlist"sv) return printed;  // of a guesser
    return names_a_secret(name) || lowered(name).ends_with("key"sv) || lowered(name).ends_with("askpass"sv) ? printed : std::nullopt;
}

bool CommandReader::may_start(char c) { return starts_a_program(c); }

void CommandReader::read(std::size_t at, std::vector<SecretSpan>& all) {
    const auto length = run(m_text, at, [](char c) { return is_word(c) || c == '.'; });
    if (at + length >= m_text.size() || !(is_blank(m_text[at + length]) || m_text[at + length] == '<' || m_text[at + length] == '|')) return;
    if (at < m_read_to && std::binary_search(m_starts.begin(), m_starts.end(), at)) return;
    const auto meant = uses_of(m_text.substr(at, length)).empty() ? mistyped(at, length) : std::string_view();
    if (meant.empty() && uses_of(m_text.substr(at, length)).empty()) return;
    if (m_budget == 0) return;
    const auto around = quotes_around(m_text, at);
    auto end = at;
    auto words = words_from(m_text, end, around);
    m_budget -= std::min(m_budget, end - at + 1024);
    m_read_to = std::max(m_read_to, end);
    m_starts.clear();
    for (const auto& word : words) {
        m_starts.push_back(word.start);
        const auto written = m_text.substr(word.start, word.end - word.start);
        if (const auto base = base_name(written); base.size() < written.size()) m_starts.push_back(word.end - base.size());
    }
    Command command(m_text, std::move(words), all, meant);
    command.find();
    auto form = command.reads();
    if (const auto mark = command.document(); !mark.empty()) {
        if (!form) form = reads_behind(end, around);
        const auto line = m_text.substr(0, std::min(m_text.size(), end + k_document)).find('\n', end);
        if (!form || line == std::string_view::npos) return;
        auto stop = line + 1;
        const auto last = std::min(m_text.size(), stop + k_document);
        while (stop < last) {
            const auto next = std::min(m_text.find('\n', stop), last);
            if (m_text.substr(stop, next - stop) == mark) break;
            stop = next + 1;
        }
        stop = std::min(stop, last);
        m_budget -= std::min(m_budget, stop - end);
        return command.hide_document(*form, line + 1, stop);
    }
    if (!command.prints()) return;
    if (command.writes_login()) command.hide_operands(Form::dialog), command.hide_operands(Form::login, 1);
    command.hide_plain_login();
    const auto behind = reads_behind(end, around);
    if (!behind) return;
    command.hide_operands(*behind);
    if (*behind == Form::dialog && is_later_in_group(at)) command.hide_operands(Form::answer);
}

// The program that the word is meant to be, where a command starts with it.
std::string_view CommandReader::mistyped(std::size_t at, std::size_t length) {
    auto start = at;
    while (start > 0 && is_blank(m_text[start - 1])) --start;
    if (start > 0 && ";|&(\n`"sv.find(m_text[start - 1]) == std::string_view::npos) return {};
    if (!m_has_options) m_has_options = m_text.find(" -"sv) != std::string_view::npos || m_text.find('|') != std::string_view::npos;
    return *m_has_options ? program_meant(m_text.substr(at, length)) : std::string_view();
}

// (echo name; sleep 1; echo SECRET): does something print in front of this command, in the same group?
bool CommandReader::is_later_in_group(std::size_t at) const {
    const auto from = at > k_group ? at - k_group : 0;
    const auto before = m_text.substr(from, at - from);
    const auto open = before.find_last_of("({"sv);
    if (open == std::string_view::npos) return false;
    return before.find("echo "sv, open) != std::string_view::npos || before.find("printf "sv, open) != std::string_view::npos;
}

// echo SECRET | program, (echo open host; echo SECRET) | program: how the one behind takes its input.
std::optional<Form> CommandReader::reads_behind(std::size_t end, Quotes around) {
    if (end >= m_text.size()) return std::nullopt;
    if (m_text[end] != '|') {
        const auto group = m_text.substr(0, std::min(m_text.size(), end + k_group)).find_first_of(")}", end);
        if (group == std::string_view::npos) return std::nullopt;
        m_budget -= std::min(m_budget, group - end);
        end = group + 1 + run(m_text, group + 1, is_blank);
    }
    constexpr int k_filters = 3;  // yes SECRET | head -2 | passwd
    for (int filters = 0; filters <= k_filters; ++filters) {
        if (end + 1 >= m_text.size() || m_text[end] != '|' || m_text[end + 1] == '|') return std::nullopt;
        ++end;
        const auto start = end;
        std::vector<SecretSpan> elsewhere;
        Command behind(m_text, words_from(m_text, end, around), elsewhere);
        behind.find();
        m_budget -= std::min(m_budget, end - start);
        if (behind.copies_login()) return Form::login;
        if (!behind.hands_on()) return behind.reads();
    }
    return std::nullopt;
}

}  // namespace deadbox::plugin
