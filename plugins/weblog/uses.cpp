#include "weblog/uses.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_set>

#include "weblog/values.hpp"
#include "weblog/weblog_topic.hpp"

namespace deadbox::plugins::weblog {
namespace {

constexpr std::size_t k_most_uses = 20'000;   // of one log
constexpr std::size_t k_most_clients = 16;    // kept of one path
constexpr std::size_t k_clients_of_log = 50'000, k_most_then = 2;  // kept of one log, and of one path beyond that
constexpr std::size_t k_first = 4, k_posters = 5, k_sent_most = 3;  // of one path's: who stays for that
constexpr std::uint32_t k_changes = 512;      // so often others come and go: it is a page of everybody's
constexpr std::size_t k_most_agents = 20'000;  // of one log
constexpr std::size_t k_longest_path = 1'024;
constexpr std::int64_t k_at_length = 128 << 10;  // bytes: few pages are longer

const std::unordered_set<std::string_view> k_scripts{"php", "phtml", "php3", "php4", "php5", "php6", "php7", "php8", "pht", "phar", "inc", "jsp", "jspx", "asp", "aspx", "ashx", "asmx", "pl", "cgi", "py", "rb", "cfm", "cfc", "cfml", "lua", "shtml", "shtm", "stm"};
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

std::uint32_t hash_of(std::string_view address) { return static_cast<std::uint32_t>(std::hash<std::string_view>()(address)); }

}  // namespace

// The one who weighs least: not of the first, not of those who post unless this one does, not of those who were sent most. Of the others
// who came least often, and of these who was here longest ago.
std::size_t Clients::least(bool posts) const {
    std::array<std::int64_t, k_sent_most + 1> most{};  // bytes of those who were sent most, the most first
    for (const auto& client : m_kept)
        for (std::int64_t value = client.bytes; auto& place : most)
            if (value > place) std::swap(value, place);
    const auto posters = static_cast<std::size_t>(std::count_if(m_kept.begin(), m_kept.end(), [](const auto& client) { return client.posts > 0; }));
    auto found = m_kept.size();
    for (std::size_t i = k_first; i < m_kept.size(); ++i) {
        const auto& client = m_kept[i];
        if (client.bytes > most.back()) continue;
        // Who posts takes the place of another who does only where they have all theirs.
        if (client.posts > 0 && !(posts && posters >= k_posters)) continue;
        if (posts && posters >= k_posters && client.posts == 0) continue;
        if (found == m_kept.size() || std::tuple(client.requests, client.last) < std::tuple(m_kept[found].requests, m_kept[found].last)) found = i;
    }
    return found;
}

Clients::Client* Clients::of(std::string_view address, bool posts, std::int64_t bytes, std::size_t most) {
    const auto hash = hash_of(address);
    for (auto& client : m_kept)
        if (client.hash == hash && client.address == address) return &client;
    auto place = m_kept.size();
    if (place < most || place == 0) {
        m_kept.emplace_back();
    } else {
        const bool longest = std::all_of(m_kept.begin(), m_kept.end(), [&](const auto& client) { return bytes > client.largest; });
        auto& changes = m_changes[posts ? 1 : 0];
        if (changes >= k_changes && !longest) return nullptr;
        ++changes;
        place = least(posts);
        if (place == m_kept.size() && !longest) return nullptr;
        if (place == m_kept.size()) --place;  // all have their reason: who had the longest answer has a better one than the last
        m_kept[place] = Client();
    }
    m_kept[place].address = address, m_kept[place].hash = hash;
    return &m_kept[place];
}

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
    if (!answered && !post) return;
    const auto address = request.address.substr(0, 64);
    const auto bytes = answered ? std::clamp<std::int64_t>(request.bytes.value_or(0), 0, std::int64_t{1} << 50) : 0;
    const auto known = use.clients.kept().size();
    auto* client = use.clients.of(address, post, bytes, m_clients < k_clients_of_log ? k_most_clients : k_most_then);
    m_clients += use.clients.kept().size() - known;
    const bool longest = answered && bytes > use.largest;
    if (client != nullptr) {
        const bool fresh = client->requests == 0;
        if (fresh || (answered && bytes > client->largest)) client->agent = agent(request.agent.substr(0, 256)), client->line = line;
        client->first = fresh ? request.time : std::min(client->first, request.time), client->last = fresh ? request.time : std::max(client->last, request.time);
        ++client->requests;
        if (post) ++client->posts;
        if (answered) {
            ++client->answered, client->without_referer += request.referer.empty();
            client->largest = std::max(client->largest, bytes), client->bytes += bytes < (std::int64_t{1} << 60) - client->bytes ? bytes : 0;
        }
    }
    if (!answered) return;
    ++use.answered;
    if (request.referer.empty()) ++use.without_referer;
    use.first_answered = use.first_answered ? std::min(*use.first_answered, request.time) : request.time;
    if (use.count <= use.different.size()) {
        const auto hash = hash_of(address);
        const auto end = use.different.begin() + use.count;
        if (std::find(use.different.begin(), end, hash) == end) {
            if (use.count < use.different.size()) use.different[use.count] = hash;
            ++use.count;
        }
    }
    if (use.bytes < std::int64_t{1} << 60) use.bytes += bytes;
    if (longest) use.largest = bytes, use.address = address, use.agent = agent(request.agent.substr(0, 256)), use.line = line;
}

std::size_t Uses::with_dropped() const {
    return static_cast<std::size_t>(std::count_if(m_uses.begin(), m_uses.end(), [](const auto& entry) { return entry.second.clients.dropped() && (entry.second.kind == UseKind::script || entry.second.kind == UseKind::settings); }));
}

std::uint32_t Uses::agent(std::string_view text) {
    if (const auto found = m_agent_places.find(text); found != m_agent_places.end()) return found->second;
    if (m_agents.size() > k_most_agents) return 0;
    const auto place = m_agent_places.emplace(text, static_cast<std::uint32_t>(m_agents.size())).first;
    m_agents.push_back(place->first);
    return place->second;
}

void Uses::emit(plugin::Sink& sink) const {
    static constexpr std::string_view k_names[] = {"", "script", "data", "settings", "file"};
    std::int64_t number = 0;
    for (const auto& [key, use] : m_uses) {
        WebUseRow row;
        row.number = ++number;
        row.path = key.second, row.kind = k_names[static_cast<std::size_t>(use.kind)];
        if (!key.first.empty()) row.site = key.first;
        row.requests = use.requests, row.posts = use.posts, row.answered = use.answered, row.without_referer = use.without_referer;
        row.bytes = use.bytes, row.largest = std::max<std::int64_t>(use.largest, 0), row.clients = use.count;
        row.address = use.address, row.agent = m_agents[use.agent];
        row.first = use.first_answered.value_or(use.first), row.last = use.last, row.line = static_cast<std::int64_t>(use.line);
        row.emit(sink);
        // What everybody fetches is nobody's in particular.
        const bool everybody = use.count > k_most_clients && (use.kind == UseKind::data || use.kind == UseKind::file);
        for (const auto& client : use.clients.kept()) {
            if (everybody && client.address != use.address) continue;
            WebClientRow one;
            one.use = number, one.address = client.address, one.agent = m_agents[client.agent];
            one.requests = client.requests, one.posts = client.posts, one.answered = client.answered, one.without_referer = client.without_referer;
            one.bytes = client.bytes, one.largest = std::max<std::int64_t>(client.largest, 0);
            one.first = client.first, one.last = client.last, one.line = static_cast<std::int64_t>(client.line);
            one.emit(sink);
        }
    }
}

}  // namespace deadbox::plugins::weblog
