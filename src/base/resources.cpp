#include "base/resources.hpp"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace deadbox::base {

Result<std::string> resources_folder() {
    if (const char* given = std::getenv("DEADBOX_RESOURCES"); given != nullptr && *given != '\0') return std::string(given);
    std::array<char, 4096> link{};
    const ssize_t length = ::readlink("/proc/self/exe", link.data(), link.size() - 1);
    if (length <= 0) return fail(Errc::not_found, "cannot tell where this program lies: set DEADBOX_RESOURCES to its resources");
    std::string folder(link.data(), static_cast<std::size_t>(length));
    folder.resize(folder.rfind('/'));
    folder += "/../share/deadbox";
    if (::access(folder.c_str(), R_OK | X_OK) != 0)
        return fail(Errc::not_found, "the program's resources are missing at " + folder + ": install them, or set DEADBOX_RESOURCES");
    return folder;
}

Result<std::string> read_resource(const std::string& path) {
    const std::unique_ptr<std::FILE, decltype(&std::fclose)> file(std::fopen(path.c_str(), "rbe"), &std::fclose);
    if (file == nullptr) return fail(Errc::not_found, "there is no resource " + path);
    std::string text;
    std::array<char, 16384> piece{};
    while (const std::size_t count = std::fread(piece.data(), 1, piece.size(), file.get())) text.append(piece.data(), count);
    if (std::ferror(file.get()) != 0) return fail(Errc::io, "cannot read the resource " + path);
    return text;
}

}  // namespace deadbox::base
