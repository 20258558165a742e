// deadbox extract: copies of files of the evidence into a folder, with a manifest of their hashes. Nothing is ever
// written outside of that folder: every step below it is opened by name without following links.
#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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

class Extract final : public Command {
public:
    void options(CLI::App& app) override {
        app.add_option("CASE", m_case, "The case file")->required();
        app.add_option("PATH", m_paths, "Absolute paths on the machine; a folder stands for all below it");
        app.add_option("--ref", m_ref, "The file that this ref names");
        app.add_option("-o,--output", m_folder, "The folder to write into; made where it is missing")->required();
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
                std::vector<std::pair<std::int64_t, std::string>> wanted;
                if (file.type == 1 && file.name_allocated == file.inode_allocated) wanted.emplace_back(file.inode, file.path);
                if (file.type == 2) TRY(files_below(view, file.path, wanted));
                for (const auto& [inode, path] : wanted) {
                    const auto digest = copy(*reader, root.get(), inode, path);
                    if (!digest) {
                        ++failures;
                        complain(context, "io", path + ": " + digest.error().what);
                        continue;
                    }
                    manifest += manifest_line(*digest, std::string_view(path).substr(1));
                }
            }
        }
        const base::Descriptor list(::openat(root.get(), "manifest.sha256", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (!list || ::write(list.get(), manifest.data(), manifest.size()) != static_cast<ssize_t>(manifest.size())) return base::fail(base::Errc::usage, "cannot write the manifest");
        if (!context.quiet) print(manifest);
        return failures > 0 ? Exit::gaps : Exit::done;
    }

private:
    static base::Result<void> files_below(const case_file::View& view, const std::string& folder, std::vector<std::pair<std::int64_t, std::string>>& out) {
        const auto prefix = folder == "/" ? folder : folder + "/";
        TRY_ASSIGN(case_file::Statement rows, view.prepare("SELECT inode, path FROM file WHERE type = 1 AND name_allocated AND inode_allocated AND (folder = ?1 OR substr(folder, 1, ?2) = ?3) ORDER BY path"));
        rows.bind(1, folder).bind(2, static_cast<std::int64_t>(prefix.size())).bind(3, prefix);
        for (;;) {
            TRY_ASSIGN(const bool row, rows.step());
            if (!row) return {};
            out.emplace_back(rows.integer(0), std::string(rows.text(1)));
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
        bool written = true;
        TRY(reader.read(case_file::inode_tree(inode), case_file::inode_number(inode), 0, UINT64_MAX, [&](base::ByteView bytes) {
            digest.update(bytes);
            while (written && !bytes.empty()) {
                const ssize_t done = ::write(out.get(), bytes.data(), bytes.size());
                if (done < 0) written = false;
                else bytes = bytes.subspan(static_cast<std::size_t>(done));
            }
            return written ? base::Next::go_on : base::Next::stop;
        }));
        if (!written) return base::fail(base::Errc::io, "the disk is full or the folder cannot be written");
        return base::to_hex(base::ByteView(digest.finish()));
    }

    std::string m_case, m_ref, m_folder;
    std::vector<std::string> m_paths, m_evidence;
};

}  // namespace

std::unique_ptr<Command> make_extract() { return std::make_unique<Extract>(); }

}  // namespace deadbox::cli
