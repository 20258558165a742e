#include "weblog/uses.hpp"

#include <algorithm>
#include <unordered_set>

#include "weblog/values.hpp"
#include "weblog/weblog_topic.hpp"

namespace deadbox::plugins::weblog {
namespace {

constexpr std::size_t k_most_uses = 20'000;   // of one log
constexpr std::size_t k_most_clients = 16;    // kept of one path
constexpr std::size_t k_longest_path = 1'024;
constexpr std::int64_t k_at_length = 128 << 10;  // bytes: few pages are longer

const std::unordered_set<std::string_view> k_scripts{"php", "phtml", "php3", "php4", "php5", "php7", "php8", "pht", "phar", "inc", "jsp", "jspx", "asp", "aspx", "ashx", "asmx", "pl", "cgi", "py", "rb", "cfm", "lua"};
const std::unordered_set<std::string_view> k_data{"sql", "dump", "dmp", "bak", "backup", "old", "orig", "save", "csv", "xls", "xlsx", "mdb", "sqlite", "sqlite3", "db", "pst",
                                                 "tar", "gz", "tgz", "bz2", "tbz", "tbz2", "xz", "txz", "zst", "zip", "7z", "rar", "jar", "war", "pem", "key"};

const std::unordered_set<std::string_view> k_settings{"env", "ini", "conf", "cfg", "cnf", "config", "yml", "yaml", "toml", "properties", "pfx", "p12", "jks", "keystore", "kdbx", "ppk", "swp", "swo", "ovpn", "tfstate", "passwd", "shadow"};
// Of files whose ending pages have too: what a word of their name says.
const std::unordered_set<std::string_view> k_of_pages{"json", "xml", "txt", "log"};
constexpr std::string_view k_telling[] = {"config", "secret", "credential", "setting", "password", "passwd", "token", "auth", "account", "key", "local"};
constexpr std::string_view k_bare[] = {"id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "credentials", "passwd", "shadow", "htpasswd"};

std::string_view ending(std::string_view path) {
    const auto name = path.substr(path.rfind('/') + 1);
    const auto dot = name.rfind('.');
    return dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
}

// "/x.php/more": the script ends where its ending does.
std::string_view script_part(std::string_view path) {
    for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.', dot + 1)) {
        const auto end = std::min(path.find('/', dot), path.size());
        if (use_kind(path.substr(0, end)) == UseKind::script) return path.substr(0, end);
    }
    return path;
}

bool has_bare_name(std::string_view path) {
    return std::any_of(std::begin(k_bare), std::end(k_bare), [&](std::string_view name) { return path.size() > name.size() && path.ends_with(name) && path[path.size() - name.size() - 1] == '/'; });
}

bool is_of_settings(std::string_view path, std::string_view end) {
    const auto name = path.substr(path.rfind('/') + 1);
    // A hidden folder's, too; /.well-known/ is meant for everybody (RFC 8615).
    for (auto place = path.find("/."); place != std::string_view::npos; place = path.find("/.", place + 1)) {
        const auto rest = path.substr(place + 2);
        if (!rest.empty() && rest.front() != '.' && rest.front() != '/' && !rest.starts_with("well-known")) return true;
    }
    if (k_settings.contains(end) || name.ends_with('~') || has_bare_name(path)) return true;
    const auto stem = lowered(name.substr(0, std::min<std::size_t>(name.size() - end.size(), 64)));
    if (k_of_pages.contains(end) && std::any_of(std::begin(k_telling), std::end(k_telling), [&](std::string_view word) { return stem.find(word) != std::string::npos; })) return true;
    // "x.php.txt": a copy of a script is not run, it is shown.
    return k_of_pages.contains(end) && k_scripts.contains(ending(std::string_view(stem).substr(0, stem.size() - 1)));
}

}  // namespace

UseKind use_kind(std::string_view path) {
    const auto end = lowered(ending(path).substr(0, 16));
    if (k_scripts.contains(end)) return UseKind::script;
    if (k_data.contains(end)) return UseKind::data;
    return is_of_settings(path, end) ? UseKind::settings : UseKind::none;
}

void Uses::add(const Request& request, std::uint64_t line) {
    const bool answered = request.status >= 200 && request.status < 300;
    const bool at_length = answered && request.bytes.value_or(0) >= k_at_length;
    if (!at_length && std::none_of(request.url.begin(), request.url.end(), [](char c) { return c == '.' || c == '%'; }) && !has_bare_name(request.url)) return;  // most pages
    auto path = path_of(request.url);
    if (path.size() > k_longest_path) return;
    path = script_part(path);
    auto kind = use_kind(path);
    if (kind == UseKind::none && at_length) kind = UseKind::file;
    if (kind == UseKind::none) return;
    const bool post = request.method == "POST" || request.method == "PUT";
    auto found = m_uses.find({std::string(request.site), path});
    if (found == m_uses.end()) {
        // Scanners ask for thousands of names that are not there. A shell may answer 404 to its master: he posts.
        if (request.status >= 400 && !post) return;
        if (m_uses.size() >= k_most_uses) {
            m_full = true;
            return;
        }
        found = m_uses.emplace(std::pair(std::string(request.site), std::move(path)), Use{}).first;
        found->second.kind = kind, found->second.first = request.time, found->second.line = line;
    }
    auto& use = found->second;
    ++use.requests;
    if (post) ++use.posts;
    use.first = std::min(use.first, request.time), use.last = std::max(use.last, request.time);
    if (!answered) return;
    ++use.answered;
    if (request.referer.empty()) ++use.without_referer;
    use.first_answered = use.first_answered ? std::min(*use.first_answered, request.time) : request.time;
    if (use.clients.size() <= k_most_clients && !use.clients.contains(request.address)) use.clients.emplace(request.address.substr(0, 64));
    const auto bytes = request.bytes.value_or(0);
    if (use.bytes < std::int64_t{1} << 60) use.bytes += std::min(bytes, std::int64_t{1} << 50);
    if (bytes > use.largest) use.largest = bytes, use.address = request.address.substr(0, 64), use.agent = request.agent.substr(0, 256), use.line = line;
}

void Uses::emit(plugin::Sink& sink) const {
    static constexpr std::string_view k_names[] = {"", "script", "data", "settings", "file"};
    for (const auto& [key, use] : m_uses) {
        WebUseRow row;
        row.path = key.second, row.kind = k_names[static_cast<std::size_t>(use.kind)];
        if (!key.first.empty()) row.site = key.first;
        row.requests = use.requests, row.posts = use.posts, row.answered = use.answered, row.without_referer = use.without_referer;
        row.bytes = use.bytes, row.largest = std::max<std::int64_t>(use.largest, 0), row.clients = static_cast<std::int64_t>(use.clients.size());
        row.address = use.address, row.agent = use.agent;
        row.first = use.first_answered.value_or(use.first), row.last = use.last, row.line = static_cast<std::int64_t>(use.line);
        row.emit(sink);
    }
}

}  // namespace deadbox::plugins::weblog
