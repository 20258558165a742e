// A Debian root as a case has it.
#include "plugins/dpkg/debian_root.hpp"

#include <sys/stat.h>
#include <sys/xattr.h>

#include <filesystem>
#include <fstream>

#include "base/glob.hpp"
#include "content/file_type.hpp"

namespace deadbox::test {
namespace {

namespace fs = std::filesystem;

std::string bytes_of_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

FileSpec spec_of(const std::string& full, const std::string& path, const struct stat& status, Owners owners) {
    FileSpec spec;
    spec.path = path;
    if (S_ISDIR(status.st_mode)) spec.type = 2;
    else if (S_ISLNK(status.st_mode)) spec.type = 3, spec.target = fs::read_symlink(full).string();
    spec.mode = status.st_mode & 07777;
    if (owners == Owners::real) spec.uid = status.st_uid, spec.gid = status.st_gid;
    spec.modified = status.st_mtim.tv_sec, spec.modified_ns = static_cast<std::uint32_t>(status.st_mtim.tv_nsec);
    spec.changed = spec.born = status.st_ctim.tv_sec, spec.changed_ns = spec.born_ns = static_cast<std::uint32_t>(status.st_ctim.tv_nsec);
    if (spec.type != 1) return spec;
    spec.bytes = bytes_of_file(full);
    char value[256];
    const auto length = ::getxattr(full.c_str(), "security.capability", value, sizeof value);
    if (length > 0) spec.attributes.emplace_back("security.capability", std::string(value, static_cast<std::size_t>(length)));
    return spec;
}

// Stands in for the engine's choice of parsers.
struct Chosen {
    const plugin::ParserDef* definition;
    std::vector<base::Glob> paths, types;

    bool wants(const FileSpec& spec) const {
        const auto any = [](const std::vector<base::Glob>& globs, const std::string& text) {
            return globs.empty() || std::any_of(globs.begin(), globs.end(), [&](const auto& glob) { return glob.matches(text); });
        };
        return any(paths, spec.path) && any(types, spec.content_type);
    }
};

std::vector<Chosen> chosen_parsers() {
    std::vector<Chosen> parsers;
    for (const auto* topic : plugin::topics()) {
        if (topic->id != "dpkg" && topic->id != "binaries") continue;
        for (const auto& definition : topic->parsers) {
            Chosen chosen{&definition, {}, {}};
            for (const auto path : definition.paths) chosen.paths.emplace_back(path);
            for (const auto type : definition.content_types) chosen.types.emplace_back(type);
            parsers.push_back(std::move(chosen));
        }
    }
    return parsers;
}

}  // namespace

void load(CaseFixture& fixture, const std::string& root, const std::function<void(FileSpec&)>& adjust, Owners owners) {
    const auto parsers = chosen_parsers();
    std::map<std::pair<dev_t, ino_t>, std::int64_t> links;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
        const auto full = entry.path().string();
        struct stat status {};
        if (::lstat(full.c_str(), &status) != 0 || (!S_ISDIR(status.st_mode) && !S_ISLNK(status.st_mode) && !S_ISREG(status.st_mode))) continue;
        auto spec = spec_of(full, full.substr(root.size()), status, owners);
        if (adjust) adjust(spec);
        if (spec.type == 1) spec.content_type = content::detect_type(base::as_bytes(std::string_view(spec.bytes).substr(0, 65536)), spec.bytes.size());
        const bool linked = status.st_nlink > 1 && spec.type == 1;
        if (linked) {
            const auto first = links.find({status.st_dev, status.st_ino});
            if (first != links.end()) spec.same_inode = first->second;
        }
        const auto inode = fixture.add(spec);
        if (spec.type != 1 || spec.same_inode != 0) continue;
        if (linked) links.emplace(std::make_pair(status.st_dev, status.st_ino), inode);
        bool artifact = false;
        for (const auto& parser : parsers) {
            const bool is_artifact = parser.definition->kind == plugin::ParserKind::artifact;
            if ((is_artifact && artifact) || !parser.wants(spec)) continue;
            auto with = spec;
            for (const auto suffix : parser.definition->companions) {
                const auto beside = plugin::companion_path(full, suffix);
                if (beside && fs::exists(*beside)) with.companions.emplace_back(suffix, bytes_of_file(*beside));
            }
            fixture.parse(parser.definition->id, with, inode);
            artifact = artifact || is_artifact;
        }
    }
}

}  // namespace deadbox::test
