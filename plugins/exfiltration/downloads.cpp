// Archives, dumps and credentials that a web server gave out. A site may offer archives to everybody: then many come, or they come by a
// link. What few fetched by its bare address is looked at; a dump of a database is never meant for visitors, nor is a file in
// which a password or a key stands.
// A web server may answer 200 with a page of its own to whatever is asked for: only what is or was there in that size counts.
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "exfiltration/detector.hpp"
#include "plugin/network_address.hpp"

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

struct Fetched {
    std::string path, site, address, agent;
    bool settings = false;
    std::int64_t answered = 0, bare = 0, largest = 0, bytes = 0, clients = 0, first = 0, last = 0, line = 0, log = 0, system = 0;
};
struct Root {
    std::string path, url, site;
    std::int64_t system = 0;
};
struct Stored {
    std::int64_t inode = 0, directory = 0, size = 0, born = 0, credentials = 0;
    std::string name, path;
};
enum class Asked : bool { about_itself, about_somebody };  // for what it is, or because of who fetched it
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

class Downloads {
public:
    explicit Downloads(const plugin::CaseReader& reader) : m_reader(reader) {}

    base::Result<void> load() {
        TRY(m_reader.query("SELECT DISTINCT path, ifnull(url, '/'), ifnull(site, ''), ifnull(system, 0) FROM web_root WHERE path LIKE '/%' AND ifnull(enabled, 1) = 1 ORDER BY path, url", [&](const RowView& row) {
            m_roots.push_back({std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)), row.integer(3)});
            return m_roots.size() < k_most_roots ? Next::go_on : Next::stop;
        }));
        return m_reader.query("SELECT path, ifnull(site, ''), address, agent, answered, without_referer, largest, bytes, clients, first_s, last_s, line, inode, ifnull(system, 0), kind = 'settings' FROM web_use "
                              "WHERE kind IN ('data', 'settings') AND answered > 0 AND largest > 0 ORDER BY first_s, id",
                              [&](const RowView& row) {
                                  Fetched f;
                                  f.path = row.text(0), f.site = row.text(1), f.address = row.text(2), f.agent = row.text(3), f.answered = row.integer(4), f.bare = row.integer(5), f.largest = row.integer(6);
                                  f.bytes = row.integer(7), f.clients = row.integer(8), f.first = row.integer(9), f.last = row.integer(10), f.line = row.integer(11), f.log = row.integer(12), f.system = row.integer(13), f.settings = row.integer(14) != 0;
                                  m_with_length[f.largest].insert(stem_of(f.path));
                                  if (f.settings) m_settings[f.address].insert(f.largest);
                                  m_all.push_back(std::move(f));
                                  return m_all.size() < k_most ? Next::go_on : Next::stop;
                              });
    }

    base::Result<void> report(plugin::FindingSink& sink) {
        return for_each_given_out(Asked::about_itself, [&](const Fetched& fetched, const std::optional<Stored>& stored) { judge(fetched, stored, sink); });
    }

    base::Result<void> for_each_given_out(Asked asked, base::FunctionRef<void(const Fetched&, const std::optional<Stored>&)> visit) {
        for (const auto& fetched : m_all) {
            TRY_ASSIGN(const auto stored, find(fetched));
            const bool secret = stored && (stored->credentials > 0 || fetched.settings);
            if (secret ? is_shown(fetched, *stored) != Shown::no : was_given_out(fetched, stored, asked)) visit(fetched, stored);
        }
        return {};
    }

private:
    // The file in one of the roots that this request may have meant; a deleted name counts too.
    base::Result<std::optional<Stored>> find(const Fetched& fetched) {
        for (const auto& root : m_roots) {
            if (root.system != fetched.system || (!fetched.site.empty() && !root.site.empty() && m_roots.size() > 50 && root.site != fetched.site)) continue;
            std::string_view rest = fetched.path;
            if (root.url.size() > 1) {
                if (!rest.starts_with(root.url)) continue;
                rest.remove_prefix(root.url.ends_with('/') ? root.url.size() - 1 : root.url.size());
            }
            const auto slash = rest.rfind('/');
            if (slash == std::string_view::npos || rest.find("/../") != std::string_view::npos) continue;
            const std::string folder = root.path + std::string(rest.substr(0, slash));
            const plugin::Value parameters[] = {std::string_view(folder), rest.substr(slash + 1), fetched.system};
            std::optional<Stored> stored;
            TRY(m_reader.query("SELECT f.inode, f.directory, f.size, ifnull(f.b_s, f.m_s), f.name, f.path, (SELECT count(*) FROM credential c WHERE c.inode = f.inode) FROM file f WHERE f.directory IN (SELECT id FROM directory WHERE path = ?1) AND f.name = ?2 AND ifnull(f.system, 0) = ?3 "
                               "AND f.type = 1 ORDER BY f.name_allocated DESC LIMIT 1",
                               parameters, [&](const RowView& row) {
                                   stored = Stored{row.integer(0), row.integer(1), row.integer(2), row.integer(3), row.integer(6), std::string(row.text(4)), std::string(row.text(5))};
                                   return Next::stop;
                               }));
            if (stored) return stored;
        }
        return std::nullopt;
    }

    // Whole, and to few: what many fetch is offered to everybody.
    bool was_given_out(const Fetched& f, const std::optional<Stored>& stored, Asked asked) const {
        // A hidden folder that is gone, file by file: a page of the site's own has one length.
        if (f.settings && !stored && asked == Asked::about_somebody) return m_settings.at(f.address).size() >= k_many_lengths;
        if (f.clients > k_few || f.settings || f.largest < k_least) return false;
        if (stored) return f.largest + 1 >= stored->size - stored->size / 10 || f.bytes >= stored->size;  // else pieces, an error page
        return f.largest >= (asked == Asked::about_itself ? k_least_unseen : k_least_taken) && (f.largest >= k_no_page || m_with_length.at(f.largest).size() <= (f.largest >= k_least_unseen ? 2 : 1));
    }

    // Of a file with credentials: by whomever, each answer as long as it is counts. Another length is that of a page of the site's own.
    static Shown is_shown(const Fetched& f, const Stored& stored) {
        if (f.largest >= stored.size && f.largest <= stored.size + k_head) return Shown::whole;
        return f.largest < stored.size && f.largest >= stored.size / 10 ? Shown::packed : Shown::no;
    }

    void judge_secret(const Fetched& f, const Stored& stored, plugin::FindingSink& sink) const {
        if (plugin::is_loopback(f.address)) return;
        plugin::FindingHead head;
        head.rule = "exfiltration/secret_served";
        if (f.system != 0) head.system = f.system;
        head.subject = stored.path;
        if (plugin::is_private(f.address)) head.severity = plugin::Severity::low;
        if (is_shown(f, stored) != Shown::whole) head.confidence = plugin::Confidence::possible;
        head.arguments = {{"path", stored.path}, {"address", f.address}, {"credentials", std::to_string(stored.credentials)}, {"agent", f.agent}};
        if (f.clients > 1) head.arguments.emplace_back("clients", f.clients > 16 ? "more than 16" : std::to_string(f.clients));
        if (f.answered > 1) head.arguments.emplace_back("count", std::to_string(f.answered));
        put(f, stored, std::move(head), sink);
    }

    void judge(const Fetched& f, const std::optional<Stored>& stored, plugin::FindingSink& sink) const {
        if (stored && stored->credentials > 0) return judge_secret(f, *stored, sink);
        if (f.settings) return;  // nothing secret stands in it
        if (plugin::is_loopback(f.address)) return;  // the machine's own jobs
        const bool dump = names_dump(f.path);
        if (f.bare == 0) return;  // by a link
        const bool made_for_it = stored && stored->born != 0 && f.first >= stored->born && f.first - stored->born <= k_recent;
        if (!dump && !made_for_it) return;
        plugin::FindingHead head;
        head.rule = "exfiltration/web_download";
        if (f.system != 0) head.system = f.system;
        head.subject = stored ? stored->path : f.path;
        if (!dump || !stored) head.confidence = plugin::Confidence::possible;
        if (plugin::is_private(f.address)) head.severity = plugin::Severity::low;  // from the machine's own network
        head.arguments = {{"path", head.subject}, {"address", f.address}, {"size", size_in_words(f.largest)}, {"agent", f.agent}};
        if (f.clients > 1) head.arguments.emplace_back("clients", std::to_string(f.clients));
        if (f.answered > 1) head.arguments.emplace_back("count", std::to_string(f.answered));
        if (!stored) head.arguments.emplace_back("gone", f.path);
        put(f, stored, std::move(head), sink);
    }

    static void put(const Fetched& f, const std::optional<Stored>& stored, plugin::FindingHead head, plugin::FindingSink& sink) {
        head.first = base::Timestamp{f.first, 0}, head.last = base::Timestamp{f.last, 0};
        head.basis = plugin::TimeBasis::log;
        sink.finding(head);
        plugin::Item line;
        if (f.log != 0) line.inode = f.log;
        line.line = static_cast<std::uint64_t>(f.line), line.key = f.address, line.kind = plugin::KeyKind::client, line.site = f.site;
        sink.item(line);
        if (!stored) return;
        plugin::Item file;
        file.inode = stored->inode, file.directory = stored->directory, file.name = stored->name;
        sink.item(file);
    }

    static constexpr std::size_t k_most_roots = 5'000, k_most = 5'000;
    const plugin::CaseReader& m_reader;
    std::vector<Root> m_roots;
    std::vector<Fetched> m_all;
    std::map<std::int64_t, std::set<std::string>> m_with_length;  // stems of the names whose longest answer has that length
    std::map<std::string, std::set<std::int64_t>> m_settings;     // lengths of the answers to files of settings, by address
};

}  // namespace

base::Result<void> given_out_by_web(const plugin::CaseReader& reader, base::FunctionRef<void(const GivenOut&)> visit) {
    Downloads downloads(reader);
    TRY(downloads.load());
    return downloads.for_each_given_out(Asked::about_somebody, [&](const Fetched& f, const std::optional<Stored>& stored) {
        const bool one = f.clients <= 1;  // of several the longest answer alone is known to be his
        visit({stored ? stored->path : f.path, f.address, one ? f.answered : 1, one ? f.bytes : f.largest, f.first, f.last, f.line, f.log, f.system});
    });
}

base::Result<void> find_downloads(const plugin::CaseReader& reader, plugin::FindingSink& sink) {
    Downloads downloads(reader);
    TRY(downloads.load());
    return downloads.report(sink);
}

}  // namespace deadbox::plugins::exfiltration
