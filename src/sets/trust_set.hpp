// Packages as they were published, in one SQLite file: made from a folder of them, and asked for one package after the other.
//   application_id "DbTr", user_version 1
//   meta(key, value)    name, packages, files
//   package(id, ...)    in the order of name, version, architecture; with the package's file, its size and SHA-256
//   file(package, folder, name, ...)  regular files and links; kind 0 file, 1 link; mode with setuid and its like; conffile 0 or 1
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/function_ref.hpp"
#include "sets/set_database.hpp"

namespace deadbox::sets {

inline constexpr int k_trust_set_id = 0x44625472;

struct TrustedPackage {
    std::int64_t id = 0;
    std::string name, version, architecture, source;  // source: name of the package's file
    std::string sha256;                               // of that, bytes
};

// Valid during the visit.
struct TrustedFile {
    std::string_view folder, name;  // folder: absolute, "/" for the root
    bool link = false, conffile = false;
    std::uint32_t mode = 0;
    base::ByteView md5, sha256;     // empty of a link
};

class TrustSet {
public:
    static base::Result<TrustSet> open(const std::string& path);
    const std::string& name() const { return m_name; }
    std::uint64_t packages() const { return m_packages; }
    std::uint64_t files() const { return m_files; }
    base::Result<std::optional<TrustedPackage>> find(std::string_view name, std::string_view version, std::string_view architecture);
    // By folder and name.
    base::Result<void> files_of(std::int64_t package, base::FunctionRef<void(const TrustedFile&)> visit);

private:
    explicit TrustSet(SetDatabase database) : m_database(std::move(database)) {}
    SetDatabase m_database;
    SetStatement m_find, m_list;
    std::string m_name;
    std::uint64_t m_packages = 0, m_files = 0;
};

struct TrustBuild {
    std::uint64_t packages = 0, files = 0;
    std::uint64_t unread = 0;                // packages of a kind that is not read yet (rpm)
    std::vector<std::string> left_out;       // "NAME: why", of those that could not be read or stand twice
};

// From all .deb files below the folders, in whatever order they lie there, the same set. `path` must not exist.
// Errc::usage: there is no package that can be read, or the set cannot be written.
base::Result<TrustBuild> build_trust_set(const std::vector<std::string>& folders, const std::string& path, const std::string& name);

}  // namespace deadbox::sets
