#include "case/view_usage.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace deadbox::case_file {
namespace {

constexpr double k_taken_apart = 0.06, k_shown = 0.015;  // shares of the whole: taken apart; listed by itself
constexpr std::string_view k_live = "i.type = 1 AND i.allocated AND i.id >> 44 IN (SELECT id FROM tree WHERE state = 0)";
constexpr std::string_view k_bytes = "max(0, i.size - ifnull(i.hole_bytes, 0))";

struct Folder {
    std::int64_t bytes = 0, files = 0;  // of all below it
    std::int64_t own_bytes = 0, own_files = 0;
    std::vector<std::string> below;
};
using Folders = std::map<std::string, Folder, std::less<>>;

std::string above(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == std::string::npos || slash == 0 ? std::string("/") : path.substr(0, slash);
}

// Adds to the folder and to all above it.
void add(Folders& folders, std::string path, std::int64_t bytes, std::int64_t files) {
    folders[path].own_bytes += bytes, folders[path].own_files += files;
    for (;;) {
        auto& folder = folders[path];
        folder.bytes += bytes, folder.files += files;
        if (path == "/") return;
        auto parent = above(path);
        const bool known = folders.contains(parent) && std::find(folders[parent].below.begin(), folders[parent].below.end(), path) != folders[parent].below.end();
        if (!known) folders[parent].below.push_back(path);
        path = std::move(parent);
    }
}

std::vector<FolderUsage> heaviest(const Folders& folders, std::size_t most) {
    const auto root = folders.find("/");
    if (root == folders.end()) return {};
    const double whole = static_cast<double>(std::max<std::int64_t>(root->second.bytes, 1));
    std::vector<FolderUsage> list{{"/", root->second.bytes, root->second.files, false}};
    for (;;) {
        std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return std::tie(b.bytes, a.path) < std::tie(a.bytes, b.path); });
        const auto next = std::find_if(list.begin(), list.end(), [&](const FolderUsage& one) {
            if (one.rest || static_cast<double>(one.bytes) < k_taken_apart * whole) return false;
            const auto& below = folders.find(one.path)->second.below;
            return std::any_of(below.begin(), below.end(), [&](const std::string& path) { return static_cast<double>(folders.find(path)->second.bytes) >= k_shown * whole; });
        });
        if (next == list.end() || list.size() >= most) return list;
        FolderUsage taken = *next;
        list.erase(next);
        for (const auto& path : folders.find(taken.path)->second.below) {
            const auto& folder = folders.find(path)->second;
            if (static_cast<double>(folder.bytes) < k_shown * whole) continue;
            list.push_back({path, folder.bytes, folder.files, false});
            taken.bytes -= folder.bytes, taken.files -= folder.files;
        }
        taken.rest = true;
        if (taken.files > 0) list.push_back(std::move(taken));
    }
}

base::Result<std::vector<DayUsage>> days(const View& view, const char* column) {
    std::vector<DayUsage> all;
    TRY_ASSIGN(Statement rows, view.prepare("SELECT i." + std::string(column) + " / 86400 AS day, sum(" + std::string(k_bytes) + "), count(*) FROM inode i WHERE " + std::string(k_live) + " AND i." + column + " > 0 GROUP BY day ORDER BY day"));
    for (;;) {
        TRY_ASSIGN(const bool more, rows.step());
        if (!more) return all;
        all.push_back({rows.integer(0), rows.integer(1), rows.integer(2)});
    }
}

}  // namespace

base::Result<Usage> usage(const View& view, std::size_t most) {
    Usage out;
    std::unordered_map<std::int64_t, std::string> paths;
    TRY_ASSIGN(Statement folders, view.prepare("SELECT id, path FROM directory"));
    for (;;) {
        TRY_ASSIGN(const bool more, folders.step());
        if (!more) break;
        paths.emplace(folders.integer(0), folders.text(1));
    }
    Folders all;
    TRY_ASSIGN(Statement rows, view.prepare("SELECT i.parent, sum(" + std::string(k_bytes) + "), count(*) FROM inode i WHERE " + std::string(k_live) + " GROUP BY i.parent"));
    for (;;) {
        TRY_ASSIGN(const bool more, rows.step());
        if (!more) break;
        out.bytes += rows.integer(1), out.files += rows.integer(2);
        const auto path = paths.find(rows.integer(0));
        add(all, path == paths.end() || !path->second.starts_with('/') ? std::string("/") : path->second, rows.integer(1), rows.integer(2));
    }
    out.folders = heaviest(all, most);
    TRY_ASSIGN(out.days, days(view, "b_s"));
    out.by_birth = !out.days.empty();
    if (!out.by_birth) {
        TRY_ASSIGN(out.days, days(view, "c_s"));
    }
    return out;
}

}  // namespace deadbox::case_file
