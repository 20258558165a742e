// Programs that belong to a package but were compared with nothing, since dpkg's database has no digest for them.
#include <algorithm>
#include <map>

#include "base/encoding.hpp"
#include "binaries/judges.hpp"

namespace deadbox::plugins::binaries {
namespace {

constexpr std::size_t k_named = 12;  // packages that the ledger's row names

// How many packages of an origin have digests, and how many have programs but no digest.
struct Origin {
    std::uint32_t with = 0, without = 0;
    bool gives_digests() const { return with >= 2 && with >= 2 * without; }
};

void tell_ledger(const Court& court) {
    std::map<std::string_view, std::uint64_t> uncompared;  // by name: the order of the rows is that of the files
    for (const auto& package : court.packaged.packages)
        if (package.uncompared > 0) uncompared.emplace(package.stem, package.uncompared);
    if (uncompared.empty()) return;
    std::string named;
    std::size_t told = 0;
    for (const auto& [stem, count] : uncompared)
        if (++told <= k_named) named += (named.empty() ? "" : ", ") + std::string(stem) + ": " + std::to_string(count);
    if (told > k_named) named += ", ... (+" + std::to_string(told - k_named) + ")";
    court.sink.gap({base::Gap::Level::limit, "binaries", "programs and libraries of packages without digests were not compared with anything (how many of which package)", "/var/lib/dpkg/info", named});
}

// Written to after the package was unpacked: only then is there something that a missing digest hides.
bool changed_later(const Package& package, const DiskFile& file) {
    constexpr std::int64_t k_slack = 600;  // dpkg writes a package's files and lists within seconds
    auto unpacked = package.list_changed;
    if (package.control_changed && (!unpacked || *package.control_changed > *unpacked)) unpacked = package.control_changed;
    return unpacked && file.changed && *file.changed > *unpacked + k_slack;
}

struct Lost {
    std::vector<const DiskFile*> files;
    bool login = false, later = false;  // of the programs by which people log in and look; changed after the unpacking
};

void emit_digests_missing(const Court& court, const Package& package, const Lost& lost) {
    auto head = court.head("packages/digests_missing", package.stem);
    if (!lost.login && !lost.later) head.severity = plugin::Severity::medium;
    for (const auto* file : lost.files)
        if (const auto changed = file->changed_at(); changed && (!head.first || *changed < *head.first)) head.first = changed, head.basis = plugin::TimeBasis::change;
    head.arguments = {{"package", package.title()}, {"path", lost.files.front()->path}, {"count", std::to_string(package.uncompared)}};
    court.sink.finding(head);
    for (const auto* file : lost.files) {
        auto item = file->item();
        item.reference = plugin::Reference{"none", package.title(), "md5", "", base::to_hex(file->md5)};
        court.sink.item(item);
    }
}

void emit_list_missing(const Court& court, const Package& package) {
    auto head = court.head("packages/list_missing", package.stem);
    head.arguments = {{"package", package.title()}};
    court.sink.finding(head);
    plugin::Item item;
    item.key = package.title(), item.kind = plugin::KeyKind::package;
    court.sink.item(item);
}

}  // namespace

void judge_lost_digests(const Court& court) {
    tell_ledger(court);
    const auto& packages = court.packaged.packages;
    std::map<std::string, Origin> origins;
    std::uint32_t listed = 0, unlisted = 0;
    for (const auto& package : packages) {
        if (!package.installed) continue;
        ++(package.listed ? listed : unlisted);
        auto& origin = origins[package.origin];
        if (package.has_digests) ++origin.with;
        else if (package.uncompared > 0) ++origin.without;
    }
    std::map<std::uint32_t, Lost> lost;
    for (const auto& uncompared : court.scan.uncompared) {
        const auto& package = packages[uncompared.package];
        const bool login = court.importance.of(uncompared.file.path) == Importance::login, later = changed_later(package, uncompared.file);
        const bool kept = origins[package.origin].gives_digests();
        // One line of many may be missing by the package's own making; that a list is gone as a whole is nobody's.
        if (login ? !(package.has_digests || package.essential || kept) : package.has_digests ? !later : !kept) continue;
        auto& one = lost[uncompared.package];
        one.files.push_back(&uncompared.file), one.login = one.login || login, one.later = one.later || later;
    }
    // Where hardly any package has digests, they were never kept: an image that was made small.
    const bool kept = std::count_if(packages.begin(), packages.end(), [](const Package& package) { return package.has_digests; }) > static_cast<std::ptrdiff_t>(lost.size());
    if (kept)
        for (const auto& [package, one] : lost) emit_digests_missing(court, packages[package], one);
    if (listed >= 2 && listed >= 10 * unlisted)
        for (const auto& package : packages)
            if (package.installed && !package.listed) emit_list_missing(court, package);
}

}  // namespace deadbox::plugins::binaries
