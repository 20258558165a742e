// What stands out and whose content a set of the examiner's calls good, under the very name: another version of the same
// program, or one that came without a package. It is not accused, and it is told.
#include <algorithm>

#include "base/encoding.hpp"
#include "binaries/judges.hpp"

namespace deadbox::plugins::binaries {
namespace {

// Where the good sets know this content as this file. A copy of another program in its place is none of them, whoever knows it.
class GoodContents {
public:
    GoodContents(const plugin::CaseReader& reader, const Packaged& packaged) : m_reader(reader), m_packaged(packaged) {}

    base::Result<std::optional<Scan::Excused>> find(const DiskFile& file) const {
        std::optional<Scan::Excused> found;
        if (file.type != 1) return found;
        bool bad = false;
        const plugin::Value inode(file.inode);
        TRY(m_reader.query("SELECT known_as, same_name, set_name, algorithm, hex_of(digest), listed_name FROM known_file WHERE inode = ?1 ORDER BY id", {&inode, 1}, [&](const plugin::RowView& row) {
            bad = bad || row.text(0) == "bad";
            if (found || row.text(0) != "good" || (!row.is_null(1) && row.integer(1) == 0)) return base::Next::go_on;
            found = Scan::Excused{file, std::nullopt, std::string(row.text(2)), std::string(row.text(3)), std::string(row.text(4)), std::string(row.text(5))};
            return base::Next::go_on;
        }));
        if (bad) return std::optional<Scan::Excused>();
        if (found && found->listed.empty() && is_copy_of_another(file)) found.reset();
        return found;
    }

private:
    // The set has no names: packages' programs have.
    bool is_copy_of_another(const DiskFile& file) const {
        if (m_programs.empty())
            for (const auto& entry : m_packaged.files)
                if (m_packaged.is_compared(entry) && is_program_folder(merged_path(m_packaged.folder_path(entry.folder)))) m_programs[m_packaged.expected_md5(entry)].push_back(m_packaged.name_of(entry));
        const auto programs = m_programs.find(file.md5);
        return programs != m_programs.end() && std::find(programs->second.begin(), programs->second.end(), file.name()) == programs->second.end();
    }

    const plugin::CaseReader& m_reader;
    const Packaged& m_packaged;
    mutable std::unordered_map<std::string_view, std::vector<std::string_view>> m_programs;  // names by MD5; made when first asked for
};

void emit_known(const Court& court, std::string_view subject, plugin::Severity severity, const std::vector<const Scan::Excused*>& files) {
    if (files.empty()) return;
    auto head = court.head("binaries/known_good", std::string(subject));
    head.severity = severity;
    head.arguments = {{"count", std::to_string(files.size())}, {"path", files.front()->file.path}, {"set", files.front()->set}, {"how", std::string(subject)}};
    court.sink.finding(head);
    for (const auto* one : files) {
        auto item = one->file.item();
        item.reference = plugin::Reference{"external", one->set + (one->listed.empty() ? "" : ": " + one->listed), one->algorithm, one->digest, one->digest};
        court.sink.item(item);
    }
}

}  // namespace

base::Result<void> excuse_known(const plugin::CaseReader& reader, const Packaged& packaged, Scan& scan) {
    bool any = false;
    TRY(reader.query("SELECT 1 FROM known_file WHERE known_as = 'good' LIMIT 1", [&](const plugin::RowView&) { return any = true, base::Next::stop; }));
    if (!any) return {};
    const GoodContents good(reader, packaged);
    std::vector<Scan::Differing> differing;
    for (auto& one : scan.differing) {
        TRY_ASSIGN(auto known, good.find(one.file));
        if (known) known->entry = one.entry, scan.known_good.push_back(std::move(*known));
        else differing.push_back(std::move(one));
    }
    scan.differing = std::move(differing);
    std::vector<DiskFile> unowned;
    for (auto& file : scan.unowned) {
        TRY_ASSIGN(auto known, good.find(file));
        if (known) scan.known_good.push_back(std::move(*known));
        else unowned.push_back(std::move(file));
    }
    scan.unowned = std::move(unowned);
    return {};
}

void judge_known(const Court& court) {
    std::vector<const Scan::Excused*> changed, unowned;
    for (const auto& one : court.scan.known_good) {
        // Files nobody asks about stay unsaid here as well.
        if (one.entry && court.importance.of(one.file.path) == Importance::ignored) continue;
        (one.entry ? changed : unowned).push_back(&one);
    }
    // Another version of a package's file is worth a look: an old one may be as good as a door.
    emit_known(court, "changed", plugin::Severity::low, changed);
    emit_known(court, "unowned", plugin::Severity::info, unowned);
}

}  // namespace deadbox::plugins::binaries
