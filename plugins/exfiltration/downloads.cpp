// Archives, dumps and credentials that a web server gave out. A site may offer archives to everybody: then many come, or they come by a
// link. What few fetched by its bare address is looked at; a dump of a database is never meant for visitors, nor is a file in
// which a password or a key stands.
// A web server may answer 200 with a page of its own to whatever is asked for: only what is or was there in that size counts.
// Each folder that was asked in is looked through once, by the names that stand in the logs: only files that are or were there are held in
// memory, and of names that are not there only long answers to few.
#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <unordered_set>

#include "exfiltration/detector.hpp"
#include "plugin/network_address.hpp"
#include "plugin/web_clients.hpp"

namespace deadbox::plugins::exfiltration {
namespace {

using base::Next;
using plugin::RowView;

constexpr std::int64_t k_least = 4'096;             // bytes: less is an error page or a stub
constexpr std::int64_t k_least_unseen = 1'000'000;  // of a file that is gone
constexpr std::int64_t k_least_taken = 128 << 10;   // and is not asked about for itself, but because of who fetched it
constexpr std::int64_t k_no_page = 8'000'000;       // as long as no page is, whatever name was asked for
constexpr std::size_t k_many_lengths = 10;
constexpr std::int64_t k_few = 3;                   // addresses
constexpr std::int64_t k_recent = 14 * 86400;       // an archive that was made for being fetched
constexpr std::int64_t k_head = 2'048;              // bytes that the head of an answer has: some logs count it

constexpr std::size_t k_most_roots = 5'000, k_most_folders = 20'000, k_most_combined = 2'000'000, k_most_told = 5'000, k_most_lengths = 200'000, k_most_kept = 100'000;
constexpr std::size_t k_many_roots = 50;            // from here on a site's requests are looked for in its own folders
constexpr std::size_t k_most_lines = 100;           // lines of logs that a finding cites

// What one address was sent of one path, by one log.
struct Client {
    std::string address, agent, site;
    std::int64_t answered = 0, bare = 0, largest = 0, bytes = 0, first = 0, last = 0, line = 0, log = 0;
};
struct Fetched {
    std::string path;  // as it was asked for
    std::int64_t system = 0;
    bool settings = false;
    std::int64_t clients = 0;  // in the log that has most of them
    std::vector<Client> by;    // by time
};
struct Root {
    std::string path, url, site;
    std::int64_t system = 0;
};
struct Stored {
    std::int64_t inode = 0, directory = 0, size = 0, born = 0, credentials = 0;
    std::string name, path;
};
enum class Shown : std::uint8_t { no, packed, whole };  // packed: by an answer that is shorter, as packed text is

// Parts of one set have a name: "x.tgz.aa", "x.part3.rar", "x.7z.001" -> without what counts them.
std::string stem_of(std::string_view path) {
    std::string stem;
    for (const char c : path)
        if (c < '0' || c > '9') stem += c;
    const auto dot = stem.rfind('.');
    if (dot != std::string::npos && stem.size() - dot == 3) stem.resize(dot);  // split's two letters
    return stem;
}

// Of a file with credentials: by whomever, each answer as long as it is counts. Another length is that of a page of the site's own.
Shown shown_by(std::int64_t largest, std::int64_t size) {
    if (largest >= size && largest <= size + k_head) return Shown::whole;
    return largest < size && largest >= size / 10 ? Shown::packed : Shown::no;
}

// Whole, in one answer or in pieces; else an error page.
bool has_all(const Client& client, std::int64_t size) { return client.largest >= k_least && (client.largest + 1 >= size - size / 10 || client.bytes >= size); }

std::int64_t different(const std::vector<const Client*>& clients) {
    std::set<std::string_view> addresses;
    for (const auto* client : clients) addresses.insert(client->address);
    return static_cast<std::int64_t>(addresses.size());
}

// What a page in a browser loads by itself: what stands in such a file may be meant for all.
bool is_of_a_page(std::string_view path) {
    if (path.find("/.") != std::string_view::npos) return false;
    for (const std::string_view ending : {".json", ".js", ".xml", ".txt"})
        if (path.ends_with(ending)) return true;
    return false;
}

class Downloads {
public:
    Downloads(const plugin::CaseReader& reader, plugin::FindingSink& sink) : m_reader(reader), m_sink(sink) {}

    base::Result<void> report() {
        TRY(load());
        TRY(for_each_stored([&](const Fetched& fetched, const Stored& stored) { return stored.credentials > 0 ? judge_secret(fetched, stored) : judge_stored(fetched, stored); }));
        TRY(for_each_gone(k_least_unseen, [&](const Fetched& fetched) {
            std::vector<const Client*> clients;
            for (const auto& client : fetched.by)
                if (client.bare > 0 && names_dump(fetched.path) && !plugin::is_loopback(client.address)) clients.push_back(&client);
            if (!clients.empty()) tell_download(fetched, nullptr, clients, plugin::Confidence::possible);
        }));
        if (m_told > k_most_told) m_sink.gap({base::Gap::Level::gap, "exfiltration", "more files that a web server gave out than are told", "", ""});
        return {};
    }

    // Of each accused client, what he was given.
    base::Result<void> for_each_given(base::FunctionRef<bool(std::int64_t system, std::string_view address)> accused, base::FunctionRef<void(const GivenOut&)> visit) {
        TRY(load());
        const auto give = [&](const Fetched& fetched, const std::string& path, const Client& client) {
            visit({path, client.address, client.answered, client.bytes, client.first, client.last, client.line, client.log, fetched.system});
        };
        TRY(for_each_stored([&](const Fetched& fetched, const Stored& stored) {
            const bool secret = stored.credentials > 0 || fetched.settings;
            bool given = false;
            for (const auto& client : fetched.by) {
                if (!(secret ? shown_by(client.largest, stored.size) != Shown::no : fetched.clients <= k_few && has_all(client, stored.size))) continue;
                given = true;
                if (accused(fetched.system, client.address)) give(fetched, stored.path, client);
            }
            return given;
        }));
        TRY(for_each_gone(k_least_taken, [&](const Fetched& fetched) {
            for (const auto& client : fetched.by)
                if (accused(fetched.system, client.address)) give(fetched, fetched.path, client);
        }));
        return hidden_folders(accused, give);
    }

private:
    base::Result<void> load() {
        TRY(m_reader.query("SELECT DISTINCT path, ifnull(url, '/'), ifnull(site, ''), ifnull(system, 0) FROM web_root WHERE path LIKE '/%' AND ifnull(enabled, 1) = 1 ORDER BY path, url", [&](const RowView& row) {
            m_roots.push_back({std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)), row.integer(3)});
            return m_roots.size() < k_most_roots ? Next::go_on : Next::stop;
        }));
        if (m_roots.size() >= k_most_roots) m_sink.gap({base::Gap::Level::gap, "exfiltration", "more folders of web servers than are looked through for what was fetched", "", ""});
        const auto most = std::min(k_most_folders, k_most_combined / std::max<std::size_t>(m_roots.size(), 1));
        const bool by_site = m_roots.size() > k_many_roots;
        bool all = true, lengths_cut = false;
        TRY(m_reader.query(std::string("SELECT ifnull(system, 0), dirname(path), ") + (by_site ? "ifnull(site, '')" : "''") + ", max(largest) FROM web_use WHERE kind IN ('data', 'settings') AND answered > 0 AND largest > 0 GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3",
                           [&](const RowView& row) {
                               all = m_folders.size() < most;
                               if (all) m_folders.push_back({row.integer(0), std::string(row.text(1)), std::string(row.text(2))});
                               return all ? Next::go_on : Next::stop;
                           }));
        if (!all) m_sink.gap({base::Gap::Level::gap, "exfiltration", "files were fetched from more folders of web servers than are looked through", "", ""});
        TRY(m_reader.query("SELECT DISTINCT ifnull(u.system, 0), c.largest, u.path FROM web_use u JOIN web_client c ON c.inode = u.inode AND c.use = u.number WHERE u.kind IN ('data', 'settings') AND c.largest >= ?1",
                              std::array{plugin::Value(k_least_taken)}, [&](const RowView& row) {
                                  const std::pair length(row.integer(0), row.integer(1));
                                  if (m_with_length.size() >= k_most_lengths && !m_with_length.contains(length)) return lengths_cut = true, Next::go_on;
                                  auto& stems = m_with_length[length];
                                  if (stems.size() <= k_stems) stems.insert(stem_of(row.text(2)));
                                  return Next::go_on;
                              }));
        if (lengths_cut) m_sink.gap({base::Gap::Level::gap, "exfiltration", "a web server gave more lengths of answers than are compared", "", ""});
        return {};
    }

    struct Folder {
        std::int64_t system = 0;
        std::string asked, site;  // the folder in requests; "" for any site
    };

    // The folders on the disk that this one in requests may be, in the roots' order.
    base::Result<std::vector<std::string>> places(const Folder& folder) const {
        const std::string below = folder.asked == "/" ? std::string() : folder.asked;
        std::vector<std::string> all;
        if (below.find("/../") != std::string::npos || below.ends_with("/..")) return all;
        std::set<std::string, std::less<>> there;
        const plugin::Value parameters[] = {std::string_view(below), folder.system};
        TRY(m_reader.query("SELECT DISTINCT d.path FROM web_root w CROSS JOIN directory d ON d.path = w.path || ?1 WHERE w.path LIKE '/%' AND ifnull(w.system, 0) = ?2 AND ifnull(w.url, '/') IN ('', '/')", parameters, [&](const RowView& row) {
            there.emplace(row.text(0));
            return Next::go_on;
        }));
        for (const auto& root : m_roots) {
            if (root.system != folder.system || (!folder.site.empty() && !root.site.empty() && root.site != folder.site)) continue;
            std::string path = root.path + below;
            if (root.url.size() > 1) {
                std::string_view rest = folder.asked;
                const auto url = root.url.ends_with('/') ? std::string_view(root.url).substr(0, root.url.size() - 1) : std::string_view(root.url);
                if (!rest.starts_with(url) || (rest.size() > url.size() && rest[url.size()] != '/')) continue;
                path = root.path + std::string(rest.substr(url.size()));
            } else if (!there.contains(path)) {
                continue;
            }
            if (std::find(all.begin(), all.end(), path) == all.end()) all.push_back(std::move(path));
        }
        return all;
    }

    // Files that are or were there under a name that was asked for, a deleted name only where no other is. `visit` says whether the
    // file is the one that was given out: then no other root's is.
    base::Result<void> for_each_stored(base::FunctionRef<bool(const Fetched&, const Stored&)> visit) {
        for (const auto& folder : m_folders) {
            TRY_ASSIGN(const auto all, places(folder));
            for (const auto& place : all) TRY(look_through(folder, place, visit));
        }
        return {};
    }

    base::Result<void> look_through(const Folder& folder, const std::string& place, base::FunctionRef<bool(const Fetched&, const Stored&)> visit) {
        const std::string before = folder.asked == "/" ? "/" : folder.asked + "/";
        const plugin::Value parameters[] = {std::string_view(place), folder.system, std::string_view(before), std::string_view(folder.site)};
        Fetched fetched;
        Stored stored;
        const auto finish = [&] {
            if (fetched.by.empty()) return;
            const auto key = key_of(fetched.system, fetched.path);
            m_stored.insert(key);
            if (!m_given.contains(key) && visit(fetched, stored)) m_given.insert(key);
        };
        TRY(m_reader.query("SELECT n.name, n.inode, n.directory, i.size, ifnull(i.b_s, i.m_s), (SELECT count(*) FROM credential k WHERE k.inode = n.inode), u.path, ifnull(u.site, ''), u.kind = 'settings', u.clients, "
                           "c.address, c.agent, c.answered, c.without_referer, c.largest, c.bytes, c.first_s, c.last_s, c.line, u.inode "
                           "FROM directory d CROSS JOIN tree t ON t.id = d.tree CROSS JOIN name n ON n.directory = d.id CROSS JOIN web_use u ON u.path = ?3 || n.name CROSS JOIN inode i ON i.id = n.inode "
                           "CROSS JOIN web_client c ON c.inode = u.inode AND c.use = u.number WHERE d.path = ?1 AND ifnull(t.system, 0) = ?2 AND ifnull(u.system, 0) = ?2 AND (?4 = '' OR u.site = ?4) "
                           "AND u.kind IN ('data', 'settings') AND i.type = 1 AND c.answered > 0 AND c.largest > 0 ORDER BY n.name, n.allocated DESC, n.inode, c.first_s, c.first_ns, c.id",
                           parameters, [&](const RowView& row) {
                               if (fetched.by.empty() || row.text(0) != stored.name) {
                                   finish();
                                   stored = {row.integer(1), row.integer(2), row.integer(3), row.integer(4), row.integer(5), std::string(row.text(0)), place + "/" + std::string(row.text(0))};
                                   fetched = {std::string(row.text(6)), folder.system, false, 0, {}};
                               } else if (row.integer(1) != stored.inode) {
                                   return Next::go_on;  // another file that had the name before
                               }
                               fetched.settings |= row.integer(8) != 0, fetched.clients = std::max(fetched.clients, row.integer(9));
                               fetched.by.push_back(client_of(row, 10, 7));
                               return Next::go_on;
                           }));
        finish();
        return {};
    }

    static Client client_of(const RowView& row, int column, int site) {
        return {std::string(row.text(column)), std::string(row.text(column + 1)), std::string(row.text(site)), row.integer(column + 2), row.integer(column + 3), row.integer(column + 4),
                row.integer(column + 5), row.integer(column + 6), row.integer(column + 7), row.integer(column + 8), row.integer(column + 9)};
    }

    static constexpr std::string_view k_columns = "SELECT u.path, ifnull(u.system, 0), u.clients, ifnull(u.site, ''), c.address, c.agent, c.answered, c.without_referer, c.largest, c.bytes, c.first_s, c.last_s, c.line, u.inode "
                                                  "FROM web_use u JOIN web_client c ON c.inode = u.inode AND c.use = u.number ";

    // Names of data that are not on the disk, to few, at length: a page of the site's own has one length for many names.
    base::Result<void> for_each_gone(std::int64_t least, base::FunctionRef<void(const Fetched&)> visit) {
        Fetched fetched;
        const auto finish = [&] {
            if (!fetched.by.empty() && !m_stored.contains(key_of(fetched.system, fetched.path))) visit(fetched);
        };
        const plugin::Value parameters[] = {least, k_few};
        TRY(m_reader.query(std::string(k_columns) + "WHERE u.kind = 'data' AND c.largest >= ?1 AND u.clients <= ?2 ORDER BY u.system, u.path, c.first_s, c.first_ns, c.id", parameters, [&](const RowView& row) {
            if (fetched.by.empty() || row.text(0) != fetched.path || row.integer(1) != fetched.system) {
                finish();
                fetched = {std::string(row.text(0)), row.integer(1), false, 0, {}};
            }
            const auto largest = row.integer(8);
            const auto stems = m_with_length.find({row.integer(1), largest});
            if (largest < k_no_page && (stems == m_with_length.end() || stems->second.size() > (largest >= k_least_unseen ? k_stems : 1))) return Next::go_on;
            fetched.clients = std::max(fetched.clients, row.integer(2));
            fetched.by.push_back(client_of(row, 4, 3));
            return Next::go_on;
        }));
        finish();
        return {};
    }

    // A hidden folder that is gone, file by file: a page of the site's own has one length.
    base::Result<void> hidden_folders(base::FunctionRef<bool(std::int64_t, std::string_view)> accused, base::FunctionRef<void(const Fetched&, const std::string&, const Client&)> give) {
        std::map<std::pair<std::int64_t, std::string>, std::set<std::int64_t>> lengths;  // of the answers, by system and address
        std::vector<Fetched> all;
        bool whole = true;
        TRY(m_reader.query(std::string(k_columns) + "WHERE u.kind = 'settings' AND c.answered > 0 AND c.largest > 0 ORDER BY c.first_s, c.first_ns, c.id", [&](const RowView& row) {
            if (!accused(row.integer(1), row.text(4))) return Next::go_on;
            auto& known = lengths[{row.integer(1), std::string(row.text(4))}];
            if (known.size() < k_many_lengths) known.insert(row.integer(8));
            if (m_stored.contains(key_of(row.integer(1), row.text(0)))) return Next::go_on;
            whole = all.size() < k_most_kept;
            if (whole) all.push_back({std::string(row.text(0)), row.integer(1), true, row.integer(2), {client_of(row, 4, 3)}});
            return whole ? Next::go_on : Next::stop;
        }));
        if (!whole) m_sink.gap({base::Gap::Level::gap, "exfiltration", "more files of hidden folders were fetched by accused addresses than are counted", "", ""});
        for (const auto& fetched : all)
            if (lengths.at({fetched.system, fetched.by.front().address}).size() >= k_many_lengths) give(fetched, fetched.path, fetched.by.front());
        return {};
    }

    bool judge_secret(const Fetched& fetched, const Stored& stored) {
        std::vector<const Client*> clients;  // not the machine's own jobs
        for (const auto& client : fetched.by)
            if (shown_by(client.largest, stored.size) != Shown::no && !plugin::is_loopback(client.address)) clients.push_back(&client);
        if (clients.empty()) return false;
        auto head = head_of("exfiltration/secret_served", fetched, stored.path);
        head.arguments = {{"path", stored.path}, {"credentials", std::to_string(stored.credentials)}};
        const auto strangers = outside(clients);
        const bool inside = strangers.empty();
        const auto& told = inside ? clients : strangers;
        const auto count = different(told);
        // What whoever comes is given lies open; that somebody took it makes him nobody's enemy.
        const bool everybody = count > k_few || fetched.clients > plugin::k_clients_told_apart;
        if (inside || (everybody && is_of_a_page(stored.path))) head.severity = plugin::Severity::low;
        if (everybody || std::none_of(told.begin(), told.end(), [&](const auto* client) { return shown_by(client->largest, stored.size) == Shown::whole; })) head.confidence = plugin::Confidence::possible;
        if (everybody) head.arguments.emplace_back("everybody", fetched.clients > plugin::k_clients_told_apart ? "more than 16" : std::to_string(count));
        else name_client(head, told, count);
        put(std::move(head), told, clients, everybody, &stored);
        return true;
    }

    bool judge_stored(const Fetched& fetched, const Stored& stored) {
        if (fetched.settings || fetched.clients > k_few) return false;  // nothing secret stands in it; offered to everybody
        const bool dump = names_dump(fetched.path);
        std::vector<const Client*> given, clients;
        for (const auto& client : fetched.by) {
            if (!has_all(client, stored.size)) continue;
            given.push_back(&client);
            const bool made_for_it = stored.born != 0 && client.first >= stored.born && client.first - stored.born <= k_recent;
            // Not by a link, and not the machine's own jobs.
            if (client.bare > 0 && (dump || made_for_it) && !plugin::is_loopback(client.address)) clients.push_back(&client);
        }
        if (!clients.empty() && (dump || different(given) <= k_few)) tell_download(fetched, &stored, clients, dump ? plugin::Confidence::likely : plugin::Confidence::possible);
        return !given.empty();
    }

    void tell_download(const Fetched& fetched, const Stored* stored, const std::vector<const Client*>& clients, plugin::Confidence confidence) {
        auto head = head_of("exfiltration/web_download", fetched, stored ? stored->path : fetched.path);
        head.confidence = confidence;
        const auto strangers = outside(clients);
        if (strangers.empty()) head.severity = plugin::Severity::low;  // from the machine's own network
        const auto& told = strangers.empty() ? clients : strangers;
        head.arguments = {{"path", head.subject}};
        name_client(head, told, different(told));
        if (!stored) head.arguments.emplace_back("gone", fetched.path);
        put(std::move(head), told, clients, false, stored);
    }

    static plugin::FindingHead head_of(const char* rule, const Fetched& fetched, const std::string& subject) {
        plugin::FindingHead head;
        head.rule = rule, head.subject = subject;
        if (fetched.system != 0) head.system = fetched.system;
        return head;
    }

    static std::vector<const Client*> outside(const std::vector<const Client*>& clients) {
        std::vector<const Client*> all;
        std::copy_if(clients.begin(), clients.end(), std::back_inserter(all), [](const auto* client) { return !plugin::is_private(client->address); });
        return all;
    }

    // Who was first, with what he had himself.
    static void name_client(plugin::FindingHead& head, const std::vector<const Client*>& clients, std::int64_t count) {
        const auto& first = *clients.front();
        std::int64_t answered = 0, largest = 0;
        for (const auto* client : clients)
            if (client->address == first.address) answered += client->answered, largest = std::max(largest, client->largest);
        head.arguments.insert(head.arguments.end(), {{"address", first.address}, {"size", size_in_words(largest)}, {"agent", first.agent}});
        if (count > 1) head.arguments.emplace_back("clients", std::to_string(count));
        if (answered > 1) head.arguments.emplace_back("count", std::to_string(answered));
    }

    // `told`: whose times the finding has; `all`: whose lines it cites.
    void put(plugin::FindingHead head, const std::vector<const Client*>& told, const std::vector<const Client*>& all, bool everybody, const Stored* stored) {
        if (++m_told > k_most_told) return;
        auto first = told.front()->first, last = told.front()->last;
        for (const auto* client : told) first = std::min(first, client->first), last = std::max(last, client->last);
        head.first = base::Timestamp{first, 0}, head.last = base::Timestamp{last, 0};
        head.basis = plugin::TimeBasis::log;
        m_sink.finding(head);
        const auto cite = [&](const Client& client) {
            plugin::Item line;
            if (client.log != 0) line.inode = client.log;
            line.line = static_cast<std::uint64_t>(client.line), line.site = client.site;
            if (!everybody) line.key = client.address, line.kind = plugin::KeyKind::client;
            m_sink.item(line);
        };
        std::size_t cited = 0;
        for (const auto* client : told)
            if (++cited <= k_most_lines) cite(*client);
        for (const auto* client : all)
            if (std::find(told.begin(), told.end(), client) == told.end() && ++cited <= k_most_lines) cite(*client);
        if (!stored) return;
        plugin::Item file;
        file.inode = stored->inode, file.directory = stored->directory, file.name = stored->name;
        m_sink.item(file);
    }

    static std::size_t key_of(std::int64_t system, std::string_view path) { return std::hash<std::string_view>()(path) ^ (static_cast<std::size_t>(system) * 0x9e3779b97f4a7c15u); }

    static constexpr std::size_t k_stems = 2;
    const plugin::CaseReader& m_reader;
    plugin::FindingSink& m_sink;
    std::vector<Root> m_roots;
    std::vector<Folder> m_folders;                                                         // in requests, those with the longest answers first
    std::map<std::pair<std::int64_t, std::int64_t>, std::set<std::string>> m_with_length;  // some stems of the names with an answer of that length, by system and length
    std::unordered_set<std::size_t> m_stored, m_given;                                     // requests whose file is or was there; and was given out
    std::size_t m_told = 0;
};

}  // namespace

base::Result<void> given_out_by_web(const plugin::CaseReader& reader, plugin::FindingSink& sink, base::FunctionRef<bool(std::int64_t system, std::string_view address)> accused, base::FunctionRef<void(const GivenOut&)> visit) {
    return Downloads(reader, sink).for_each_given(accused, visit);
}

base::Result<void> find_downloads(const plugin::CaseReader& reader, plugin::FindingSink& sink) { return Downloads(reader, sink).report(); }

}  // namespace deadbox::plugins::exfiltration
