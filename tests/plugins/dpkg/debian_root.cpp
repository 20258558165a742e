#include "plugins/dpkg/debian_root.hpp"

#include <sys/stat.h>
#include <sys/xattr.h>

#include <QProcess>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "base/glob.hpp"
#include "content/file_type.hpp"

namespace deadbox::test {
namespace {

namespace fs = std::filesystem;

std::string slurp(const std::string& path) {
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
    spec.bytes = slurp(full);
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

DebianRoot::DebianRoot(bool merged_usr) {
    for (const char* name : {"var/lib/dpkg/info", "var/lib/dpkg/updates", "var/lib/dpkg/alternatives", "var/lib/dpkg/triggers", "var/log", "etc/dpkg/dpkg.cfg.d",
                             "usr/bin", "usr/sbin", "usr/lib", "tmp"})
        fs::create_directories(folder() + "/" + name);
    for (const char* name : {"var/lib/dpkg/status", "var/lib/dpkg/diversions", "var/lib/dpkg/statoverride"}) write(name, "");
    if (merged_usr)
        for (const char* name : {"bin", "sbin", "lib"}) fs::create_symlink(std::string("usr/") + name, folder() + "/" + name);
}

void DebianRoot::run(const std::string& program, const std::vector<std::string>& arguments) const {
    QProcess process;
    QStringList list;
    for (const auto& argument : arguments) list << QString::fromStdString(argument);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QString::fromStdString(program), list);
    if (!process.waitForFinished(60000) || process.exitCode() != 0) throw std::runtime_error(program + ": " + process.readAll().toStdString());
}

void DebianRoot::write(const std::string& path, std::string_view bytes, unsigned mode) const {
    const auto full = folder() + "/" + path;
    fs::create_directories(fs::path(full).parent_path());
    fs::remove(full);
    std::ofstream(full, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (::chmod(full.c_str(), mode) != 0) throw std::runtime_error("chmod " + path);
}

std::string DebianRoot::read(const std::string& path) const { return slurp(folder() + "/" + path); }

void DebianRoot::remove(const std::string& path) const {
    if (!fs::remove(folder() + "/" + path)) throw std::runtime_error("no " + path);
}

void DebianRoot::install(const PackageSpec& package) {
    const auto tree = m_work.path().toStdString() + "/" + package.name, deb = tree + ".deb";
    fs::remove_all(tree);
    for (const auto& [path, bytes] : package.files) {
        fs::create_directories(fs::path(tree + "/" + path).parent_path());
        std::ofstream(tree + "/" + path, std::ios::binary) << bytes;
        const auto mode = package.modes.find(path);
        ::chmod((tree + "/" + path).c_str(), mode != package.modes.end() ? mode->second : path.find("bin/") != std::string::npos ? 0755 : 0644);
    }
    for (const auto& [path, target] : package.links) {
        fs::create_directories(fs::path(tree + "/" + path).parent_path());
        fs::create_symlink(target, tree + "/" + path);
    }
    fs::create_directories(tree + "/DEBIAN");
    {
        std::ofstream control(tree + "/DEBIAN/control");
        control << "Package: " << package.name << "\nVersion: " << package.version << "\nArchitecture: " << package.architecture
                << "\nMaintainer: " << package.maintainer << "\n" << (package.multi_arch_same ? "Multi-Arch: same\n" : "") << package.fields << "Description: test\n";
        std::ofstream conffiles(tree + "/DEBIAN/conffiles");
        for (const auto& path : package.conffiles) conffiles << path << "\n";
    }
    ::chmod((tree + "/DEBIAN").c_str(), 0755);
    run("dpkg-deb", {"--root-owner-group", "-Znone", "-b", tree, deb});
    run("dpkg", {"--root=" + folder(), "--force-not-root,bad-path,architecture", "--log=" + folder() + "/var/log/dpkg.log", "-i", deb});
}

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
                if (beside && fs::exists(*beside)) with.companions.emplace_back(suffix, slurp(*beside));
            }
            fixture.parse(parser.definition->id, with, inode);
            artifact = artifact || is_artifact;
        }
    }
}

std::string make_elf(std::string_view seed, bool shared_object, std::size_t size) {
    std::string bytes("\x7f" "ELF\x02\x01\x01", 7);
    bytes.resize(64 + 56, '\0');
    const auto put = [&](std::size_t at, std::uint64_t value, std::size_t width) {
        for (std::size_t i = 0; i < width; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i));
    };
    put(16, shared_object ? 3 : 2, 2), put(18, 62, 2), put(20, 1, 4), put(24, 0x400100, 8), put(32, 64, 8);
    put(52, 64, 2), put(54, 56, 2), put(56, 1, 2), put(58, 64, 2);
    put(64, 1, 4), put(68, 5, 4), put(80, 0x400000, 8), put(88, 0x400000, 8), put(96, size, 8), put(104, size, 8), put(112, 4096, 8);
    bytes.resize(size, '\x90');
    bytes.replace(size / 2, seed.size(), seed);
    return bytes;
}

}  // namespace deadbox::test
