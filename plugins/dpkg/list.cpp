// info/STEM.list: one absolute path a line, folders too ("/." first); info/STEM.md5sums beside it: digests of the
// regular files (conffiles are in it where dpkg made it, not where the package brought it). A folder is known by the
// entries below it, so only an empty one stays.
#include "plugin/parser.hpp"

#include <unordered_map>
#include <unordered_set>

#include "dpkg/digest.hpp"
#include "dpkg/folder_rows.hpp"
#include "dpkg/dpkg_topic.hpp"

namespace deadbox::plugins::dpkg {
namespace {

class ListParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        auto stem = std::string_view(file.record().path);
        stem = stem.substr(stem.rfind('/') + 1);
        stem.remove_suffix(stem.ends_with(".list") ? 5 : 0);

        std::unordered_map<std::string, Md5> digests;
        bool has_digests = false;
        if (const auto* beside = file.companion(".list>.md5sums")) {
            has_digests = true;
            std::uint64_t damaged = 0;
            const auto read = plugin::for_each_line(*beside, [&](std::string_view line, std::uint64_t, std::uint64_t) {
                if (line.empty()) return;
                if (auto entry = decode_md5sums_line(line)) digests.insert_or_assign(std::move(entry->path), entry->digest);
                else ++damaged;
            });
            if (!read) sink.gap({base::Gap::Level::gap, "dpkg", "a package's digests could not be read", beside->record().path, read.error().what});
            if (damaged > 0)
                sink.gap({base::Gap::Level::note, "dpkg", "lines of a package's digests are damaged", beside->record().path, std::to_string(damaged)});
        }

        std::vector<std::string> paths;
        TRY(plugin::for_each_line(file, [&](std::string_view line, std::uint64_t, std::uint64_t) {
            if (line.starts_with('/') && line != "/.") paths.emplace_back(line);
        }));
        std::unordered_set<std::string_view> folders;
        for (const std::string_view path : paths) {
            // A child's own parents were put in with its parent, which may stand after it: all are.
            for (auto slash = path.rfind('/'); slash != 0 && slash != std::string_view::npos; slash = path.rfind('/', slash - 1))
                if (!folders.insert(path.substr(0, slash)).second) break;
        }
        FolderRows rows(stem);
        for (const auto& path : paths) {
            if (folders.contains(path)) continue;
            const auto digest = digests.find(path);
            rows.add(path, digest == digests.end() ? nullptr : &digest->second);
        }
        rows.emit(sink);
        PackageListRow row;
        row.package = stem, row.files = rows.count();
        if (has_digests) row.digests = rows.with_digest();
        row.emit(sink);
        return {};
    }
};

}  // namespace

const plugin::Parser& dpkg_list_parser() {
    static const ListParser parser;
    return parser;
}

}  // namespace deadbox::plugins::dpkg
