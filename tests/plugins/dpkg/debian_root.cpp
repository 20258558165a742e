#include "plugins/dpkg/debian_root.hpp"

#include <sys/stat.h>

#include <QProcess>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace deadbox::test {
namespace {

namespace fs = std::filesystem;

std::string slurp(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
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
