// Signs that what the packages are held against was itself changed, or that a file was put back with the same bytes.
#include <algorithm>

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

}  // namespace

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
        item.reference = plugin::Reference{"in_image", package.title(), "md5", base::to_hex(file.md5), base::to_hex(file.md5)};
        court.sink.item(item);
    }
    for (std::size_t id = 0; id < altered.size(); ++id) {
        if (!altered[id]) continue;
        const auto& package = court.packaged.packages[id];
        auto head = court.head("packages/database_altered", package.stem);
        if (touched[id]) head.severity = plugin::Severity::high;
        head.first = base::Timestamp{*package.digests_changed, 0};
        head.arguments = {{"package", package.title()}, {"changed", rfc3339(package.digests_changed, std::nullopt)}, {"installed", rfc3339(unpacked(package), std::nullopt)}};
        court.sink.finding(head);
        plugin::Item item;
        item.inode = package.digests_inode, item.directory = package.digests_directory, item.name = package.stem + ".md5sums";
        court.sink.item(item);
    }
    return {};
}

}  // namespace deadbox::plugins::binaries
