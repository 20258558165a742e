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

void emit_digests_missing(const Court& court, const Package& package, const std::vector<const DiskFile*>& files) {
    auto head = court.head("packages/digests_missing", package.stem);
    for (const auto* file : files)
        if (const auto changed = file->changed_at(); changed && (!head.first || *changed < *head.first)) head.first = changed, head.basis = plugin::TimeBasis::change;
    head.arguments = {{"package", package.title()}, {"path", files.front()->path}, {"count", std::to_string(package.uncompared)}};
    court.sink.finding(head);
    for (const auto* file : files) {
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
    std::map<std::uint32_t, std::vector<const DiskFile*>> lost;
    for (const auto& uncompared : court.scan.login_uncompared) {
        const auto& package = packages[uncompared.package];
        if (package.has_digests || package.essential || origins[package.origin].gives_digests()) lost[uncompared.package].push_back(&uncompared.file);
    }
    // Where hardly any package has digests, they were never kept: an image that was made small.
    const bool kept = std::count_if(packages.begin(), packages.end(), [](const Package& package) { return package.has_digests; }) > static_cast<std::ptrdiff_t>(lost.size());
    if (kept)
        for (const auto& [package, files] : lost) emit_digests_missing(court, packages[package], files);
    if (listed >= 2 && listed >= 10 * unlisted)
        for (const auto& package : packages)
            if (package.installed && !package.listed) emit_list_missing(court, package);
}

}  // namespace deadbox::plugins::binaries
