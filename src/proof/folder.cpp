#include "proof/folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "base/descriptor.hpp"
#include "base/encoding.hpp"
#include "codec/digest.hpp"

namespace deadbox::proof {
namespace {

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};
constexpr int k_depth = 512;  // folders below folders; deeper ones are an error, not a crash

base::Result<FileDigest> digest_of(int folder, const char* entry, std::string name) {
    const base::Descriptor file(::openat(folder, entry, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!file) return base::fail_errno("cannot read " + name, errno);
    FileDigest digest{std::move(name), 0, ""};
    codec::Sha256 hash;
    std::vector<std::byte> piece(std::size_t{1} << 18);
    for (;;) {
        const ssize_t count = ::read(file.get(), piece.data(), piece.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return base::fail_errno("cannot read " + digest.name, errno);
        if (count == 0) break;
        hash.update(base::ByteView(piece).first(static_cast<std::size_t>(count)));
        digest.size += static_cast<std::uint64_t>(count);
    }
    digest.sha256 = base::to_hex(base::ByteView(hash.finish()));
    return digest;
}

base::Result<void> scan(base::Descriptor folder, const std::string& prefix, int depth, std::vector<FileDigest>& out) {
    if (depth > k_depth) return base::fail(base::Errc::limit, "too many folders below each other at " + prefix);
    const std::unique_ptr<DIR, CloseFolder> entries(::fdopendir(::fcntl(folder.get(), F_DUPFD_CLOEXEC, 0)));
    if (entries == nullptr) return base::fail_errno("cannot list " + prefix, errno);
    while (const dirent* entry = ::readdir(entries.get())) {
        const std::string name(entry->d_name);
        if (name == "." || name == "..") continue;
        struct stat status {};
        if (::fstatat(folder.get(), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) return base::fail_errno("cannot read " + prefix + name, errno);
        if (S_ISDIR(status.st_mode)) {
            base::Descriptor below(::openat(folder.get(), entry->d_name, O_DIRECTORY | O_NOFOLLOW | O_RDONLY | O_CLOEXEC));
            if (!below) return base::fail_errno("cannot enter " + prefix + name, errno);
            TRY(scan(std::move(below), prefix + name + "/", depth + 1, out));
        } else if (S_ISREG(status.st_mode)) {
            TRY_ASSIGN(auto digest, digest_of(folder.get(), entry->d_name, prefix + name));
            out.push_back(std::move(digest));
        } else {
            out.push_back({prefix + name, 0, ""});
        }
    }
    return {};
}

}  // namespace

base::Result<std::vector<FileDigest>> scan_folder(const std::string& folder) {
    base::Descriptor root(::open(folder.c_str(), O_DIRECTORY | O_RDONLY | O_CLOEXEC));
    if (!root) return base::fail_errno("cannot enter the folder " + folder, errno);
    std::vector<FileDigest> files;
    TRY(scan(std::move(root), "", 0, files));
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return files;
}

base::Result<FileDigest> digest_file(const std::string& folder, const std::string& name) {
    const base::Descriptor root(::open(folder.c_str(), O_DIRECTORY | O_RDONLY | O_CLOEXEC));
    if (!root) return base::fail_errno("cannot enter the folder " + folder, errno);
    struct stat status {};
    if (::fstatat(root.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return base::fail_errno("cannot read " + name, errno);
    if (!S_ISREG(status.st_mode)) return base::fail(base::Errc::io, name + " is not a file");
    return digest_of(root.get(), name.c_str(), name);
}

base::Result<std::string> read_file(const std::string& path, std::uint64_t largest, Links links) {
    const base::Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | (links == Links::refuse ? O_NOFOLLOW : 0)));
    if (!file && links == Links::refuse && errno == ELOOP) return base::fail(base::Errc::io, path + " is a link");
    if (!file && errno == ENOENT) return base::fail(base::Errc::not_found, "there is no file " + path);
    if (!file) return base::fail_errno("cannot read " + path, errno);
    struct stat status {};
    if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return base::fail(base::Errc::io, path + " is not a file");
    std::string text;
    char piece[65536];
    for (;;) {
        const ssize_t count = ::read(file.get(), piece, sizeof piece);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return base::fail_errno("cannot read " + path, errno);
        if (count == 0) return text;
        text.append(piece, static_cast<std::size_t>(count));
        if (text.size() > largest) return base::fail(base::Errc::limit, path + " is too large to be what it should be");
    }
}

base::Result<FileDigest> write_file(const std::string& folder, const std::string& name, std::string_view bytes) {
    const auto path = folder + "/" + name, part = path + ".part";
    ::unlink(part.c_str());
    {
        const base::Descriptor file(::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
        if (!file) return base::fail_errno("cannot write " + path, errno);
        for (auto rest = bytes; !rest.empty();) {
            const ssize_t done = ::write(file.get(), rest.data(), rest.size());
            if (done < 0 && errno == EINTR) continue;
            if (done <= 0) {
                const int error = errno;
                ::unlink(part.c_str());
                return base::fail_errno("cannot write " + path, error);
            }
            rest.remove_prefix(static_cast<std::size_t>(done));
        }
    }
    if (::rename(part.c_str(), path.c_str()) != 0) return base::fail_errno("cannot write " + path, errno);
    return FileDigest{name, bytes.size(), base::to_hex(base::ByteView(codec::Sha256::of(base::as_bytes(bytes))))};
}

base::Result<void> make_folder(const std::string& folder) {
    for (std::size_t at = 0; at != std::string::npos;) {
        at = folder.find('/', at + 1);
        const auto part = folder.substr(0, at);
        if (::mkdir(part.c_str(), 0777) != 0 && errno != EEXIST && at == std::string::npos) return base::fail_errno("cannot make the folder " + folder, errno);
    }
    return {};
}

}  // namespace deadbox::proof
