// Packaged files that are not as they were installed, or not there at all.
#include <algorithm>
#include <map>
#include <set>

#include "base/encoding.hpp"
#include "binaries/judges.hpp"

namespace deadbox::plugins::binaries {
namespace {

constexpr std::string_view k_md5_of_nothing("\xd4\x1d\x8c\xd9\x8f\x00\xb2\x04\xe9\x80\x09\x98\xec\xf8\x42\x7e", 16);
constexpr std::size_t k_most_stripped = 10;  // packages of which nothing is there, before it is called a stripped image

// What the texts say of both sides: of the image's own list, or of what was published.
void add_digests(const Court& court, const PackagedFile& entry, const Package& package, const DiskFile& file, plugin::FindingHead& head) {
    const auto expected = court.packaged.expected(entry, file.md5, file.sha256);
    const bool published = court.packaged.is_published(entry);
    const bool agrees = published && entry.has_digest && file.md5 == std::string_view(entry.md5.data(), entry.md5.size());
    const auto image = published ? std::string() : expected.digest, content = published ? std::string() : expected.found;
    head.arguments.insert(head.arguments.end(), {{"expected", image}, {"found", content}, {"published", published ? expected.digest : ""}, {"content", published ? expected.found : ""},
                                                 {"set", published ? package.set : ""}, {"agrees", agrees ? base::to_hex(file.md5) : ""}});
}

// Structure problems that mean bytes are missing at the end.
bool is_cut(std::string_view problems) {
    for (const std::string_view word : {"header_cut", "program_headers_lost", "segment_past_end", "section_headers_lost", "section_past_end"})
        if (problems.find(word) != std::string_view::npos) return true;
    return false;
}

bool matters_as_program(Importance importance) { return importance <= Importance::module; }

class Differences {
public:
    explicit Differences(const Court& court) : m_court(court) {}

    base::Result<void> judge() {
        for (const auto& differing : m_court.scan.differing) TRY(judge(differing));
        for (const auto& [package, group] : m_groups) emit_group(package, group);
        return {};
    }

private:
    struct Group {
        plugin::Severity severity = plugin::Severity::low;
        std::vector<const Scan::Differing*> files;
    };

    base::Result<void> judge(const Scan::Differing& differing) {
        const auto& file = differing.file;
        const auto& entry = m_court.packaged.files[differing.entry];
        const auto& package = m_court.packaged.packages[entry.package];
        auto importance = m_court.importance.of(file.path);
        if (importance == Importance::ignored) return {};
        if (file.type == 3 && file.target.starts_with("/etc/alternatives/")) return {};
        if (!matters_as_program(importance) && file.is_elf()) importance = Importance::program;
        if (!matters_as_program(importance)) {
            auto& group = m_groups[entry.package];
            const bool runs = importance == Importance::unit || importance == Importance::script || importance == Importance::boot || (file.mode & 0111) != 0;
            if (runs && package.installed) group.severity = plugin::Severity::medium;
            group.files.push_back(&differing);
            return {};
        }
        TRY_ASSIGN(const auto elf, elf_facts(m_court.reader, file.inode));
        const auto rule = rule_for(file, entry, package, importance, elf);
        auto head = m_court.head("binaries/" + std::string(rule), file.path);
        head.severity = plugin::Severity::high;
        // Only what still works shows that somebody is in control; what is broken is a grave fault.
        if (importance == Importance::login && (rule == "modified" || rule == "not_elf" || rule == "replaced_by_link")) head.severity = plugin::Severity::critical;
        if (rule == "modified" && is_edited_script(file, package)) head.severity = plugin::Severity::medium;
        if (rule == "modified") {
            TRY_ASSIGN(const bool left, is_left_by_installer(file, entry));
            if (left) head.severity = plugin::Severity::low;
        }
        if (!package.installed) head.severity = plugin::Severity::low, head.confidence = plugin::Confidence::possible;
        head.first = file.changed_at(), head.basis = plugin::TimeBasis::change;
        head.arguments = {{"path", file.path}, {"package", package.title()}, {"size", std::to_string(file.size)},
                          {"modified", rfc3339(file.modified, file.modified_ns)}, {"changed", rfc3339(file.changed, file.changed_ns)},
                          {"type", file.content_type}, {"target", file.target}, {"problems", elf.problems}, {"traits", elf.traits}};
        add_digests(m_court, entry, package, file, head);
        m_court.sink.finding(head);
        auto item = file.item();
        item.reference = reference_to(m_court, entry, file.md5, file.sha256);
        m_court.sink.item(item);
        return {};
    }

    // While debootstrap installs, nothing may be started: a script of three lines, always the same, stands in for the program,
    // which waits beside it. Where the installation ended early, both are left.
    base::Result<bool> is_left_by_installer(const DiskFile& file, const PackagedFile& entry) const {
        constexpr std::string_view k_stub = "7c5c0b7816b0a7ea7fe22ebe5b4641d4";  // MD5 of: #!/bin/sh, echo, echo "Warning: Fake start-stop-daemon called, doing nothing"
        if (file.name() != "start-stop-daemon" || base::to_hex(base::as_bytes(file.md5)) != k_stub) return false;
        const auto beside = std::string(file.name()) + ".REAL";
        const auto folder = file.folder();
        const plugin::Value parameters[] = {m_court.scan.system ? plugin::Value(*m_court.scan.system) : plugin::Value(), std::string_view(folder), std::string_view(beside)};
        bool waits = false;
        TRY(m_court.reader.query("SELECT md5 FROM file WHERE system IS ?1 AND folder = ?2 AND name = ?3 AND type = 1 AND name_allocated = 1 LIMIT 1", parameters, [&](const plugin::RowView& row) {
            waits = row.text(0) == m_court.packaged.expected_md5(entry);
            return base::Next::stop;
        }));
        return waits;
    }

    // A script of a package of scripts that was written to, and whose times nobody set back: administrators edit such.
    static bool is_edited_script(const DiskFile& file, const Package& package) {
        constexpr std::int64_t k_writing = 60;  // seconds from an editor's last byte to the change of mode or owner
        return !file.is_elf() && package.programs > 0 && package.elf_programs == 0 && file.content_type.starts_with("text/") && file.modified && file.changed && *file.changed - *file.modified <= k_writing && *file.changed >= *file.modified;
    }

    std::string_view rule_for(const DiskFile& file, const PackagedFile& entry, const Package& package, Importance importance, const ElfFacts& elf) const {
        if (file.type != 1) return "replaced_by_link";
        if (file.size == 0 && m_court.packaged.expected_md5(entry) != k_md5_of_nothing) return "emptied";
        if (file.is_elf() || elf.known) {
            if (is_cut(elf.problems)) return "truncated";
            return elf.loads ? "modified" : "broken_elf";
        }
        // Was it a program in machine code before? Its name says so, or all programs beside it and its fame.
        const bool library = file.name().find(".so") != std::string_view::npos;
        const bool siblings = package.elf_programs == package.programs;
        if (library || importance == Importance::module || (siblings && importance == Importance::login)) return "not_elf";
        return "modified";
    }

    void emit_group(std::uint32_t id, const Group& group) {
        const auto& package = m_court.packaged.packages[id];
        auto head = m_court.head("binaries/modified_data", package.stem);
        head.severity = group.severity;
        const auto& first = group.files.front()->file;
        for (const auto* differing : group.files) {
            const auto changed = differing->file.changed_at();
            if (changed && (!head.first || *changed < *head.first)) head.first = changed;
        }
        head.arguments = {{"package", package.title()}, {"path", first.path}, {"count", std::to_string(group.files.size())}};
        m_court.sink.finding(head);
        for (const auto* differing : group.files) {
            auto item = differing->file.item();
            item.reference = reference_to(m_court, m_court.packaged.files[differing->entry], differing->file.md5, differing->file.sha256);
            m_court.sink.item(item);
        }
    }

    const Court& m_court;
    std::map<std::uint32_t, Group> m_groups;
};

bool missing_matters(const Court& court, const std::string& path) {
    const auto importance = court.importance.of(path);
    if (importance == Importance::login || importance == Importance::program) return true;
    return importance == Importance::library && is_library_folder(merged_path(path.substr(0, path.rfind('/'))));
}

// Folders of which names may be lost: of what should lie there nobody can say that it is missing. What detectors could not do
// is about findings, not about names.
class LostFolders {
public:
    static base::Result<LostFolders> load(const plugin::CaseReader& reader) {
        LostFolders lost;
        TRY(reader.query("SELECT folder, count, examples FROM coverage WHERE level = 'gap' AND wave NOT LIKE 'detect:%'", [&](const plugin::RowView& row) {
            lost.m_gaps.push_back({std::string(row.text(0)), row.integer(1), std::string(row.text(2))});
            return base::Next::go_on;
        }));
        return lost;
    }
    // A folder above the path is named by a gap, or may be among those that a gap counts without naming them.
    bool holds(const std::string& path) const {
        for (auto slash = path.rfind('/'); slash != std::string::npos; slash = slash == 0 ? std::string::npos : path.rfind('/', slash - 1)) {
            const auto folder = slash == 0 ? std::string("/") : path.substr(0, slash);
            for (const auto& gap : m_gaps) {
                if (gap.examples.find('"' + folder + ':') != std::string::npos || gap.examples.find('"' + folder + '"') != std::string::npos) return true;
                if (gap.count > k_named && gap.folder == folder) return true;
            }
        }
        return false;
    }

private:
    static constexpr std::int64_t k_named = 3;  // examples that the ledger keeps of a row
    struct Gap {
        std::string folder;
        std::int64_t count;
        std::string examples;  // a JSON array of "path: detail"
    };
    std::vector<Gap> m_gaps;
};

// The removed name where the folder still shows it and nothing else got its inode, else the place where it should be.
base::Result<void> emit_missing(const Court& court, const PackagedFile& entry) {
    const auto& package = court.packaged.packages[entry.package];
    const auto& folder = court.packaged.folder_path(entry.folder);
    const auto name = court.packaged.name_of(entry);
    plugin::Item item;
    item.name = name;
    const plugin::Value system = court.scan.system ? plugin::Value(*court.scan.system) : plugin::Value();
    const plugin::Value place[] = {std::string_view(folder), name, system};
    std::optional<base::Timestamp> removed;
    TRY(court.reader.query("SELECT d.id FROM directory d JOIN tree t ON t.id = d.tree WHERE d.path = ?1 AND t.system IS ?3 ORDER BY d.id LIMIT 1", place,
                           [&](const plugin::RowView& row) { return item.directory = row.integer(0), base::Next::stop; }));
    TRY(court.reader.query("SELECT inode, directory, d_s FROM file WHERE folder = ?1 AND name = ?2 AND name_allocated = 0 AND inode_allocated = 0 AND system IS ?3 ORDER BY d_s DESC, inode LIMIT 1", place,
                           [&](const plugin::RowView& row) {
                               item.inode = row.integer(0), item.directory = row.integer(1);
                               if (!row.is_null(2) && row.integer(2) > 0) removed = base::Timestamp{row.integer(2), 0};
                               return base::Next::stop;
                           }));
    const auto path = court.packaged.path_of(entry);
    item.key = path, item.kind = plugin::KeyKind::path;
    item.reference = reference_to(court, entry, {}, {});
    auto head = court.head("binaries/missing", path);
    head.first = removed;
    head.arguments = {{"path", path}, {"package", package.title()}, {"expected", court.packaged.expected(entry, {}, {}).digest}};
    court.sink.finding(head);
    court.sink.item(item);
    return {};
}

}  // namespace

plugin::Reference reference_to(const Court& court, const PackagedFile& entry, std::string_view md5, std::string_view sha256) {
    const auto& package = court.packaged.packages[entry.package];
    auto expected = court.packaged.expected(entry, md5, sha256);
    const bool published = court.packaged.is_published(entry);
    return {published ? "external" : "in_image", package.title() + (published ? " (" + package.set + ")" : ""), std::string(expected.algorithm), std::move(expected.digest), std::move(expected.found)};
}

base::Result<void> judge_differing(const Court& court) { return Differences(court).judge(); }

base::Result<void> judge_missing(const Court& court) {
    std::vector<const PackagedFile*> missing;
    std::map<std::uint32_t, std::uint32_t> absent;  // by package: files that matter
    std::set<std::uint32_t> shown;                  // packages of which a file that matters is there
    const auto counts = [&](const PackagedFile& entry) {
        return court.packaged.is_compared(entry) && !entry.excluded && !entry.conffile && court.packaged.packages[entry.package].installed && missing_matters(court, court.packaged.path_of(entry));
    };
    TRY_ASSIGN(const LostFolders lost, LostFolders::load(court.reader));
    std::int64_t unjudged = 0;
    for (const auto& entry : court.packaged.files) {
        if (entry.seen || !counts(entry)) continue;
        if (lost.holds(court.packaged.path_of(entry)) || lost.holds(merged_path(court.packaged.path_of(entry)))) {
            ++unjudged;
            continue;
        }
        ++absent[entry.package];
        missing.push_back(&entry);
    }
    if (unjudged > 0)
        court.sink.gap({base::Gap::Level::gap, "binaries", "packaged programs that are not seen lie in folders that could not be read whole: not judged", "/usr", std::to_string(unjudged) + " files"});
    if (!absent.empty()) {
        for (const auto& entry : court.packaged.files)
            if (entry.seen && absent.contains(entry.package) && court.packaged.packages[entry.package].present == 0 && counts(entry)) shown.insert(entry.package);
    }
    std::vector<std::uint32_t> gone;  // packages of which nothing is there
    for (const auto& [package, count] : absent)
        if (court.packaged.packages[package].present == 0 && !shown.contains(package)) gone.push_back(package);
    const bool stripped = gone.size() > k_most_stripped;
    if (stripped) {
        auto head = court.head("binaries/stripped", "packages");
        head.arguments = {{"count", std::to_string(gone.size())}, {"package", court.packaged.packages[gone.front()].title()}};
        court.sink.finding(head);
        for (const auto package : gone) {
            plugin::Item item;
            item.key = court.packaged.packages[package].title(), item.kind = plugin::KeyKind::package;
            court.sink.item(item);
        }
    }
    std::sort(missing.begin(), missing.end(), [&](const auto* a, const auto* b) { return court.packaged.path_of(*a) < court.packaged.path_of(*b); });
    std::string last;
    for (const auto* entry : missing) {
        if (stripped && std::binary_search(gone.begin(), gone.end(), entry->package)) continue;
        auto path = court.packaged.path_of(*entry);
        if (path == last) continue;  // two architectures share it
        last = std::move(path);
        TRY(emit_missing(court, *entry));
    }
    return {};
}

}  // namespace deadbox::plugins::binaries
