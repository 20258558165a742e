// /etc/ld.so.preload, and the libraries that it names. The loader takes words between blanks and colons; "#" begins a comment
// up to the line's end (glibc, elf/rtld.c).
#include <algorithm>
#include <array>

#include "content/elf.hpp"
#include "plugin/parser.hpp"
#include "rootkit/rootkit_topic.hpp"

namespace deadbox::plugins::rootkit {
namespace {

constexpr std::size_t k_most_libraries = 64, k_longest = 4096;

// A library has them for one purpose: that names do not appear, or that a password is seen by somebody else.
constexpr std::array<std::string_view, 13> k_asked{"readdir", "readdir64", "readdir_r", "readdir64_r", "getdents", "getdents64", "scandir",
                                                   "pam_authenticate", "pam_acct_mgmt", "pam_open_session", "pam_get_item", "pam_vprompt", "crypt"};
constexpr std::size_t k_lists = 7;  // of them list folders; the others are of logins

class PreloadParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        const auto text = base::as_text(file.head());
        std::size_t known = 0;
        std::int64_t number = 1;
        for (std::size_t at = 0; at < text.size() && known < k_most_libraries; ++number) {
            const auto end = std::min(text.find('\n', at), text.size());
            auto line = text.substr(at, end - at);
            at = end + 1;
            line = line.substr(0, line.find('#'));
            for (auto from = line.find_first_not_of(" \t\r:"); from != line.npos && known < k_most_libraries; ++known) {
                const auto stop = std::min(line.find_first_of(" \t\r:", from), line.size());
                const auto path = line.substr(from, std::min(stop - from, k_longest));
                PreloadRow row{};
                row.path = path, row.line = number;
                row.emit(sink);
                sink.request("preloaded_library", path.starts_with('/') ? std::string(path) : "**/" + std::string(path), {});
                from = line.find_first_not_of(" \t\r:", stop);
            }
        }
        return {};
    }
};

class LibraryParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        if (!content::has_elf_magic(file.head())) return {};
        TRY_ASSIGN(const auto elf, content::read_elf(file.bytes(), k_asked));
        std::string lists, logs_in;
        for (const auto& function : elf.functions) {
            auto& words = std::find(k_asked.begin(), k_asked.begin() + k_lists, function) != k_asked.begin() + k_lists ? lists : logs_in;
            words += (words.empty() ? "" : " ") + function;
        }
        PreloadedLibraryRow row{};
        if (!lists.empty()) row.lists = lists;
        if (!logs_in.empty()) row.logs_in = logs_in;
        row.emit(sink);
        return {};
    }
};

}  // namespace

const plugin::Parser& ld_so_preload_parser() {
    static const PreloadParser parser;
    return parser;
}

const plugin::Parser& preloaded_library_parser() {
    static const LibraryParser parser;
    return parser;
}

}  // namespace deadbox::plugins::rootkit
