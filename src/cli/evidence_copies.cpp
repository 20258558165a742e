#include "cli/evidence_copies.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/encoding.hpp"
#include "case/custody.hpp"
#include "case/writer.hpp"
#include "cli/signing.hpp"
#include "codec/digest.hpp"
#include "report/json_writer.hpp"
#include "report/tlp.hpp"

namespace deadbox::cli {
namespace {

// What is written beside the copies is what their names keep clear of.
consteval bool is_beside(std::string_view name) { return std::find(std::begin(case_file::k_beside_copies), std::end(case_file::k_beside_copies), name) != std::end(case_file::k_beside_copies); }
static_assert(is_beside(proof::k_manifest) && is_beside(proof::k_hash_list) && is_beside(proof::k_public) && is_beside(proof::k_signature) && is_beside(proof::k_cms) &&
              is_beside(proof::k_request) && is_beside(proof::k_response) && is_beside(k_files_list));

constexpr int k_regular = 1;  // FileDetail::type
constexpr int k_tries = 100;  // names for one copy, on a file system that folds case

// Opens a new file at `name` below `root`, its folders made as needed. EEXIST, ENOTDIR: another copy stands in the way.
base::Result<base::Descriptor> create_below(int root, std::string_view name, int& error) {
    base::Descriptor here(::fcntl(root, F_DUPFD_CLOEXEC, 0));
    for (;;) {
        const auto slash = name.find('/');
        const std::string part(name.substr(0, slash));
        if (slash == std::string_view::npos) {
            base::Descriptor out(::openat(here.get(), part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0400));
            error = out ? 0 : errno;
            if (!out) return base::fail_errno("cannot write the copy", error);
            return out;
        }
        name.remove_prefix(slash + 1);
        base::Descriptor next;
        if (::mkdirat(here.get(), part.c_str(), 0700) == 0 || errno == EEXIST) next = base::Descriptor(::openat(here.get(), part.c_str(), O_DIRECTORY | O_NOFOLLOW | O_RDONLY | O_CLOEXEC));
        error = next ? 0 : errno == ELOOP ? ENOTDIR : errno;
        if (!next) return base::fail_errno("cannot make a folder for the copy", error);
        here = std::move(next);
    }
}

bool write_piece(int file, base::ByteView bytes) {
    // Holes stay holes: an image's sparse file may claim more than this disk has.
    if (std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; })) return ::lseek(file, static_cast<off_t>(bytes.size()), SEEK_CUR) >= 0;
    while (!bytes.empty()) {
        const ssize_t done = ::write(file, bytes.data(), bytes.size());
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(done));
    }
    return true;
}

}  // namespace

base::Result<EvidenceCopies> EvidenceCopies::begin(const case_file::View& view, const case_file::Files& files, serve::EvidenceReader& reader, const std::string& folder, case_file::NameRules rules) {
    base::Descriptor root(::open(folder.c_str(), O_DIRECTORY | O_RDONLY | O_CLOEXEC));
    if (!root) return base::fail(base::Errc::usage, "cannot enter the folder " + folder);
    EvidenceCopies copies(files, reader, folder, std::move(root), rules);
    for (const auto name : case_file::k_beside_copies) {
        if (::faccessat(copies.m_root.get(), std::string(name).c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0)
            return base::fail(base::Errc::usage, folder + " holds copies already (" + std::string(name) + "); give another folder");
    }
    TRY_ASSIGN(copies.m_volumes, volume_labels(view));
    TRY_ASSIGN(copies.m_machines, case_file::MachineFolders::load(view));
    return copies;
}

base::Result<proof::FileDigest> EvidenceCopies::copy(const case_file::FileDetail& file, std::string& problem) {
    const auto path = m_machines.place(file.system, file.path.empty() ? "/nameless/inode-" + std::to_string(case_file::inode_number(file.inode)) : file.path);
    proof::FileDigest copy;
    base::Descriptor out;
    for (int tries = 0; !out; ++tries) {
        copy.name = m_names.place(path);
        int error = 0;
        auto made = create_below(m_root.get(), copy.name, error);
        if (made) out = *std::move(made);
        else if ((error != EEXIST && error != ENOTDIR) || tries >= k_tries) return tl::unexpected(made.error());
    }
    codec::Sha256 digest;
    bool written = true;
    const auto read = m_reader.read(case_file::inode_tree(file.inode), case_file::inode_number(file.inode), 0, UINT64_MAX, [&](base::ByteView bytes) {
        digest.update(bytes);
        copy.size += bytes.size();
        written = write_piece(out.get(), bytes);
        return written ? base::Next::go_on : base::Next::stop;
    });
    if (!written || ::ftruncate(out.get(), static_cast<off_t>(copy.size)) != 0) problem = "the disk is full or the folder cannot be written";
    else if (!read) problem = "only its first " + std::to_string(copy.size) + " bytes could be read: " + read.error().what;
    if (file.modified) {
        const timespec time{file.modified->seconds, static_cast<long>(file.modified->nanoseconds)};
        const timespec times[] = {time, time};
        (void)::futimens(out.get(), times);  // for convenience; the list has the times
    }
    copy.sha256 = base::to_hex(base::ByteView(digest.finish()));
    return copy;
}

base::Result<void> EvidenceCopies::add(const case_file::FileDetail& file, const std::set<std::string>& findings) {
    std::string problem;
    base::Result<proof::FileDigest> made = base::fail(base::Errc::unsupported, "");
    // A deleted name's inode may have a new owner: its content is not this file's.
    const bool reused = file.name_allocated != file.inode_allocated && file.directory;
    if (file.type == k_regular && !reused) {
        made = copy(file, problem);
        if (!made) problem = made.error().what;
    } else if (file.type == k_regular) {
        problem = "its content belongs to another file by now";
    }
    const bool comparable = made && !file.sha256.empty();
    const bool matches = comparable && made->sha256 == file.sha256;
    // What the analysis did not read is no evidence of this case: it is named, not handed out.
    if (comparable && !matches) {
        if (problem.empty()) problem = "its content differs from what the analysis read: SHA-256 was " + file.sha256 + ", is " + made->sha256;
        problem += "; it was not copied";
        if (::unlinkat(m_root.get(), made->name.c_str(), 0) != 0) return base::fail_errno("cannot remove the copy " + made->name, errno);
        made = base::fail(base::Errc::corrupt, problem);
    }
    std::string line;
    report::JsonWriter json(line);
    json.begin_object().key("copy");
    if (made) json.value(made->name);
    else json.null();
    json.member_or_null("sha256", made ? made->sha256 : "").key("matches");
    if (comparable) json.value(matches);
    else json.null();
    json.member_or_null("problem", problem).member("findings", std::vector<std::string>(findings.begin(), findings.end())).key("file");
    write_file(json, file, m_files.ref_of(file), m_volumes);
    if (!m_tlp.empty()) json.member("tlp", m_tlp);
    json.end_object();
    m_lines += line + "\n";
    if (made) {
        m_hash_list += made->sha256 + "  " + made->name + "\n";
        m_copies.push_back(*std::move(made));
    }
    if (!problem.empty()) return base::fail(base::Errc::io, problem);
    return {};
}

base::Result<std::vector<proof::FileDigest>> EvidenceCopies::finish() {
    TRY_ASSIGN(auto list, proof::write_file(m_folder, std::string(k_files_list), m_lines));
    TRY_ASSIGN(auto hashes, proof::write_file(m_folder, std::string(proof::k_hash_list), (m_tlp.empty() ? std::string() : "# " + report::tlp_label(m_tlp) + "\n") + m_hash_list));
    auto all = m_copies;
    all.push_back(std::move(list)), all.push_back(std::move(hashes));
    return all;
}

base::Result<void> seal_export(const case_file::View& view, EvidenceCopies& copies, const std::string& folder, const std::optional<proof::Signer>& signer) {
    proof::Manifest about;
    about.content = "export", about.tool = tool_name();
    TRY_ASSIGN(const auto number, view.meta("case.number"));
    TRY_ASSIGN(const auto head, case_file::custody_head(view.database()));
    about.case_number = number.value_or(""), about.custody_head = base::to_hex(base::ByteView(head));
    TRY_ASSIGN(about.files, copies.finish());
    TRY(proof::seal_folder(folder, std::move(about), signer));
    return {};
}

}  // namespace deadbox::cli
