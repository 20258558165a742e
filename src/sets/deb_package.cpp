#include "sets/deb_package.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>

namespace deadbox::sets {
namespace {

using PackageArchive = std::unique_ptr<struct archive, decltype(&archive_read_free)>;

constexpr std::size_t k_archive_piece = 128 * 1024;
constexpr std::uint64_t k_most_unpacked = 32ull << 30;  // bytes of one package
constexpr std::size_t k_most_files = 2'000'000, k_most_control = 8u << 20;

tl::unexpected<base::Error> archive_failure(struct archive* archive, std::string_view what) {
    const char* words = archive_error_string(archive);
    return base::fail(base::Errc::corrupt, fmt::format("{}{}{}", what, words == nullptr ? "" : ": ", words == nullptr ? "" : words));
}

// One member of the outer archive, as the bytes of an inner one.
struct Member {
    struct archive* outer;
    std::vector<char> piece = std::vector<char>(k_archive_piece);
};

la_ssize_t read_member(struct archive* inner, void* data, const void** bytes) {
    auto& member = *static_cast<Member*>(data);
    const auto got = archive_read_data(member.outer, member.piece.data(), member.piece.size());
    if (got < 0) archive_set_error(inner, archive_errno(member.outer), "%s", archive_error_string(member.outer) == nullptr ? "the package is damaged" : archive_error_string(member.outer));
    *bytes = member.piece.data();
    return got;
}

// A tar archive inside of the package. Filters are named one by one: "all" would have those that start programs.
base::Result<PackageArchive> open_tar(Member& member, std::string_view name) {
    PackageArchive inner(archive_read_new(), &archive_read_free);
    for (const auto support : {archive_read_support_filter_gzip, archive_read_support_filter_bzip2, archive_read_support_filter_xz, archive_read_support_filter_lzma, archive_read_support_filter_zstd,
                               archive_read_support_format_tar, archive_read_support_format_gnutar})
        support(inner.get());
    if (archive_read_open(inner.get(), &member, nullptr, &read_member, nullptr) != ARCHIVE_OK) return archive_failure(inner.get(), fmt::format("{} cannot be read", name));
    return inner;
}

// ARCHIVE_OK, or ARCHIVE_WARN of a name in an encoding that is not ours: its bytes are there.
bool has_next(struct archive* archive, struct archive_entry** entry, int& code) {
    code = archive_read_next_header(archive, entry);
    return code == ARCHIVE_OK || code == ARCHIVE_WARN;
}

std::string_view bytes_of(const char* text, const char* utf8) { return text != nullptr ? std::string_view(text) : utf8 != nullptr ? std::string_view(utf8) : std::string_view(); }

// "./usr/bin/x" as "/usr/bin/x"; nothing where it leads out of the package, or is the package's root.
std::optional<std::string> package_path(std::string_view name) {
    std::string path;
    while (!name.empty()) {
        const auto end = std::min(name.find('/'), name.size());
        const auto part = name.substr(0, end);
        name.remove_prefix(std::min(end + 1, name.size()));
        if (part == "..") return std::nullopt;
        if (!part.empty() && part != ".") path += '/', path += part;
    }
    return path.empty() ? std::nullopt : std::optional(path);
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    return text;
}

template <class Visit>
void for_each_line(std::string_view text, Visit visit) {
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        visit(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

class DebReader {
public:
    base::Result<DebPackage> read(const std::string& path) {
        PackageArchive outer(archive_read_new(), &archive_read_free);
        archive_read_support_format_ar(outer.get());
        if (archive_read_open_filename(outer.get(), path.c_str(), k_archive_piece) != ARCHIVE_OK) return archive_failure(outer.get(), "no Debian package");
        struct archive_entry* entry = nullptr;
        int code = ARCHIVE_OK;
        bool first = true, control = false, data = false;
        while (has_next(outer.get(), &entry, code)) {
            const std::string name(bytes_of(archive_entry_pathname(entry), archive_entry_pathname_utf8(entry)));
            if (first && name != "debian-binary") return base::fail(base::Errc::corrupt, "no Debian package: it does not begin with debian-binary");
            first = false;
            Member member{outer.get()};
            if (name.starts_with("control.tar") && !control) {
                control = true;
                TRY(read_control(member, name));
            } else if (name.starts_with("data.tar") && !data) {
                data = true;
                TRY(read_data(member, name));
            }
        }
        if (code != ARCHIVE_EOF) return archive_failure(outer.get(), "a damaged Debian package");
        if (!control || !data) return base::fail(base::Errc::truncated, "a Debian package without its control or data part");
        if (m_package.name.empty() || m_package.version.empty() || m_package.architecture.empty()) return base::fail(base::Errc::corrupt, "a Debian package whose control file names no package, version or architecture");
        return finish();
    }

private:
    base::Result<void> read_control(Member& member, std::string_view name) {
        TRY_ASSIGN(const auto tar, open_tar(member, name));
        struct archive_entry* entry = nullptr;
        int code = ARCHIVE_OK;
        while (has_next(tar.get(), &entry, code)) {
            const auto path = package_path(bytes_of(archive_entry_pathname(entry), archive_entry_pathname_utf8(entry)));
            if (!path || (*path != "/control" && *path != "/conffiles")) continue;
            TRY_ASSIGN(const std::string text, text_of_entry(tar.get()));
            if (*path == "/control") take_fields(text);
            else for_each_line(text, [&](std::string_view line) { take_conffile(trimmed(line)); });
        }
        return code == ARCHIVE_EOF ? base::Result<void>() : archive_failure(tar.get(), fmt::format("{} is damaged", name));
    }

    static base::Result<std::string> text_of_entry(struct archive* tar) {
        std::string text;
        std::array<char, 8192> piece;
        for (;;) {
            const auto got = archive_read_data(tar, piece.data(), piece.size());
            if (got < 0) return archive_failure(tar, "a control file is damaged");
            if (got == 0) return text;
            if (text.size() + static_cast<std::size_t>(got) > k_most_control) return base::fail(base::Errc::limit, "a control file of more than 8 MiB");
            text.append(piece.data(), static_cast<std::size_t>(got));
        }
    }

    void take_fields(std::string_view text) {
        for_each_line(text, [&](std::string_view line) {
            const auto colon = line.find(':');
            if (colon == std::string_view::npos || line.starts_with(' ') || line.starts_with('\t')) return;
            const auto field = line.substr(0, colon), value = trimmed(line.substr(colon + 1));
            if (field == "Package") m_package.name = value;
            else if (field == "Version") m_package.version = value;
            else if (field == "Architecture") m_package.architecture = value;
        });
    }

    // "/etc/x", or "remove-on-upgrade /etc/x", which the package does not bring.
    void take_conffile(std::string_view line) {
        if (line.starts_with('/')) m_conffiles.emplace(line);
    }

    base::Result<void> read_data(Member& member, std::string_view name) {
        TRY_ASSIGN(const auto tar, open_tar(member, name));
        struct archive_entry* entry = nullptr;
        int code = ARCHIVE_OK;
        while (has_next(tar.get(), &entry, code)) {
            const auto path = package_path(bytes_of(archive_entry_pathname(entry), archive_entry_pathname_utf8(entry)));
            if (!path) continue;
            if (m_files.size() >= k_most_files) return base::fail(base::Errc::limit, "a package of more than 2,000,000 files");
            PackageFile file;
            file.path = *path;
            file.mode = static_cast<std::uint32_t>(archive_entry_perm(entry)) & 07777, file.uid = static_cast<std::uint32_t>(archive_entry_uid(entry)), file.gid = static_cast<std::uint32_t>(archive_entry_gid(entry));
            const auto hard = bytes_of(archive_entry_hardlink(entry), archive_entry_hardlink_utf8(entry));
            if (!hard.empty()) {
                const auto target = package_path(hard);
                const auto found = target ? m_files.find(*target) : m_files.end();
                if (found == m_files.end()) return base::fail(base::Errc::corrupt, "a hard link to a file that is not in the package");
                file.kind = found->second.kind, file.size = found->second.size, file.digests = found->second.digests, file.mode = found->second.mode;
            } else if (archive_entry_filetype(entry) == AE_IFREG) {
                TRY(take_content(tar.get(), file));
            } else if (archive_entry_filetype(entry) == AE_IFLNK) {
                file.kind = PackageFile::Kind::link;
            } else continue;
            m_files.insert_or_assign(file.path, file);
        }
        return code == ARCHIVE_EOF ? base::Result<void>() : archive_failure(tar.get(), fmt::format("{} is damaged", name));
    }

    base::Result<void> take_content(struct archive* tar, PackageFile& file) {
        m_digester.begin(0);
        for (;;) {
            const auto got = archive_read_data(tar, m_piece.data(), m_piece.size());
            if (got < 0) return archive_failure(tar, "a file in it is damaged");
            if (got == 0) break;
            m_unpacked += static_cast<std::uint64_t>(got), file.size += static_cast<std::uint64_t>(got);
            if (m_unpacked > k_most_unpacked) return base::fail(base::Errc::limit, "a package that unpacks to more than 32 GiB");
            const codec::Digester::Piece piece{0, base::as_bytes(std::string_view(m_piece.data(), static_cast<std::size_t>(got)))};
            m_digester.update({&piece, 1});
        }
        file.digests = m_digester.finish(0);
        return {};
    }

    base::Result<DebPackage> finish() {
        for (auto& [path, file] : m_files) {
            file.conffile = m_conffiles.contains(path);
            m_package.files.push_back(std::move(file));
        }
        return std::move(m_package);
    }

    DebPackage m_package;
    std::map<std::string, PackageFile, std::less<>> m_files;
    std::set<std::string, std::less<>> m_conffiles;
    codec::Digester m_digester{1};
    std::vector<char> m_piece = std::vector<char>(std::size_t{1} << 18);
    std::uint64_t m_unpacked = 0;
};

}  // namespace

base::Result<DebPackage> read_deb(const std::string& path) { return DebReader().read(path); }

}  // namespace deadbox::sets
