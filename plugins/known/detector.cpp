// Files that a set of the examiner's calls bad: each a finding of its own, up to a number at which the set itself is the question.
#include "plugin/detector.hpp"

#include <map>

#include "base/encoding.hpp"

namespace deadbox::plugins::known {
namespace {

constexpr std::size_t k_most_single = 1000;  // findings of one file each, of one set on one system

struct Hit {
    std::int64_t inode = 0, directory = 0;
    std::string path, name, algorithm, digest, listed, good_set;
    std::optional<base::Timestamp> changed;
};

class BadFiles {
public:
    BadFiles(const plugin::CaseReader& reader, plugin::FindingSink& sink) : m_reader(reader), m_sink(sink) {}

    base::Result<void> run() {
        struct Place {
            std::optional<std::int64_t> system;
            std::string set;
            auto operator<=>(const Place&) const = default;
        };
        std::map<Place, std::vector<Hit>> hits;
        TRY(m_reader.query("SELECT k.system, k.set_name, k.inode, p.directory, p.path, p.name, k.algorithm, hex_of(k.digest), k.listed_name, i.c_s, i.c_ns, "
                           "(SELECT min(g.set_name) FROM known_file g WHERE g.inode = k.inode AND g.known_as = 'good') "
                           "FROM known_file k JOIN inode_path p ON p.inode = k.inode JOIN inode i ON i.id = k.inode WHERE k.known_as = 'bad' ORDER BY p.path, k.inode, k.id", [&](const plugin::RowView& row) {
            Hit hit{row.integer(2), row.integer(3), std::string(row.text(4)), std::string(row.text(5)), std::string(row.text(6)), std::string(row.text(7)), std::string(row.text(8)), std::string(row.text(11)), {}};
            if (!row.is_null(9)) hit.changed = base::Timestamp{row.integer(9), static_cast<std::uint32_t>(row.integer(10))};
            hits[{row.maybe_integer(0), std::string(row.text(1))}].push_back(std::move(hit));
            return base::Next::go_on;
        }));
        for (const auto& [place, files] : hits) tell(place.system, place.set, files);
        return {};
    }

private:
    void tell(std::optional<std::int64_t> system, const std::string& set, const std::vector<Hit>& files) {
        const auto single = std::min(files.size(), k_most_single);
        for (std::size_t i = 0; i < single; ++i) {
            head(system, set, files[i], files[i].path, 1);
            item(set, files[i]);
        }
        if (single == files.size()) return;
        head(system, set, files[single], "more of " + set, files.size() - single);
        for (auto i = single; i < files.size(); ++i) item(set, files[i]);
    }

    void head(std::optional<std::int64_t> system, const std::string& set, const Hit& first, std::string subject, std::size_t count) {
        plugin::FindingHead head;
        head.rule = "known/bad_file", head.system = system, head.subject = std::move(subject);
        // Two sets of the examiner's own disagree: somebody has to look, and nobody is accused.
        if (!first.good_set.empty()) head.severity = plugin::Severity::medium;
        head.first = first.changed;
        head.arguments = {{"path", first.path}, {"count", std::to_string(count)}, {"many", count > 1 ? std::to_string(count) : ""}, {"set", set}, {"digest", first.digest}, {"algorithm", first.algorithm}, {"listed", first.listed}, {"good_set", first.good_set}};
        m_sink.finding(head);
    }

    void item(const std::string& set, const Hit& hit) {
        plugin::Item item;
        item.inode = hit.inode, item.directory = hit.directory, item.name = hit.name;
        item.reference = plugin::Reference{"external", set + (hit.listed.empty() ? "" : ": " + hit.listed), hit.algorithm, hit.digest, hit.digest};
        m_sink.item(item);
    }

    const plugin::CaseReader& m_reader;
    plugin::FindingSink& m_sink;
};

class KnownDetector final : public plugin::Detector {
public:
    base::Result<void> detect(const plugin::CaseReader& reader, plugin::FindingSink& sink) const override { return BadFiles(reader, sink).run(); }
};

}  // namespace

const plugin::Detector& known_detector() {
    static const KnownDetector detector;
    return detector;
}

}  // namespace deadbox::plugins::known
