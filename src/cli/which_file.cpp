#include "cli/which_file.hpp"

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "report/visible.hpp"

namespace deadbox::cli {

base::Result<std::string> path_argument(const std::string& text) {
    if (!text.starts_with("hex:")) return text;
    auto bytes = base::from_hex(std::string_view(text).substr(4));
    if (!bytes) return base::fail(base::Errc::usage, "these are not hexadecimal digits: " + text);
    return *std::move(bytes);
}

base::Result<std::vector<case_file::FileDetail>> files_meant(const case_file::View& view, case_file::Files& files, const std::string& path, const std::string& ref) {
    if (!ref.empty()) {
        TRY_ASSIGN(const auto target, view.refs().resolve(view.database(), ref));
        TRY_ASSIGN(auto file, files.of(target.inode, target.directory, target.name));
        if (!file) return base::fail(base::Errc::not_found, "no file of this case has the ref " + ref);
        return std::vector{std::move(*file)};
    }
    TRY_ASSIGN(const std::string bytes, path_argument(path));
    TRY_ASSIGN(auto found, files.at_path(bytes));
    if (found.empty()) return base::fail(base::Errc::not_found, "this case has no file " + bytes);
    return found;
}

base::Result<void> worth_reading(const std::string& path, std::int64_t size, std::int64_t hole_bytes) {
    constexpr std::int64_t k_most_holes = std::int64_t{8} << 30;
    if (hole_bytes >= 0 && size >= 0 && hole_bytes <= k_most_holes) return {};
    return base::fail(base::Errc::usage, fmt::format("{} claims {} bytes, of which {} are holes that were never written; --holes gives them all the same",
                                                     report::visible(path), static_cast<std::uint64_t>(size), static_cast<std::uint64_t>(hole_bytes)));
}

}  // namespace deadbox::cli
