#include "exfiltration/detector.hpp"

#include <algorithm>
#include <array>
#include <fstream>

namespace deadbox::plugins::exfiltration {
namespace {

class ExfiltrationDetector final : public plugin::Detector {
public:
    base::Result<void> prepare(const std::string& resources) const override {
        TRY_ASSIGN(m_drop_services, read_drop_services(resources));
        return {};
    }
    bool may_run_early() const override { return true; }
    base::Result<void> detect(const plugin::CaseReader& reader, plugin::FindingSink& sink) const override {
        TRY(find_sent(reader, m_drop_services, sink));
        TRY(find_downloads(reader, sink));
        return find_staged(reader, sink);
    }

private:
    mutable std::vector<std::string> m_drop_services;  // filled once, before detect()
};

}  // namespace

base::Result<std::vector<std::string>> read_drop_services(const std::string& resources) {
    std::vector<std::string> services;
    std::ifstream in(resources + "/drop_services.txt");
    if (!in) return base::fail(base::Errc::not_found, "cannot read " + resources + "/drop_services.txt");
    for (std::string line; std::getline(in, line);)
        if (!line.empty() && line.front() != '#') services.push_back(line);
    return services;
}

bool is_everybodys(const std::vector<std::string>& drop_services, std::string_view host) { return std::find(drop_services.begin(), drop_services.end(), host) != drop_services.end(); }

std::string size_in_words(std::int64_t bytes) {
    static constexpr std::array k_units{"bytes", "kB", "MB", "GB", "TB"};
    std::size_t unit = 0;
    std::int64_t tenths = bytes * 10;
    if (bytes > std::int64_t{1} << 56) return std::to_string(bytes);
    for (; tenths >= 10'000 && unit + 1 < k_units.size(); ++unit) tenths /= 1000;
    return std::to_string(tenths / 10) + (unit > 0 && tenths < 1000 ? "." + std::to_string(tenths % 10) : "") + " " + k_units[unit];
}

bool names_dump(std::string_view file) {
    std::string name(file.substr(file.rfind('/') + 1));
    std::transform(name.begin(), name.end(), name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    for (const std::string_view packed : {".gz", ".bz2", ".xz", ".zst", ".zip", ".7z", ".rar"})
        if (name.ends_with(packed)) {
            name.resize(name.size() - packed.size());
            break;
        }
    for (const std::string_view ending : {".sql", ".dump", ".dmp", ".mysql", ".pgsql", ".sqlite", ".sqlite3", ".mdb", ".db"})
        if (name.ends_with(ending)) return true;
    return name.find("dump") != std::string::npos || name.find("backup") != std::string::npos || name.starts_with("db.") || name.starts_with("database");
}

const plugin::Detector& exfiltration_detector() {
    static const ExfiltrationDetector detector;
    return detector;
}

}  // namespace deadbox::plugins::exfiltration
