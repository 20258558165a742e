// deadbox extract: copies of files of the evidence into a folder, with a manifest of their hashes. Nothing is ever
// written outside of that folder: every step below it is opened by name without following links.
#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/descriptor.hpp"
#include "base/encoding.hpp"
#include "case/writer.hpp"
#include "cli/command.hpp"
#include "cli/open_case.hpp"
#include "cli/output.hpp"
#include "cli/which_file.hpp"
#include "codec/digest.hpp"
#include "serve/evidence_reader.hpp"

namespace deadbox::cli {
namespace {

// The folder of `path` below `root`, made where missing; "..", "." and empty parts are refused.
base::Result<base::Descriptor> folder_below(int root, std::string_view path) {
    base::Descriptor here(::dup(root));
    while (true) {
        while (path.starts_with('/')) path.remove_prefix(1);
        const auto slash = path.find('/');
        if (slash == std::string_view::npos) return here;
        const std::string part(path.substr(0, slash));
        path.remove_prefix(slash);
        if (part == "." || part == ".." || part.find('\0') != std::string::npos) return base::fail(base::Errc::denied, "a path of the evidence would leave the folder");
        if (::mkdirat(here.get(), part.c_str(), 0700) != 0 && errno != EEXIST) return base::fail_errno("cannot make a folder", errno);
        base::Descriptor next(::openat(here.get(), part.c_str(), O_DIRECTORY | O_NOFOLLOW | O_RDONLY | O_CLOEXEC));
        if (!next) return base::fail_errno("cannot enter the folder " + part, errno);
        here = std::move(next);
    }
}

// As GNU coreutils write names with a backslash or a line end: both escaped, the line marked by a leading backslash.
std::string manifest_line(const std::string& digest, std::string_view path) {
    std::string escaped;
    for (const char c : path) {
        if (c == '\\') escaped += "\\\\";
        else if (c == '\n') escaped += "\\n";
        else if (c == '\r') escaped += "\\r";
        else escaped += c;
    }
    return (escaped.size() != path.size() ? "\\" : "") + digest + "  " + escaped + "\n";
}

bool all_zeros(base::ByteView bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
}

bool write_at(int file, std::uint64_t offset, base::ByteView bytes) {
    while (!bytes.empty()) {
        const ssize_t done = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (done <= 0) return false;
        offset += static_cast<std::uint64_t>(done), bytes = bytes.subspan(static_cast<std::size_t>(done));
    }
    return true;
}

class Extract final : public Command {
public:
    void options(CLI::App& app) override {
        app.add_option("CASE", m_case, "The case file")->required();
        app.add_option("PATH", m_paths, "Absolute paths on the machine; a folder stands for all below it");
        app.add_option("--ref", m_ref, "The file that this ref names");
        app.add_option("-o,--output", m_folder, "The folder to write into; made where it is missing")->required();
        app.add_flag("--holes", m_holes, "Files with more than 8 GiB of holes too; what is zeros takes no room in the copy");
        app.add_option("--evidence", m_evidence, "Where the evidence is now (repeatable, in the order of the case)");
    }

    base::Result<Exit> run(const Context& context) override {
        if (m_paths.empty() && m_ref.empty()) return base::fail(base::Errc::usage, "extract needs a PATH or --ref");
        TRY_ASSIGN(const case_file::View view, open_case(m_case));
        TRY_ASSIGN(case_file::Files files, case_file::Files::open(view));
        TRY_ASSIGN(const auto reader, serve::EvidenceReader::open_case(view.database(), m_evidence));
        if (::mkdir(m_folder.c_str(), 0700) != 0 && errno != EEXIST) return base::fail(base::Errc::usage, "cannot make the folder " + m_folder);
        const base::Descriptor root(::open(m_folder.c_str(), O_DIRECTORY | O_RDONLY | O_CLOEXEC));
        if (!root) return base::fail(base::Errc::usage, "cannot enter the folder " + m_folder);
        std::string manifest;
        int failures = 0;
        if (!m_ref.empty()) m_paths = {""};
        for (const auto& argument : m_paths) {
            TRY_ASSIGN(const auto found, files_meant(view, files, argument, m_ref));
            for (const auto& file : found) {
                std::vector<Wanted> wanted;
                if (file.type == 1 && file.name_allocated == file.inode_allocated) wanted.push_back({file.inode, file.path, file.size, file.hole_bytes});
                if (file.type == 2) TRY(files_below(view, file.path, wanted));
                for (const auto& one : wanted) {
                    const auto worth = m_holes ? base::Result<void>() : worth_reading(one.path, one.size, one.hole_bytes);
                    const auto digest = worth ? copy(*reader, root.get(), one.inode, one.path) : tl::unexpected(worth.error());
                    if (!digest) {
                        ++failures;
                        complain(context, worth ? "io" : "limit", worth ? one.path + ": " + digest.error().what : digest.error().what);
                        continue;
                    }
                    manifest += manifest_line(*digest, std::string_view(one.path).substr(1));
                }
            }
        }
        const base::Descriptor list(::openat(root.get(), "manifest.sha256", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (!list || ::write(list.get(), manifest.data(), manifest.size()) != static_cast<ssize_t>(manifest.size())) return base::fail(base::Errc::usage, "cannot write the manifest");
        if (!context.quiet) print(manifest);
        return failures > 0 ? Exit::gaps : Exit::done;
    }

private:
    struct Wanted {
        std::int64_t inode = 0;
        std::string path;
        std::int64_t size = 0, hole_bytes = 0;
    };
    static base::Result<void> files_below(const case_file::View& view, const std::string& folder, std::vector<Wanted>& out) {
        const auto prefix = folder == "/" ? folder : folder + "/";
        TRY_ASSIGN(case_file::Statement rows, view.prepare("SELECT f.inode, f.path, f.size, i.hole_bytes FROM file f JOIN inode i ON i.id = f.inode "
                                                         "WHERE f.type = 1 AND f.name_allocated AND f.inode_allocated AND (f.folder = ?1 OR substr(f.folder, 1, ?2) = ?3) ORDER BY f.path"));
        rows.bind(1, folder).bind(2, static_cast<std::int64_t>(prefix.size())).bind(3, prefix);
        for (;;) {
            TRY_ASSIGN(const bool row, rows.step());
            if (!row) return {};
            out.push_back({rows.integer(0), std::string(rows.text(1)), rows.integer(2), rows.integer(3)});
        }
    }

    static base::Result<std::string> copy(serve::EvidenceReader& reader, int root, std::int64_t inode, const std::string& path) {
        TRY_ASSIGN(const base::Descriptor folder, folder_below(root, path));
        const auto name = path.substr(path.rfind('/') + 1);
        if (name.empty() || name == "." || name == "..") return base::fail(base::Errc::denied, "this name cannot be a file here");
        // A file that stands there is never written through: it may be a link.
        const base::Descriptor out(::openat(folder.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0400));
        if (!out) return base::fail_errno("cannot write it", errno);
        codec::Sha256 digest;
        std::uint64_t offset = 0;
        bool written = true;
        TRY(reader.read(case_file::inode_tree(inode), case_file::inode_number(inode), 0, UINT64_MAX, [&](base::ByteView bytes) {
            digest.update(bytes);
            written = all_zeros(bytes) || write_at(out.get(), offset, bytes);
            offset += bytes.size();
            return written ? base::Next::go_on : base::Next::stop;
        }));
        written = written && ::ftruncate(out.get(), static_cast<off_t>(offset)) == 0;  // zeros at the end were left out
        if (!written) return base::fail(base::Errc::io, "the disk is full or the folder cannot be written");
        return base::to_hex(base::ByteView(digest.finish()));
    }

    std::string m_case, m_ref, m_folder;
    std::vector<std::string> m_paths, m_evidence;
    bool m_holes = false;
};

}  // namespace

std::unique_ptr<Command> make_extract() { return std::make_unique<Extract>(); }

}  // namespace deadbox::cli
