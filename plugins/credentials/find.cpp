#include "credentials/find.hpp"

#include <algorithm>
#include <array>

#include "credentials/keys.hpp"
#include "credentials/settings.hpp"
#include "plugin/secret_text.hpp"

namespace deadbox::plugins::credentials {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_line = 4096;

// Below these lie files of packages and what programs make anew; logs are no place where secrets are kept.
constexpr std::array k_not_here{"/usr/lib/"sv, "/usr/lib32/"sv, "/usr/lib64/"sv, "/usr/libexec/"sv, "/usr/share/"sv, "/usr/include/"sv, "/usr/src/"sv, "/usr/bin/"sv, "/usr/sbin/"sv, "/lib/"sv, "/boot/"sv, "/proc/"sv, "/sys/"sv,
                                "/dev/"sv, "/var/lib/dpkg/"sv, "/var/lib/apt/"sv, "/var/lib/rpm/"sv, "/var/lib/ucf/"sv, "/var/cache/"sv, "/var/log/"sv, "/var/lib/systemd/"sv};
constexpr std::array k_here{"/usr/share/nginx/html/"sv, "/usr/lib/cgi-bin/"sv, "/usr/share/wordpress/wp-config"sv};

template <class Visit>
void each_line(std::string_view text, Visit&& visit) {
    std::int64_t number = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        auto line = text.substr(at, std::min(end - at, k_line));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (!visit(line, ++number)) return;
        at = end + 1;
    }
}

std::vector<std::string_view> split(std::string_view line, char by, std::size_t most) {
    std::vector<std::string_view> parts;
    while (parts.size() + 1 < most) {
        const auto at = line.find(by);
        if (at == std::string_view::npos) break;
        parts.push_back(line.substr(0, at));
        line.remove_prefix(at + 1);
    }
    parts.push_back(line);
    return parts;
}

bool is_hash(std::string_view field) {
    const auto spans = plugin::secret_spans(field);
    return spans.size() == 1 && spans[0].kind == plugin::SecretKind::hash && spans[0].start == 0 && spans[0].length == field.size();
}

// user:hash, and user:hash:days:... of copies of shadow; other lines may stand between them.
void find_hashes(std::string_view text, std::vector<Credential>& all) {
    each_line(text, [&](std::string_view line, std::int64_t number) {
        const auto field = split(line, ':', 12);
        if (field.size() < 2 || field[0].empty() || field[0].size() > 64 || field[0].find_first_of(" \t$\"'=") != std::string_view::npos || !is_hash(field[1])) return all.size() < k_most;
        Credential found;
        found.kind = field.size() >= 7 ? "account_password" : "web_password", found.account = field[0], found.protection = "hashed", found.line = number, found.value = field[1];
        all.push_back(std::move(found));
        return all.size() < k_most;
    });
}

void find_pgpass(std::string_view text, std::vector<Credential>& all) {
    each_line(text, [&](std::string_view line, std::int64_t number) {
        const auto field = split(line, ':', 5);
        if (field.size() < 5 || line.starts_with('#') || field[4].empty()) return true;
        Credential found;
        found.kind = "database_password", found.setting = field[2], found.account = field[3], found.line = number, found.value = field[4];
        all.push_back(std::move(found));
        return all.size() < k_most;
    });
}

void find_netrc(std::string_view text, std::vector<Credential>& all) {
    std::string_view machine, login;
    each_line(text, [&](std::string_view line, std::int64_t number) {
        std::string_view before;
        for (const auto word : split(line, ' ', 16)) {
            if (before == "machine"sv) machine = word;
            else if (before == "login"sv) login = word;
            else if (before == "password"sv && !plugin::is_placeholder(word)) {
                Credential found;
                found.kind = "password", found.setting = machine, found.account = login, found.line = number, found.value = word;
                all.push_back(std::move(found));
            }
            if (!word.empty()) before = word;
        }
        return all.size() < k_most;
    });
}

// What has the form of a secret, line by line. `passwords`: of command lines too, for histories and scripts of users.
void find_forms(std::string_view text, bool passwords, std::vector<Credential>& all) {
    each_line(text, [&](std::string_view line, std::int64_t number) {
        for (const auto& span : plugin::secret_spans(line)) {
            const bool address = span.start > 3 && span.start + span.length < line.size() && line[span.start + span.length] == '@' && line.substr(0, span.start).rfind("://"sv) != std::string_view::npos;
            if (span.kind == plugin::SecretKind::key || (span.kind == plugin::SecretKind::password && !address && !passwords)) continue;
            if (span.kind == plugin::SecretKind::hash && !passwords) continue;
            Credential found;
            found.kind = span.kind == plugin::SecretKind::token ? "token" : span.kind == plugin::SecretKind::hash ? "account_password" : "password", found.line = number;
            if (span.kind == plugin::SecretKind::hash) found.protection = "hashed";
            found.value = line.substr(span.start, span.length);
            if (found.value.starts_with("AKIA") || found.value.starts_with("ASIA")) found.kind = "cloud_key";
            if (address) {
                const auto scheme = line.substr(0, line.substr(0, span.start).rfind("://"sv));
                found.setting = scheme.substr(std::min(scheme.find_last_of(" \t\"'=(,[<") + 1, scheme.size()));
                const auto user = line.substr(0, span.start - 1);
                found.account = user.substr(user.rfind('/') + 1);
                for (const auto database : {"mysql"sv, "postgres"sv, "pgsql"sv, "mongodb"sv, "redis"sv, "mariadb"sv, "amqp"sv})
                    if (found.setting.starts_with(database)) found.kind = "database_password";
            }
            all.push_back(std::move(found));
            if (all.size() >= k_most) return false;
        }
        return true;
    });
}

bool is_code(std::string_view path, std::string_view type) {
    for (const auto ending : {".js"sv, ".mjs"sv, ".ts"sv, ".php"sv, ".inc"sv, ".py"sv, ".rb"sv, ".pl"sv, ".pm"sv, ".java"sv, ".go"sv, ".c"sv, ".h"sv, ".jsp"sv, ".aspx"sv})
        if (path.ends_with(ending)) return true;
    for (const auto one : {"text/x-php"sv, "text/x-python"sv, "text/x-perl"sv, "text/x-ruby"sv, "text/javascript"sv, "text/x-node"sv, "text/x-jsp"sv, "text/x-asp"sv, "text/x-aspx"sv, "application/json"sv})
        if (type == one) return true;
    return false;
}

}  // namespace

bool is_place(std::string_view path) {
    for (const auto place : k_here)
        if (path.starts_with(place)) return true;
    for (const auto place : k_not_here)
        if (path.starts_with(place)) return false;
    return path != "/etc/shadow"sv && path != "/etc/shadow-"sv && path != "/etc/gshadow"sv && path != "/etc/gshadow-"sv;  // the topic passwd has them
}

std::vector<Credential> find_credentials(std::string_view path, std::string_view content_type, std::string_view text) {
    const auto name = path.substr(path.rfind('/') + 1);
    auto all = find_keys(path, text);
    const bool history = name.starts_with('.') && name.ends_with("history"sv);
    if (name == ".pgpass"sv) find_pgpass(text, all);
    else if (name == ".netrc"sv || name == "_netrc"sv) find_netrc(text, all);
    else {
        find_hashes(text, all);
        const bool hashes = std::any_of(all.begin(), all.end(), [](const auto& one) { return one.protection == "hashed"; });
        if (!hashes && !history && is_configuration(path))
            for (auto& one : find_settings(path, text, is_code(path, content_type))) all.push_back(std::move(one));
        if (!hashes && (history || is_configuration(path) || content_type == "text/x-shellscript" || name == ".git-credentials"sv)) {
            std::vector<Credential> forms;
            find_forms(text, history || content_type == "text/x-shellscript", forms);
            for (auto& one : forms) {
                const auto same = [&](const Credential& other) { return other.line == one.line && (other.value.find(one.value) != std::string::npos || one.value.find(other.value) != std::string::npos); };
                if (std::none_of(all.begin(), all.end(), same)) all.push_back(std::move(one));
            }
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
    if (all.size() > k_most) all.resize(k_most);
    for (auto& one : all)
        if (one.application.empty()) one.application = application_of(path);
    return all;
}

}  // namespace deadbox::plugins::credentials
