#include "case/view_counterparts.hpp"

#include <algorithm>
#include <array>

#include "case/reader.hpp"

namespace deadbox::case_file {
namespace {

using Kind = Counterpart::Kind;

struct Ending {
    std::string_view text;
    Kind kind;
};
constexpr std::array<Ending, 16> k_endings{{{"-", Kind::previous}, {".dpkg-dist", Kind::packaged}, {".dpkg-new", Kind::packaged}, {".ucf-dist", Kind::packaged}, {".ucf-new", Kind::packaged}, {".rpmnew", Kind::packaged},
                                            {".dpkg-old", Kind::replaced}, {".dpkg-bak", Kind::replaced}, {".ucf-old", Kind::replaced}, {".rpmsave", Kind::replaced}, {".rpmorig", Kind::replaced}, {"~", Kind::backup},
                                            {".bak", Kind::backup}, {".orig", Kind::backup}, {".old", Kind::backup}, {".save", Kind::backup}}};
constexpr std::size_t k_most = 12;

bool has_content(const FileDetail& file) { return file.type == 1 && file.size > 0 && file.name_allocated == file.inode_allocated; }

}  // namespace

base::Result<std::vector<Counterpart>> counterparts_of(Files& files, const FileDetail& file) {
    std::vector<Counterpart> found;
    if (!file.directory || file.path.empty()) return found;
    const auto add = [&](const std::string& path, Kind kind) -> base::Result<void> {
        TRY_ASSIGN(const auto named, files.at_path(path));
        for (const auto& one : named) {
            const bool same_place = one.tree == file.tree;
            if (!has_content(one) || one.inode == file.inode || one.system != file.system || (kind != Kind::other_state && !same_place) || found.size() >= k_most) continue;
            if (kind == Kind::other_state && same_place && one.name_allocated) continue;
            found.push_back({kind == Kind::other_state && same_place ? Kind::deleted : kind, one});
        }
        return {};
    };
    for (const auto& [ending, kind] : k_endings) {
        TRY(add(file.path + std::string(ending), kind));
        if (file.name.size() > ending.size() && file.name.ends_with(ending)) TRY(add(file.path.substr(0, file.path.size() - ending.size()), Kind::original));
    }
    TRY(add(file.path, Kind::other_state));
    return found;
}

base::Result<std::optional<FileDetail>> companion_of(Files& files, const FileDetail& file, std::string_view ending) {
    if (!file.directory || file.path.empty()) return std::optional<FileDetail>();
    TRY_ASSIGN(const auto named, files.at_path(file.path + std::string(ending)));
    const auto one = std::find_if(named.begin(), named.end(), [&](const FileDetail& each) { return each.tree == file.tree && each.directory == file.directory && each.name_allocated && each.inode_allocated && each.type == 1; });
    return one == named.end() ? std::optional<FileDetail>() : std::optional(*one);
}

base::Result<std::optional<std::string>> kept_text_of(const View& view, std::int64_t inode) {
    TRY_ASSIGN(Statement kept, view.prepare("SELECT 1 FROM kept WHERE inode = ?"));
    kept.bind(1, inode);
    TRY_ASSIGN(const bool there, kept.step());
    kept.reset();
    if (!there) return std::optional<std::string>();
    const DetectorReader reader(view.database(), {});
    TRY_ASSIGN(auto text, reader.kept_text(inode));
    return std::optional(std::move(text));
}

}  // namespace deadbox::case_file
