#include "proof/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>

#include "base/descriptor.hpp"
#include "proof/folder.hpp"

namespace deadbox::proof {
namespace {

using Writer = std::unique_ptr<archive, decltype(&archive_write_free)>;
using Entry = std::unique_ptr<archive_entry, decltype(&archive_entry_free)>;

tl::unexpected<base::Error> failed(archive* out) {
    const char* text = archive_error_string(out);
    return base::fail(base::Errc::io, std::string("cannot write the archive: ") + (text == nullptr ? "no reason given" : text));
}

base::Result<void> add(archive* out, const std::string& folder, const std::string& top, const FileDigest& file) {
    const base::Descriptor in(::open((folder + "/" + file.name).c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    struct stat status {};
    if (!in || ::fstat(in.get(), &status) != 0) return base::fail_errno("cannot read " + file.name, errno);
    const Entry entry(archive_entry_new(), &archive_entry_free);
    archive_entry_set_pathname_utf8(entry.get(), (top + "/" + file.name).c_str());
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0600);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.size));
    archive_entry_set_mtime(entry.get(), status.st_mtim.tv_sec, 0);
    if (archive_write_header(out, entry.get()) < ARCHIVE_OK) return failed(out);
    std::array<char, 65536> piece{};
    for (;;) {
        const ssize_t count = ::read(in.get(), piece.data(), piece.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return base::fail_errno("cannot read " + file.name, errno);
        if (count == 0) return {};
        if (archive_write_data(out, piece.data(), static_cast<std::size_t>(count)) != count) return failed(out);
    }
}

base::Result<void> pack(const std::string& folder, const std::string& top, int file, const std::string& password) {
    TRY_ASSIGN(const auto files, scan_folder(folder));
    const Writer out(archive_write_new(), &archive_write_free);
    if (archive_write_set_format_zip(out.get()) != ARCHIVE_OK || archive_write_set_options(out.get(), "zip:encryption=aes256,zip:hdrcharset=UTF-8") != ARCHIVE_OK ||
        archive_write_set_passphrase(out.get(), password.c_str()) != ARCHIVE_OK || archive_write_open_fd(out.get(), file) != ARCHIVE_OK)
        return failed(out.get());
    for (const auto& one : files)
        if (!one.sha256.empty()) TRY(add(out.get(), folder, top, one));
    if (archive_write_close(out.get()) != ARCHIVE_OK) return failed(out.get());
    return {};
}

}  // namespace

base::Result<void> pack_encrypted(const std::string& folder, const std::string& top, const std::string& archive, const std::string& password) {
    const base::Descriptor file(::open(archive.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file) return base::fail_errno("cannot write " + archive, errno);
    auto packed = pack(folder, top, file.get(), password);
    if (!packed) ::unlink(archive.c_str());
    return packed;
}

}  // namespace deadbox::proof
