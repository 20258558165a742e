// Dumps and archives that lie where nobody keeps them: in places that are open to all and emptied at boot, in hidden folders
// there, and dumps in web roots that came later than what lies around them. Packed is not taken: this is context.
#include <array>

#include "exfiltration/detector.hpp"

namespace deadbox::plugins::exfiltration {
namespace {

using base::Next;
using plugin::RowView;

constexpr std::int64_t k_least_staged = 64 << 10;
constexpr std::int64_t k_later = 86400;  // s after its folder was made: no part of an application

void add(const RowView& row, bool hidden, bool web, plugin::FindingSink& sink) {
    plugin::FindingHead head;
    head.rule = "exfiltration/staged";
    if (!row.is_null(0)) head.system = row.integer(0);
    head.subject = row.text(1);
    if (hidden || web) head.severity = plugin::Severity::medium;
    head.arguments = {{"path", std::string(row.text(1))}, {"size", size_in_words(row.integer(5))}};
    if (web) head.arguments.emplace_back("web", std::string(row.text(8)));
    head.first = base::Timestamp{row.is_null(6) ? row.integer(7) : row.integer(6), 0};
    head.basis = row.is_null(6) ? plugin::TimeBasis::modification : plugin::TimeBasis::birth;
    sink.finding(head);
    plugin::Item item;
    item.inode = row.integer(2), item.directory = row.integer(3), item.name = row.text(4);
    sink.item(item);
}

constexpr std::string_view k_columns = "SELECT f.system, f.path, f.inode, f.directory, f.name, f.size, f.b_s, f.m_s, f.folder";

}  // namespace

base::Result<void> find_staged(const plugin::CaseReader& reader, plugin::FindingSink& sink) {
    constexpr int k_most = 200;
    int count = 0;
    TRY(reader.query(std::string(k_columns) + " FROM file f WHERE f.directory IN (SELECT id FROM directory WHERE path IN ('/tmp', '/var/tmp', '/dev/shm') OR path GLOB '/tmp/*' OR path GLOB '/var/tmp/*' OR path GLOB '/dev/shm/*') "
                     "AND f.type = 1 AND f.name_allocated AND f.size >= " + std::to_string(k_least_staged) + " AND f.content_type IN ('application/zip', 'application/gzip', 'application/x-tar', 'application/x-rar', "
                     "'application/x-7z-compressed', 'application/x-xz', 'application/x-bzip2', 'application/zstd', 'text/plain', 'application/vnd.sqlite3') ORDER BY f.path",
                     [&](const RowView& row) {
                         const auto path = row.text(1);
                         if (path.find("/systemd-private-") != std::string_view::npos) return Next::go_on;
                         const bool text = path.ends_with(".sql") || path.ends_with(".dump") || path.ends_with(".csv");
                         const auto dot = path.rfind('.');
                         const bool packed = dot != std::string_view::npos && path.find('/', dot) == std::string_view::npos;
                         if (!text && !packed) return Next::go_on;
                         if (path.ends_with(".txt") || path.ends_with(".log")) return Next::go_on;
                         return ++count <= k_most ? (add(row, row.text(8).find("/.") != std::string_view::npos, false, sink), Next::go_on) : Next::stop;
                     }));
    const bool cut = count > k_most;
    count = 0;
    TRY(reader.query(std::string(k_columns) + ", (SELECT i.b_s FROM inode i WHERE i.id = f.directory) FROM file f WHERE f.directory IN (SELECT d.id FROM web_root w JOIN directory d ON d.path = w.path OR "
                        "(d.path > w.path || '/' AND d.path < w.path || '0') WHERE w.path LIKE '/_%' AND w.kind IN ('root', 'default', 'alias')) "
                        "AND f.type = 1 AND f.name_allocated AND f.size >= " + std::to_string(k_least_staged) + " AND (f.name LIKE '%.sql' OR f.name LIKE '%.sql.gz' OR f.name LIKE '%.sql.zip' OR f.name LIKE '%.sql.bz2' "
                        "OR f.name LIKE '%.sql.xz' OR f.name LIKE '%.dump') ORDER BY f.path",
                        [&](const RowView& row) {
                            const bool later = !row.is_null(6) && !row.is_null(9) && row.integer(6) - row.integer(9) > k_later;
                            if (!later) return Next::go_on;
                            return ++count <= k_most ? (add(row, false, true, sink), Next::go_on) : Next::stop;
                        }));
    if (cut || count > k_most) sink.gap({base::Gap::Level::limit, "exfiltration", "more dumps and archives that lie ready than are told", "", ""});
    return {};
}

}  // namespace deadbox::plugins::exfiltration
