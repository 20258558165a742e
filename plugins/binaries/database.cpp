// Signs that what the packages are held against was itself changed, or that a file was put back with the same bytes.
#include <algorithm>
#include <map>

#include "base/encoding.hpp"
#include "binaries/judges.hpp"

namespace deadbox::plugins::binaries {
namespace {

constexpr std::int64_t k_slack = 600;      // dpkg writes a package's control files within seconds
constexpr std::int64_t k_day = 86400;

// When the package was unpacked, by its control files without the digests.
std::optional<std::int64_t> unpacked(const Package& package) {
    auto latest = package.list_changed;
    if (package.control_changed && (!latest || *package.control_changed > *latest)) latest = package.control_changed;
    return latest;
}

bool digests_are_later(const Package& package) {
    const auto at = unpacked(package);
    return at && package.digests_changed && *package.digests_changed > *at + k_slack;
}

std::optional<std::int64_t> median(std::vector<std::int64_t> values) {
    if (values.size() < 3) return std::nullopt;
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
    return values[values.size() / 2];
}

// Programs and libraries of the package that changed when its digests did. Where most of its files did, the package was put
// back as a whole, and none stands apart.
base::Result<std::vector<DiskFile>> changed_along(const Court& court, std::uint32_t id) {
    const auto& package = court.packaged.packages[id];
    const auto at = unpacked(package);
    std::vector<DiskFile> found;
    if (!at || !package.digests_changed) return found;
    const plugin::Value system = court.scan.system ? plugin::Value(*court.scan.system) : plugin::Value();
    std::size_t apart = 0, all = 0;
    std::map<std::uint32_t, std::map<std::string_view, const PackagedFile*>> folders;  // by name
    for (const auto& entry : court.packaged.files)
        if (entry.package == id && entry.seen && !entry.conffile) folders[entry.folder].emplace(court.packaged.name_of(entry), &entry);
    for (auto& [number, entries] : folders) {
        const auto& folder = court.packaged.folder_path(number);
        const plugin::Value place[] = {std::string_view(folder), system};
        // A folder is listed as a whole, however few of its names are asked for.
        TRY(court.reader.query("SELECT directory, inode, mode, content_type, md5, c_s, c_ns, name FROM file WHERE folder = ?1 AND system IS ?2 AND type = 1 AND name_allocated = 1 AND inode_allocated = 1 "
                               "AND tree IN (SELECT id FROM tree WHERE state = 0)", place, [&](const plugin::RowView& row) {
            const auto entry = entries.extract(row.text(7));  // each once
            if (entry.empty() || row.is_null(5)) return base::Next::go_on;
            ++all;
            const auto changed = row.integer(5);
            if (changed <= *at + k_slack || changed < *package.digests_changed - k_day || changed > *package.digests_changed + k_day) return base::Next::go_on;
            ++apart;
            DiskFile file;
            file.path = court.packaged.path_of(*entry.mapped());
            file.directory = row.integer(0), file.inode = row.integer(1), file.type = 1, file.mode = row.integer(2);
            file.content_type = row.text(3), file.md5 = row.text(4);
            file.changed = changed, file.changed_ns = row.maybe_integer(6);
            const auto importance = court.importance.of(file.path);
            if (importance <= Importance::module || (file.is_elf() && importance != Importance::ignored)) found.push_back(std::move(file));
            return base::Next::go_on;
        }));
    }
    if (apart > 1 && apart * 2 > all) found.clear();
    std::sort(found.begin(), found.end(), [](const DiskFile& a, const DiskFile& b) { return a.path < b.path; });
    return found;
}

}  // namespace

void judge_rewritten(const Court& court) {
    for (const auto& package : court.packaged.packages) {
        if (package.rewritten.empty()) continue;
        auto head = court.head("packages/database_rewritten", package.stem);
        head.first = package.digests_changed ? std::optional(base::Timestamp{*package.digests_changed, 0}) : std::nullopt;
        const auto& one = package.rewritten.front();
        const bool both = !one.listed.empty() && !one.published.empty();
        head.arguments = {{"package", package.title()}, {"set", package.set}, {"path", one.path}, {"count", std::to_string(package.rewritten.size() + package.more_rewritten)},
                          {"both", both ? one.path : ""}, {"listed", one.listed}, {"published", one.published}, {"added", one.published.empty() ? one.path : ""}, {"removed", one.listed.empty() ? one.path : ""}};
        court.sink.finding(head);
        for (const auto& changed : package.rewritten) {
            plugin::Item item;
            item.key = changed.path, item.kind = plugin::KeyKind::path;
            item.reference = plugin::Reference{"external", package.title() + " (" + package.set + ")", "md5", changed.published, changed.listed};
            court.sink.item(item);
        }
    }
}

base::Result<void> judge_database(const Court& court) {
    std::size_t with_digests = 0, later = 0;
    for (const auto& package : court.packaged.packages) {
        with_digests += package.digests_changed ? 1 : 0;
        later += digests_are_later(package) ? 1 : 0;
    }
    // Many at once: the whole folder was restored or its digests were made anew (debsums_init).
    const bool all_over = later > 5 && later > with_digests / 10;
    std::vector<bool> altered(court.packaged.packages.size());
    for (std::size_t id = 0; id < court.packaged.packages.size() && !all_over; ++id) altered[id] = digests_are_later(court.packaged.packages[id]);

    std::vector<bool> touched(court.packaged.packages.size());  // an important file was changed after unpacking
    for (const auto& differing : court.scan.differing) touched[court.packaged.files[differing.entry].package] = true;
    for (const auto& file : court.scan.login_unchanged) {
        const auto folder = court.packaged.folder(file.folder());
        const auto [first, last] = court.packaged.find(folder, file.name());
        if (first == last) continue;
        const auto& package = court.packaged.packages[first->package];
        const auto at = unpacked(package);
        if (at && file.changed && *file.changed > *at + k_slack) touched[first->package] = true;
        const auto cohort = median(package.births);
        if (!cohort || !file.born || *file.born <= *cohort + k_day) continue;
        auto head = court.head("binaries/recreated", file.path);
        head.first = base::Timestamp{*file.born, static_cast<std::uint32_t>(file.born_ns.value_or(0))}, head.basis = plugin::TimeBasis::birth;
        head.arguments = {{"path", file.path}, {"package", package.title()}, {"born", rfc3339(file.born, file.born_ns)}, {"installed", rfc3339(cohort, std::nullopt)}};
        court.sink.finding(head);
        auto item = file.item();
        item.reference = reference_to(court, *first, file.md5, file.sha256);
        court.sink.item(item);
    }
    for (std::size_t id = 0; id < altered.size(); ++id) {
        if (!altered[id]) continue;
        const auto& package = court.packaged.packages[id];
        TRY_ASSIGN(const auto along, changed_along(court, static_cast<std::uint32_t>(id)));
        auto head = court.head("packages/database_altered", package.stem);
        if (touched[id] || !along.empty()) head.severity = plugin::Severity::high;
        head.first = base::Timestamp{*package.digests_changed, 0};
        for (const auto& file : along)
            if (const auto changed = file.changed_at(); changed && *changed < *head.first) head.first = changed;
        head.arguments = {{"package", package.title()}, {"changed", rfc3339(package.digests_changed, std::nullopt)}, {"installed", rfc3339(unpacked(package), std::nullopt)},
                          {"path", along.empty() ? "" : along.front().path}, {"count", along.empty() ? "" : std::to_string(along.size())}};
        court.sink.finding(head);
        plugin::Item item;
        item.inode = package.digests_inode, item.directory = package.digests_directory, item.name = package.stem + ".md5sums";
        court.sink.item(item);
        for (const auto& file : along) {
            auto program = file.item();
            program.reference = plugin::Reference{"none", package.title(), "md5", "", base::to_hex(file.md5)};
            court.sink.item(program);
        }
    }
    return {};
}

}  // namespace deadbox::plugins::binaries
