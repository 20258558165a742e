#include "sets/rule_files.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/encoding.hpp"
#include "base/paths.hpp"
#include "codec/digest.hpp"

namespace deadbox::sets {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t k_largest_rules = 7u << 20;  // one file is one message to the worker
constexpr std::size_t k_most_rule_files = 10'000;

base::Result<RuleFile> read_rules(const std::string& path, std::string name) {
    std::error_code failed;
    const auto size = fs::file_size(path, failed);
    if (failed) return base::fail(base::Errc::usage, "cannot open " + path + ": " + failed.message());
    if (size > k_largest_rules) return base::fail(base::Errc::usage, path + " is larger than 7 MiB; split the rules into several files");
    std::ifstream in(path, std::ios::binary);
    RuleFile file{path, std::move(name), {}, {}};
    file.text.resize(size);
    if (!in || (size > 0 && !in.read(file.text.data(), static_cast<std::streamsize>(size)))) return base::fail(base::Errc::usage, "cannot read " + path);
    if (file.text.starts_with("YARA")) return base::fail(base::Errc::usage, path + " holds compiled rules, which are not read; give their text");
    file.sha256 = base::as_text(base::ByteView(codec::Sha256::of(base::as_bytes(file.text))));
    return file;
}

}  // namespace

base::Result<std::vector<RuleFile>> read_rule_files(const std::string& path) {
    std::vector<RuleFile> all;
    std::error_code failed;
    if (!fs::is_directory(path, failed)) {
        TRY_ASSIGN(auto file, read_rules(path, base::to_utf8(base::name_of(path))));
        all.push_back(std::move(file));
        return all;
    }
    std::vector<std::string> names;
    fs::recursive_directory_iterator entries(path, failed);
    for (; !failed && entries != fs::recursive_directory_iterator(); entries.increment(failed)) {
        std::error_code none;
        const auto ending = entries->path().extension();
        if ((ending == ".yar" || ending == ".yara") && entries->is_regular_file(none)) names.push_back(entries->path().lexically_relative(path).string());
        if (names.size() > k_most_rule_files) return base::fail(base::Errc::usage, path + " has more than 10,000 files of rules");
    }
    if (failed) return base::fail(base::Errc::usage, "cannot list " + path + ": " + failed.message());
    if (names.empty()) return base::fail(base::Errc::usage, path + " has no file *.yar or *.yara");
    std::sort(names.begin(), names.end());
    for (const auto& name : names) {
        TRY_ASSIGN(auto file, read_rules((fs::path(path) / name).string(), base::to_utf8(name)));
        all.push_back(std::move(file));
    }
    return all;
}

}  // namespace deadbox::sets
