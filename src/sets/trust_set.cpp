#include "sets/trust_set.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <tuple>

#include "base/encoding.hpp"
#include "base/paths.hpp"
#include "sets/deb_package.hpp"
#include "sets/line_reader.hpp"

namespace deadbox::sets {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> k_trust_tables = {
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE package(id INTEGER PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL, arch TEXT NOT NULL, source TEXT NOT NULL, size INTEGER NOT NULL, sha256 BLOB NOT NULL, UNIQUE(name, version, arch)) STRICT",
    "CREATE TABLE file(package INTEGER NOT NULL, folder TEXT NOT NULL, name TEXT NOT NULL, kind INTEGER NOT NULL, size INTEGER NOT NULL, mode INTEGER NOT NULL, uid INTEGER NOT NULL, gid INTEGER NOT NULL, "
    "conffile INTEGER NOT NULL, md5 BLOB, sha1 BLOB, sha256 BLOB, PRIMARY KEY(package, folder, name)) STRICT, WITHOUT ROWID",
};
constexpr SetDatabase::Form k_trust_form{"trust set", k_trust_set_id, 1, k_trust_tables};

// A package's file, before its files are read.
struct PackageSource {
    std::string path;
    FileDigest digest;
};

struct FoundPackages {
    std::vector<std::string> debs;
    std::uint64_t rpms = 0;
};

base::Result<FoundPackages> packages_below(const std::vector<std::string>& folders) {
    FoundPackages found;
    for (const auto& folder : folders) {
        std::error_code failed;
        if (!fs::is_directory(folder, failed)) return base::fail(base::Errc::usage, folder + " is no folder; name one of .deb packages");
        fs::recursive_directory_iterator entries(folder, fs::directory_options::skip_permission_denied, failed);
        for (; !failed && entries != fs::recursive_directory_iterator(); entries.increment(failed)) {
            std::error_code none;
            if (!entries->is_regular_file(none)) continue;
            const auto ending = entries->path().extension();
            if (ending == ".deb" || ending == ".udeb") found.debs.push_back(entries->path().string());
            found.rpms += ending == ".rpm" ? 1 : 0;
        }
        if (failed) return base::fail(base::Errc::usage, "cannot list " + folder + ": " + failed.message());
    }
    return found;
}

// First all files' digests, so that their order is that of names and contents; then one package at a time.
class TrustWriter {
public:
    explicit TrustWriter(const SetDatabase& set) : m_set(set) {}

    base::Result<void> prepare() {
        TRY(m_set.execute("BEGIN"));
        TRY_ASSIGN(m_package, m_set.prepare("INSERT OR IGNORE INTO package(name, version, arch, source, size, sha256) VALUES(?, ?, ?, ?, ?, ?)"));
        TRY_ASSIGN(m_last, m_set.prepare("SELECT id, sha256 FROM package WHERE name = ?1 AND version = ?2 AND arch = ?3"));
        TRY_ASSIGN(m_file, m_set.prepare("INSERT INTO file VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
        return {};
    }

    base::Result<void> add(const PackageSource& source, TrustBuild& build) {
        const auto name = base::to_utf8(base::name_of(source.path));
        const auto package = read_deb(source.path);
        if (!package) {
            build.left_out.push_back(name + ": " + package.error().what);
            return {};
        }
        m_package.bind(1, package->name).bind(2, package->version).bind(3, package->architecture).bind(4, name).bind(5, static_cast<std::int64_t>(source.digest.size)).bind(6, base::ByteView(source.digest.sha256));
        TRY(m_package.run());
        const bool added = m_set.changes() > 0;
        m_last.bind(1, package->name).bind(2, package->version).bind(3, package->architecture);
        TRY(m_last.step());
        const auto id = m_last.integer(0);
        const bool same = base::as_text(m_last.blob(1)) == base::as_text(base::ByteView(source.digest.sha256));
        m_last.reset();
        if (!added) {
            // Copies of one file are one package. Two builds under one name are not, and nobody can say which is installed.
            if (!same) build.left_out.push_back(fmt::format("{}: another package of this name, version and architecture ({} {} {}) stands in the set", name, package->name, package->version, package->architecture));
            return {};
        }
        ++build.packages;
        for (const auto& file : package->files) TRY(add_file(id, file, build));
        return {};
    }

private:
    base::Result<void> add_file(std::int64_t id, const PackageFile& file, TrustBuild& build) {
        const bool link = file.kind == PackageFile::Kind::link;
        m_file.bind(1, id).bind(2, base::folder_of(file.path)).bind(3, base::name_of(file.path)).bind(4, std::int64_t{link}).bind(5, static_cast<std::int64_t>(file.size)).bind(6, std::int64_t{file.mode});
        m_file.bind(7, std::int64_t{file.uid}).bind(8, std::int64_t{file.gid}).bind(9, std::int64_t{file.conffile});
        if (!link) m_file.bind(10, base::ByteView(file.digests.md5)).bind(11, base::ByteView(file.digests.sha1)).bind(12, base::ByteView(file.digests.sha256));
        ++build.files;
        return m_file.run();
    }

    const SetDatabase& m_set;
    SetStatement m_package, m_last, m_file;
};

base::Result<TrustBuild> write_trust_set(const std::vector<PackageSource>& sources, const std::string& path, const std::string& name) {
    TRY_ASSIGN(const auto set, SetDatabase::create(path, k_trust_form));
    TrustBuild build;
    {
        TrustWriter writer(set);
        TRY(writer.prepare());
        for (const auto& source : sources) TRY(writer.add(source, build));
    }
    TRY_ASSIGN(auto meta, set.prepare("INSERT INTO meta VALUES(?, ?)"));
    const std::pair<std::string_view, std::string> about[] = {{"files", std::to_string(build.files)}, {"name", name}, {"packages", std::to_string(build.packages)}};
    for (const auto& [key, value] : about) {
        meta.bind(1, key).bind(2, value);
        TRY(meta.run());
    }
    meta = {};
    TRY(set.execute("COMMIT"));
    return build;
}

}  // namespace

base::Result<TrustBuild> build_trust_set(const std::vector<std::string>& folders, const std::string& path, const std::string& name) {
    if (::access(path.c_str(), F_OK) == 0) return base::fail(base::Errc::usage, path + " exists; choose another name");
    TRY_ASSIGN(const auto found, packages_below(folders));
    std::vector<PackageSource> sources;
    for (const auto& deb : found.debs) {
        TRY_ASSIGN(const auto digest, digest_of_file(deb));
        sources.push_back({deb, digest});
    }
    std::sort(sources.begin(), sources.end(), [](const PackageSource& a, const PackageSource& b) {
        return std::tuple(base::name_of(a.path), a.digest.sha256) < std::tuple(base::name_of(b.path), b.digest.sha256);
    });
    const auto unfinished = path + ".unfinished";
    ::unlink(unfinished.c_str());
    auto build = write_trust_set(sources, unfinished, name);
    if (build && build->packages == 0)
        build = base::fail(base::Errc::usage, found.rpms > 0 ? fmt::format("the folder has {} .rpm packages, which are not read yet, and no .deb package that can be read", found.rpms)
                                              : build->left_out.empty() ? std::string("there is no .deb package in the folder") : "no .deb package in the folder can be read: " + build->left_out.front());
    if (build) {
        if (auto kept = keep_file(unfinished, path); !kept) build = tl::unexpected(kept.error());
        else build->unread = found.rpms;
    }
    if (!build) ::unlink(unfinished.c_str());
    return build;
}

base::Result<TrustSet> TrustSet::open(const std::string& path) {
    TRY_ASSIGN(auto database, SetDatabase::open(path, k_trust_form));
    TrustSet set(std::move(database));
    TRY_ASSIGN(auto about, set.m_database.prepare("SELECT key, value FROM meta"));
    for (;;) {
        TRY_ASSIGN(const bool row, about.step());
        if (!row) break;
        const auto key = about.text(0), value = about.text(1);
        if (key == "name") set.m_name = value;
        else if (key == "packages") std::from_chars(value.data(), value.data() + value.size(), set.m_packages);
        else if (key == "files") std::from_chars(value.data(), value.data() + value.size(), set.m_files);
    }
    TRY_ASSIGN(set.m_find, set.m_database.prepare("SELECT id, source, sha256 FROM package WHERE name = ?1 AND version = ?2 AND arch = ?3"));
    TRY_ASSIGN(set.m_list, set.m_database.prepare("SELECT folder, name, kind, conffile, mode, md5, sha256 FROM file WHERE package = ?1 ORDER BY folder, name"));
    return set;
}

base::Result<std::optional<TrustedPackage>> TrustSet::find(std::string_view name, std::string_view version, std::string_view architecture) {
    m_find.bind(1, name).bind(2, version).bind(3, architecture);
    TRY_ASSIGN(const bool there, m_find.step());
    std::optional<TrustedPackage> package;
    if (there) package = TrustedPackage{m_find.integer(0), std::string(name), std::string(version), std::string(architecture), std::string(m_find.text(1)), std::string(base::as_text(m_find.blob(2)))};
    m_find.reset();
    return package;
}

base::Result<void> TrustSet::files_of(std::int64_t package, base::FunctionRef<void(const TrustedFile&)> visit) {
    m_list.bind(1, package);
    for (;;) {
        TRY_ASSIGN(const bool row, m_list.step());
        if (!row) break;
        TrustedFile file{m_list.text(0), m_list.text(1), m_list.integer(2) != 0, m_list.integer(3) != 0, static_cast<std::uint32_t>(m_list.integer(4)), m_list.blob(5), m_list.blob(6)};
        visit(file);
    }
    m_list.reset();
    return {};
}

}  // namespace deadbox::sets
