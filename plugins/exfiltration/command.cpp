#include "exfiltration/command.hpp"

#include <algorithm>
#include <array>

#include "plugin/network_address.hpp"

namespace deadbox::plugins::exfiltration {
namespace {

using namespace std::string_view_literals;
using Words = std::vector<std::string>;

constexpr std::size_t k_longest = 8'192;
constexpr std::size_t k_most_words = 256;

std::string lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

template <std::size_t N>
bool among(std::string_view text, const std::array<std::string_view, N>& list) {
    return std::find(list.begin(), list.end(), text) != list.end();
}

// One program with its words; `piped`: it reads what the one before it wrote.
struct Command {
    Words words;
    std::string input, output;  // < and >
    bool piped = false;
};

// Quotes and backslashes as a shell has them; what expansions would give is not known.
class Splitter {
public:
    explicit Splitter(std::string_view line) : m_line(line.substr(0, k_longest)) {}
    std::vector<Command> split() {
        while (m_at < m_line.size()) step(m_line[m_at]);
        end_command(false);
        return std::move(m_commands);
    }

private:
    void step(char c) {
        if (c == ' ' || c == '\t') return end_word(), void(++m_at);
        if (c == '#' && !m_any) return void(m_at = m_line.size());
        if (c == '|' || c == ';' || c == '&' || c == '\n' || c == '(' || c == ')' || c == '`') return separator(c);
        if (c == '<' || c == '>') return redirection(c);
        m_any = true;
        if (c == '\'' || c == '"') return quoted(c);
        if (c == '\\' && m_at + 1 < m_line.size()) ++m_at;
        m_word += m_line[m_at++];
    }
    void quoted(char quote) {
        for (++m_at; m_at < m_line.size() && m_line[m_at] != quote; ++m_at) {
            if (quote == '"' && m_line[m_at] == '\\' && m_at + 1 < m_line.size()) ++m_at;
            m_word += m_line[m_at];
        }
        ++m_at;
    }
    void separator(char c) {
        if (c == '&' && m_redirect != 0) return void(++m_at);  // >&2
        end_word();
        const bool doubled = m_at + 1 < m_line.size() && m_line[m_at + 1] == c;
        m_at += doubled ? 2 : 1;
        end_command(c == '|' && !doubled);
    }
    void redirection(char c) {
        if (!m_word.empty() && m_word.size() == 1 && m_word[0] >= '0' && m_word[0] <= '9') m_word.clear(), m_any = false;
        end_word();
        m_redirect = c;
        while (m_at < m_line.size() && (m_line[m_at] == '<' || m_line[m_at] == '>')) ++m_at;
    }
    void end_word() {
        if (m_any) {
            if (m_redirect == '<') m_command.input = m_word;
            else if (m_redirect == '>') m_command.output = m_word;
            else if (m_command.words.size() < k_most_words) m_command.words.push_back(m_word);
            m_redirect = 0;
        }
        m_word.clear(), m_any = false;
    }
    void end_command(bool pipe) {
        end_word();
        m_redirect = 0;
        if (!m_command.words.empty()) m_commands.push_back(std::move(m_command));
        m_command = {};
        m_command.piped = pipe;
    }
    std::string_view m_line;
    std::size_t m_at = 0;
    std::string m_word;
    bool m_any = false;
    char m_redirect = 0;
    Command m_command;
    std::vector<Command> m_commands;
};

std::string base_name(std::string_view path) { return std::string(path.substr(path.rfind('/') + 1)); }

// Takes away what only runs another program: sudo -u x, env A=b, nohup, time, nice -n 5.
void unwrap(Words& words) {
    static constexpr std::array k_wrappers{"sudo"sv, "doas"sv, "env"sv, "nohup"sv, "time"sv, "nice"sv, "ionice"sv, "exec"sv, "command"sv, "setsid"sv, "timeout"sv, "proxychains"sv, "proxychains4"sv, "torsocks"sv, "torify"sv, "stdbuf"sv, "unbuffer"sv};
    static constexpr std::array k_with_value{"-u"sv, "-g"sv, "-n"sv, "-c"sv, "-h"sv, "-p"sv, "-k"sv, "-s"sv, "-f"sv};
    for (;;) {
        while (!words.empty() && words.front().find('=') != std::string::npos && words.front().find('=') < words.front().find('/')) words.erase(words.begin());
        if (words.empty() || !among(base_name(words.front()), k_wrappers)) return;
        const bool timeout = base_name(words.front()) == "timeout";
        words.erase(words.begin());
        while (!words.empty() && words.front().starts_with('-')) {
            const bool value = among(words.front(), k_with_value);
            words.erase(words.begin());
            if (value && !words.empty()) words.erase(words.begin());
        }
        if (timeout && !words.empty()) words.erase(words.begin());
    }
}

// Programs whose output is data when it goes into a pipe.
bool makes_data(Words words) {
    static constexpr std::array k_dumpers{"mysqldump"sv, "mariadb-dump"sv, "pg_dump"sv, "pg_dumpall"sv, "mongodump"sv, "mongoexport"sv, "redis-cli"sv, "slapcat"sv, "ldapsearch"sv, "sqlite3"sv, "mydumper"sv, "xtrabackup"sv, "mariabackup"sv, "dd"sv, "tar"sv, "bsdtar"sv, "zip"sv, "7z"sv, "7za"sv, "cpio"sv, "dump"sv, "xfsdump"sv, "getent"sv};
    unwrap(words);
    if (words.empty()) return false;
    const auto name = base_name(words.front());
    if (name == "tar" || name == "bsdtar") return std::none_of(words.begin() + 1, words.end(), [](const auto& w) { return w == "-t" || w == "-x" || w == "-tf" || w == "-xf" || w == "--list" || w == "--extract"; });
    return among(name, k_dumpers) || std::any_of(words.begin() + 1, words.end(), [](const auto& w) { return names_data(w); });
}

// A program as its output's name: the program and the files that it was given.
Words named_output(const Command& command) {
    Words words = command.words, named;
    unwrap(words);
    if (words.empty()) return named;
    named.push_back(base_name(words.front()));
    for (auto word = words.begin() + 1; word != words.end(); ++word)
        if (names_data(*word) || word->starts_with('/')) named.push_back(*word);
    return named;
}

// user@host:path, host:path, host::module, rsync://host/path, sftp://...; "" for a local path.
std::string remote_host(std::string_view word) {
    if (const auto scheme = word.find("://"); scheme != std::string_view::npos) {
        auto authority = word.substr(scheme + 3);
        authority = authority.substr(0, authority.find_first_of("/?"));
        if (const auto at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
        if (authority.starts_with('[')) return std::string(authority.substr(1, authority.find(']') - 1));
        return std::string(authority.substr(0, authority.find(':')));
    }
    const auto colon = word.find(':');
    if (colon == std::string_view::npos || colon == 0 || word.find('/') < colon) return {};
    auto host = word.substr(0, colon);
    if (const auto at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
    return std::string(host);
}

// An URL's host; a word like transfer.sh/x counts where a program takes URLs without their scheme.
std::string url_host(std::string_view word) {
    if (word.find("://") != std::string_view::npos) return remote_host(word);
    const auto host = word.substr(0, word.find_first_of("/:?"));
    const bool plausible = host.find('.') != std::string_view::npos && !host.starts_with('.') && !host.starts_with('-') &&
                           std::all_of(host.begin(), host.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-'; });
    return plausible ? std::string(host) : std::string();
}

Transfer sent(std::string_view program, Words what, std::string target, Means means = Means::upload) {
    Transfer t;
    t.means = means, t.program = program, t.what = std::move(what), t.target = std::move(target);
    t.data = std::any_of(t.what.begin(), t.what.end(), [](const auto& file) { return names_data(file); });
    return t;
}

// The value of an option, "-T x", "-sTx", "--upload-file x" or "--upload-file=x": moves `i` on to it.
std::optional<std::string> option(const Words& words, std::size_t& i, char brief, std::string_view full) {
    constexpr std::string_view k_switches = "sSfkLvgiNna0#jJqOlRIG46";  // curl's letters without a value, which may stand before it
    const std::string_view word = words[i];
    if (word.starts_with("--")) {
        if (!word.starts_with(full)) return std::nullopt;
        if (word.size() > full.size() && word[full.size()] == '=') return std::string(word.substr(full.size() + 1));
        return word.size() == full.size() && i + 1 < words.size() ? std::optional(words[++i]) : std::nullopt;
    }
    const auto at = brief == 0 || !word.starts_with('-') ? std::string_view::npos : word.find(brief, 1);
    if (at == std::string_view::npos || word.substr(1, at - 1).find_first_not_of(k_switches) != std::string_view::npos) return std::nullopt;
    if (at + 1 < word.size()) return std::string(word.substr(at + 1));
    return i + 1 < words.size() ? std::optional(words[++i]) : std::nullopt;
}

// -F name=@file, -d @file; --form-string and --data-raw take no files.
std::string file_of_field(std::string_view value) {
    const auto at = value.starts_with('@') ? 0 : value.find("=@");
    if (at == std::string_view::npos) return {};
    auto file = value.substr(at == 0 && value.starts_with('@') ? 1 : at + 2);
    return std::string(file.substr(0, file.find(';')));
}

std::optional<Transfer> curl(const Words& words) {
    static constexpr std::array k_values{"-u"sv, "-H"sv, "-A"sv, "-o"sv, "-x"sv, "-X"sv, "-e"sv, "-b"sv, "-c"sv, "-m"sv, "-K"sv, "--user"sv, "--header"sv, "--request"sv, "--proxy"sv, "--output"sv, "--max-time"sv, "--limit-rate"sv};
    Words what;
    std::string host;
    for (std::size_t i = 1; i < words.size(); ++i) {
        const auto add = [&](std::string file) {
            if (!file.empty()) what.push_back(std::move(file));
        };
        if (auto file = option(words, i, 'T', "--upload-file")) add(std::move(*file));
        else if (const auto field = option(words, i, 'F', "--form")) add(file_of_field(*field));
        else if (const auto data = option(words, i, 'd', "--data")) add(file_of_field(*data));
        else if (const auto binary = option(words, i, 0, "--data-binary")) add(file_of_field(*binary));
        else if (among(words[i], k_values)) ++i;
        else if (const auto url = option(words, i, 0, "--url")) host = url_host(*url);
        else if (!words[i].starts_with('-') && !url_host(words[i]).empty()) host = url_host(words[i]);
    }
    if (what.empty() || host.empty()) return std::nullopt;
    return sent("curl", std::move(what), std::move(host));
}

std::optional<Transfer> wget(const Words& words) {
    Words what;
    std::string host;
    for (std::size_t i = 1; i < words.size(); ++i) {
        if (auto file = option(words, i, 0, "--post-file")) what.push_back(std::move(*file));
        else if (auto body = option(words, i, 0, "--body-file")) what.push_back(std::move(*body));
        else if (!words[i].starts_with('-') && !url_host(words[i]).empty()) host = url_host(words[i]);
    }
    if (what.empty() || host.empty()) return std::nullopt;
    return sent("wget", std::move(what), std::move(host));
}

// scp and rsync: the last word is the target; what is before it are options, their values and the sources.
std::optional<Transfer> copy_program(const Words& words, std::string_view name) {
    static constexpr std::array k_values{"-P"sv, "-i"sv, "-o"sv, "-F"sv, "-l"sv, "-c"sv, "-S"sv, "-J"sv, "-e"sv, "--rsh"sv, "--exclude"sv, "--include"sv, "--password-file"sv, "--bwlimit"sv, "--port"sv, "-f"sv, "--filter"sv, "--exclude-from"sv, "--files-from"sv, "--rsync-path"sv, "--log-file"sv};
    Words places;
    for (std::size_t i = 1; i < words.size(); ++i) {
        if (!words[i].starts_with('-')) places.push_back(words[i]);
        else if (among(words[i], k_values) && !(name == "rsync" && (words[i] == "-P" || words[i] == "-i" || words[i] == "-l" || words[i] == "-c" || words[i] == "-o" || words[i] == "-S" || words[i] == "-F"))) ++i;
    }
    if (places.size() < 2) return std::nullopt;
    auto host = remote_host(places.back());
    places.pop_back();
    if (host.empty() || std::any_of(places.begin(), places.end(), [](const auto& place) { return !remote_host(place).empty(); })) return std::nullopt;
    return sent(name, std::move(places), std::move(host));
}

// Tools that copy between here and a storage: VERB SOURCE... TARGET, where the target is a remote one.
struct Storage {
    std::string_view program, verb, remote;  // a word that begins so, or holds ":" for "*:", is remote
};
constexpr std::array k_storages{Storage{"rclone", "copy", "*:"}, Storage{"rclone", "sync", "*:"}, Storage{"rclone", "move", "*:"}, Storage{"rclone", "copyto", "*:"}, Storage{"rclone", "moveto", "*:"},
                                Storage{"aws", "cp", "s3://"}, Storage{"aws", "sync", "s3://"}, Storage{"aws", "mv", "s3://"}, Storage{"gsutil", "cp", "gs://"}, Storage{"gsutil", "rsync", "gs://"},
                                Storage{"gsutil", "mv", "gs://"}, Storage{"gcloud", "cp", "gs://"}, Storage{"s3cmd", "put", "s3://"}, Storage{"s3cmd", "sync", "s3://"}, Storage{"s5cmd", "cp", "s3://"},
                                Storage{"azcopy", "copy", "https://"}, Storage{"azcopy", "cp", "https://"}, Storage{"swift", "upload", ""}, Storage{"b2", "upload-file", ""}, Storage{"b2", "sync", "b2://"},
                                Storage{"croc", "send", ""}, Storage{"wormhole", "send", ""}, Storage{"ffsend", "upload", ""}, Storage{"gdrive", "upload", ""}, Storage{"megacmd", "put", ""},
                                Storage{"mega-put", "", ""}, Storage{"megaput", "", ""}, Storage{"transfer", "", ""}, Storage{"gof", "", ""}};

// rclone's "name:path", or ":backend,host=HOST,...:path", which is described where it stands.
std::string remote_of(std::string_view program, const std::string& place) {
    if (!place.starts_with(':')) return std::string(program) + " " + place.substr(0, place.find(':') + 1);
    const auto description = place.substr(1, place.find(':', 1) == std::string::npos ? std::string::npos : place.find(':', 1) - 1);
    const auto host = description.find(",host=");
    if (host != std::string::npos) return description.substr(host + 6, description.find(',', host + 6) == std::string::npos ? std::string::npos : description.find(',', host + 6) - host - 6);
    return std::string(program) + " :" + description.substr(0, description.find(',')) + ":";
}

std::optional<Transfer> storage(const Words& words, std::string_view name) {
    // Whose, where and by which secret: no files.
    static constexpr std::array k_values{"-p"sv, "-u"sv, "-k"sv, "--password"sv, "--pass"sv, "--username"sv, "--user"sv, "--code"sv, "--token"sv, "--access-token"sv, "--refresh-token"sv, "--config"sv, "--key"sv, "--pin"sv, "--profile"sv, "--region"sv,
                                         "--endpoint-url"sv, "--parent"sv, "--path"sv, "--relay"sv, "--relay-url"sv, "--curve"sv, "--os-username"sv, "--os-password"sv, "--sse"sv, "--storage-class"sv, "--acl"sv, "--access_key"sv, "--secret_key"sv, "--host"sv};
    for (const auto& one : k_storages) {
        if (one.program != name) continue;
        const auto verb = one.verb.empty() ? words.begin() : std::find(words.begin() + 1, words.end(), one.verb);
        if (verb == words.end()) continue;
        Words places;
        for (auto it = verb + 1; it != words.end(); ++it) {
            if (!it->starts_with('-')) places.push_back(*it);
            else if (among(*it, k_values) && it + 1 != words.end()) ++it;
        }
        if (places.empty()) continue;
        if (one.remote.empty()) return sent(name, std::move(places), std::string(name));
        if (places.size() < 2) continue;
        const auto is_remote = [&](std::string_view place) { return one.remote == "*:" ? place.find(':') != std::string_view::npos && place.find(':') < place.find('/') : place.starts_with(one.remote); };
        auto target = places.back();
        places.pop_back();
        if (!is_remote(target) || is_remote(places.front())) continue;
        if (one.remote == "https://") target = remote_host(target);
        else if (one.remote == "*:") target = remote_of(name, target);
        else target = target.substr(0, target.find('/', one.remote.size()));
        return sent(name, std::move(places), std::move(target));
    }
    return std::nullopt;
}

// lftp -e "put x; bye" host, ncftpput host folder files, ftp-upload -h host files.
std::optional<Transfer> ftp(const Words& words, std::string_view name) {
    if (name == "lftp") {
        for (std::size_t i = 1; i + 1 < words.size(); ++i) {
            if (words[i] != "-e" && words[i] != "-c") continue;
            const auto& script = words[i + 1];
            const bool puts = script.find("put ") != std::string::npos || script.find("mirror -R") != std::string::npos || script.find("mirror --reverse") != std::string::npos;
            if (!puts) return std::nullopt;
            std::string host;
            for (std::size_t k = 1; k < words.size(); ++k)
                if (k != i + 1 && !words[k].starts_with('-') && !url_host(words[k]).empty()) host = url_host(words[k]);
            if (host.empty())
                if (const auto open = script.find("open "); open != std::string::npos) host = url_host(script.substr(open + 5, script.find_first_of(" ;", open + 5) - open - 5));
            if (host.empty()) return std::nullopt;
            Words what;
            const auto put = script.find("put ");
            if (put != std::string::npos) what.push_back(script.substr(put + 4, script.find_first_of(" ;", put + 4) - put - 4));
            return sent(name, std::move(what), std::move(host));
        }
        return std::nullopt;
    }
    Words places;
    for (std::size_t i = 1; i < words.size(); ++i) {
        if (words[i] == "-u" || words[i] == "-p" || words[i] == "-P") ++i;
        else if (!words[i].starts_with('-')) places.push_back(words[i]);
    }
    if (places.size() < 2) return std::nullopt;
    auto host = places.front();
    places.erase(places.begin());
    return sent(name, std::move(places), std::move(host));
}

// nc, ncat, socat, openssl s_client, ssh with something that flows into them.
std::optional<Transfer> connection(const Command& command, std::string_view name, const Command* before) {
    Words what;
    if (command.piped && before != nullptr) {
        if (!makes_data(before->words) && before->input.empty()) return std::nullopt;
        what = named_output(*before);
    } else if (!command.input.empty() && !command.input.starts_with("/dev/")) {
        what.push_back(command.input);
    } else {
        return std::nullopt;
    }
    std::string host;
    const auto& words = command.words;
    for (std::size_t i = 1; i < words.size() && host.empty(); ++i) {
        if (name == "openssl") {
            if (words[i] == "-connect" && i + 1 < words.size()) host = words[i + 1].substr(0, words[i + 1].rfind(':'));
        } else if (name == "socat") {
            const auto lower = lowered(words[i]);
            for (const auto kind : {"tcp:"sv, "tcp4:"sv, "openssl:"sv, "ssl:"sv, "udp:"sv})
                if (lower.starts_with(kind)) host = words[i].substr(kind.size(), words[i].find(':', kind.size()) - kind.size());
        } else if (words[i].starts_with('-')) {
            if (name != "ssh" && words[i].find('l') != std::string::npos && !words[i].starts_with("--")) return std::nullopt;  // it listens
            static constexpr std::array k_values{"-p"sv, "-i"sv, "-o"sv, "-w"sv, "-q"sv, "-s"sv, "-b"sv, "-c"sv, "-l"sv, "-J"sv, "-F"sv};
            if (among(words[i], k_values)) ++i;
        } else {
            host = words[i].substr(words[i].rfind('@') == std::string::npos ? 0 : words[i].rfind('@') + 1);
        }
    }
    if (host.empty()) return std::nullopt;
    auto t = sent(name, std::move(what), std::move(host), name == "ssh" ? Means::upload : Means::raw);
    t.piped = command.piped && before != nullptr;
    t.data = t.data || (t.piped && makes_data(before->words));
    return t;
}

// Files that go along with a mail, or data that is its text: GNU mail -A, s-nail and mutt -a, mpack, swaks. Machines mail their
// reports all day; what no file is attached to, and no dump flows into, is one of these.
std::optional<Transfer> mail(const Command& command, std::string_view name, const Command* before) {
    static constexpr std::array k_attach{"-A"sv, "-a"sv, "--attach"sv, "--attachment"sv};
    static constexpr std::array k_values{"-s"sv, "-r"sv, "-c"sv, "-b"sv, "-F"sv, "-S"sv, "-M"sv, "-e"sv, "-i"sv, "-f"sv, "--subject"sv, "--from"sv, "--server"sv, "--body"sv, "--header"sv, "-d"sv, "-n"sv};
    Words what;
    std::string to;
    const auto& words = command.words;
    const auto place = [&](const std::string& word) {
        const auto at = word.rfind('@');
        if (at != std::string::npos && at > 0 && at + 1 < word.size()) to = url_host(word.substr(at + 1, word.find_first_of(",>", at) - at - 1));
        else if (name == "mpack") what.push_back(word);
    };
    for (std::size_t i = 1; i < words.size(); ++i) {
        const auto equals = words[i].find('=');
        const auto key = std::string_view(words[i]).substr(0, words[i].starts_with("--") ? equals : std::string::npos);
        if (among(key, k_attach) && !(name == "sendmail" || name == "msmtp")) {
            auto file = key.size() < words[i].size() ? words[i].substr(equals + 1) : i + 1 < words.size() ? words[++i] : std::string();
            if (file.starts_with('@')) file.erase(0, 1);
            const bool header = file.find(": ") != std::string::npos;  // bsd-mailx -a
            if (!file.empty() && !header) what.push_back(std::move(file));
        } else if (key == "--to" || key == "-t" || key == "-to") {
            if (key.size() < words[i].size()) place(words[i].substr(equals + 1));
            else if (i + 1 < words.size()) place(words[++i]);
        } else if (among(key, k_values)) {
            ++i;
        } else if (!words[i].starts_with('-')) {
            place(words[i]);
        }
    }
    bool piped = false;
    if (what.empty() && !command.input.empty() && names_data(command.input)) what.push_back(command.input);
    else if (what.empty() && command.piped && before != nullptr && makes_data(before->words)) what = named_output(*before), piped = true;
    if (what.empty() || to.empty()) return std::nullopt;
    auto t = sent(name, std::move(what), std::move(to));
    t.piped = piped, t.data |= piped;
    return t;
}

std::optional<Transfer> one(const Command& command, const Command* before) {
    Words words = command.words;
    unwrap(words);
    for (const auto& place : {command.output, command.input})  // bash's own: cat x > /dev/tcp/host/port
        if ((place.starts_with("/dev/tcp/") || place.starts_with("/dev/udp/")) && place == command.output && !words.empty()) {
            auto host = place.substr(9, place.find('/', 9) - 9);
            auto what = Words(words.begin() + 1, words.end());
            const bool output = what.empty();
            if (output) what.push_back(words.front());
            auto t = sent("/dev/tcp", std::move(what), std::move(host), Means::raw);
            t.piped = output;
            t.data = t.data || makes_data(words) || (command.piped && before != nullptr && makes_data(before->words));
            return t.what.empty() && !t.data ? std::nullopt : std::optional(std::move(t));
        }
    if (words.empty()) return std::nullopt;
    const auto name = base_name(words.front());
    Command plain = command;
    plain.words = words;
    if (name == "curl") {
        auto t = curl(words);
        if (t && command.piped && before != nullptr) {  // -T -
            if (makes_data(before->words)) t->data = true;
            if (t->what == Words{"-"}) t->what = named_output(*before), t->piped = true;
        }
        return t;
    }
    if (name == "wget") return wget(words);
    if (name == "scp" || name == "rsync") return copy_program(words, name);
    static constexpr std::array k_mailers{"mail"sv, "mailx"sv, "s-nail"sv, "nail"sv, "heirloom-mailx"sv, "bsd-mailx"sv, "mutt"sv, "neomutt"sv, "mpack"sv, "swaks"sv, "sendmail"sv, "msmtp"sv, "sendemail"sv};
    if (among(name, k_mailers)) return mail(plain, name, before);
    if (name == "lftp" || name == "ncftpput" || name == "ftpput") return ftp(words, name);
    if (name == "nc" || name == "ncat" || name == "netcat" || name == "nc.traditional" || name == "nc.openbsd" || name == "socat" || name == "ssh") return connection(plain, name, before);
    if (name == "openssl" && std::find(words.begin(), words.end(), "s_client") != words.end()) return connection(plain, name, before);
    return storage(words, name);
}

}  // namespace

bool names_data(std::string_view file) {
    static constexpr std::array k_endings{".sql"sv, ".dump"sv, ".dmp"sv, ".bak"sv, ".csv"sv, ".db"sv, ".sqlite"sv, ".sqlite3"sv, ".tar"sv, ".tgz"sv, ".tbz2"sv, ".txz"sv, ".gz"sv, ".bz2"sv, ".xz"sv, ".zst"sv, ".zip"sv, ".7z"sv, ".rar"sv, ".mbox"sv, ".pst"sv, ".ibd"sv, ".kdbx"sv, ".pem"sv, ".key"sv, ".p12"sv, ".pfx"sv};
    static constexpr std::array k_places{"/etc/shadow"sv, "/etc/passwd"sv, "/etc/gshadow"sv, "/var/lib/mysql"sv, "/var/lib/postgresql"sv, "/var/lib/mongodb"sv, "/var/lib/ldap"sv, "/.ssh"sv, "/var/mail"sv, "/var/spool/mail"sv, "/var/vmail"sv};
    if (file.starts_with('-')) return false;
    const auto lower = lowered(file);
    return std::any_of(k_endings.begin(), k_endings.end(), [&](auto ending) { return lower.ends_with(ending); }) ||
           std::any_of(k_places.begin(), k_places.end(), [&](auto place) { return lower.find(place) != std::string::npos; });
}

bool is_near(std::string_view host) {
    if (host.empty() || host.find('$') != std::string_view::npos) return true;  // nothing is known of it
    if (plugin::is_private(host) || plugin::is_this_machine(host)) return true;
    if (host.find('.') == std::string_view::npos) return host.find(':') == std::string_view::npos;
    const auto lower = lowered(host);
    static constexpr std::array k_inside{".local"sv, ".lan"sv, ".internal"sv, ".intranet"sv, ".corp"sv, ".home"sv, ".private"sv, ".localdomain"sv, ".home.arpa"sv};
    return std::any_of(k_inside.begin(), k_inside.end(), [&](auto ending) { return lower.ends_with(ending); });
}

std::optional<Transfer> transfer_in(std::string_view line) {
    const auto commands = Splitter(line).split();
    for (std::size_t i = 0; i < commands.size(); ++i) {
        // What a filter like gzip passes on comes from in front of it.
        const Command* before = i > 0 ? &commands[i - 1] : nullptr;
        static constexpr std::array k_filters{"gzip"sv, "pigz"sv, "bzip2"sv, "xz"sv, "zstd"sv, "base64"sv, "openssl"sv, "gpg"sv, "pv"sv, "cat"sv, "xxd"sv};
        for (std::size_t k = i; k-- > 1 && before != nullptr && before->piped && commands[i].piped && !before->words.empty() && among(base_name(before->words.front()), k_filters);) before = &commands[k - 1];
        if (auto found = one(commands[i], before)) return found;
    }
    return std::nullopt;
}

bool packs_data(std::string_view line) {
    static constexpr std::array k_packers{"zip"sv, "7z"sv, "7za"sv, "7zr"sv, "rar"sv, "cpio"sv, "mysqldump"sv, "mariadb-dump"sv, "pg_dump"sv, "pg_dumpall"sv, "mongodump"sv, "mongoexport"sv, "slapcat"sv, "mydumper"sv, "xtrabackup"sv, "mariabackup"sv};
    for (auto& command : Splitter(line).split()) {
        unwrap(command.words);
        if (command.words.empty()) continue;
        const auto name = base_name(command.words.front());
        if (among(name, k_packers)) return true;
        if ((name != "tar" && name != "bsdtar") || command.words.size() < 2) continue;
        // Its letters are together in the first word, or it is told in words.
        const auto& letters = command.words[1];
        const bool creates = std::find(command.words.begin(), command.words.end(), "--create") != command.words.end() || std::find(command.words.begin(), command.words.end(), "-c") != command.words.end();
        if (creates || (!letters.starts_with("--") && letters.find('c') != std::string::npos && letters.find_first_of("xt") == std::string::npos)) return true;
    }
    return false;
}

}  // namespace deadbox::plugins::exfiltration
