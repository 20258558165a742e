#include "binaries/packaged.hpp"

#include <algorithm>

#include "base/glob.hpp"
#include "base/paths.hpp"
#include "binaries/importance.hpp"
#include "plugin/packed_files.hpp"

namespace deadbox::plugins::binaries {
namespace {

plugin::Value value_of(const std::optional<std::int64_t>& number) { return number ? plugin::Value(*number) : plugin::Value(); }

// dpkg's path-exclude and path-include: the last pattern that matches decides. Its '*' matches '/' too.
class Exclusions {
public:
    base::Result<void> load(const plugin::CaseReader& reader, const plugin::Value& system) {
        return reader.query("SELECT o.kind, o.pattern FROM dpkg_option o JOIN file f ON f.inode = o.inode WHERE o.system IS ?1 ORDER BY f.path, o.line", {&system, 1},
                            [&](const plugin::RowView& row) {
                                std::string pattern;
                                for (const char c : row.text(1)) {
                                    if (c == '{' || c == '}' || c == ',') pattern += '\\';
                                    if (c == '*') pattern += '*';
                                    pattern += c;
                                }
                                if (m_patterns.size() < 10000) m_patterns.emplace_back(row.text(0) == "path-exclude", base::Glob(pattern));
                                return base::Next::go_on;
                            });
    }
    bool excluded(const std::string& path) const {
        for (auto pattern = m_patterns.rbegin(); pattern != m_patterns.rend(); ++pattern)
            if (pattern->second.matches(path)) return pattern->first;
        return false;
    }

private:
    std::vector<std::pair<bool, base::Glob>> m_patterns;
};

// "debian.org" of "Debian OpenSSH Maintainers <debian-ssh@lists.debian.org>".
std::string origin_of(std::string_view maintainer) {
    const auto at = maintainer.rfind('@');
    if (at == std::string_view::npos) return {};
    auto domain = maintainer.substr(at + 1);
    domain = domain.substr(0, domain.find_first_of("> \t"));
    const auto top = domain.rfind('.');
    if (const auto second = top == std::string_view::npos || top == 0 ? std::string_view::npos : domain.rfind('.', top - 1); second != std::string_view::npos) domain.remove_prefix(second + 1);
    return std::string(domain);
}

enum Flag : std::uint32_t { flag_conffile = 1, flag_excluded = 2, flag_diverted = 4 };

}  // namespace

std::uint32_t Packaged::add_folder(const std::string& path) {
    const auto [place, added] = m_folder_ids.emplace(path, static_cast<std::uint32_t>(m_folders.size()));
    if (added) m_folders.push_back(path);
    return place->second;
}

std::uint32_t Packaged::folder(std::string_view path) const {
    const auto found = m_folder_ids.find(std::string(path));
    return found == m_folder_ids.end() ? k_no_folder : found->second;
}

std::optional<std::uint32_t> Packaged::package_of_stem(std::string_view stem) const {
    const auto found = m_stems.find(std::string(stem));
    return found == m_stems.end() ? std::nullopt : std::optional(found->second);
}

const PackagedFile* Packaged::program_with(std::string_view md5) const {
    if (md5.size() != 16) return nullptr;
    const auto found = std::find_if(files.begin(), files.end(), [&](const PackagedFile& file) {
        return file.has_digest && std::equal(md5.begin(), md5.end(), file.md5.begin()) && is_program_folder(merged_path(m_folders[file.folder]));
    });
    return found == files.end() ? nullptr : &*found;
}

std::string Packaged::path_of(const PackagedFile& file) const { return base::path_below(m_folders[file.folder], name_of(file)); }

void Packaged::add_file(const std::string& path, std::uint32_t package, std::string_view md5, std::uint32_t flags) {
    const auto name = base::name_of(path);
    if (name.size() > 0xffff || m_names.size() > 0xf0000000) return;
    PackagedFile file;
    file.folder = add_folder(std::string(base::folder_of(path)));
    file.name = static_cast<std::uint32_t>(m_names.size()), file.name_length = static_cast<std::uint16_t>(name.size());
    file.package = package;
    file.has_digest = md5.size() == 16;
    if (file.has_digest) std::copy(md5.begin(), md5.end(), file.md5.begin());
    file.conffile = (flags & flag_conffile) != 0, file.excluded = (flags & flag_excluded) != 0, file.diverted = (flags & flag_diverted) != 0;
    m_names += name;
    files.push_back(file);
}

void Packaged::sort() {
    std::sort(files.begin(), files.end(), [&](const PackagedFile& a, const PackagedFile& b) {
        if (a.folder != b.folder) return a.folder < b.folder;
        const int order = name_of(a).compare(name_of(b));
        return order != 0 ? order < 0 : a.package < b.package;
    });
}

std::pair<PackagedFile*, PackagedFile*> Packaged::find(std::uint32_t folder, std::string_view name) {
    const auto less = [&](const PackagedFile& file, const std::string_view wanted) {
        return file.folder != folder ? file.folder < folder : name_of(file) < wanted;
    };
    auto* const first = std::to_address(std::lower_bound(files.begin(), files.end(), name, less));
    auto* last = first;
    while (last != std::to_address(files.end()) && last->folder == folder && name_of(*last) == name) ++last;
    return {first, last};
}

base::Result<Packaged> Packaged::load(const plugin::CaseReader& reader, std::optional<std::int64_t> system, plugin::FolderLinks& links) {
    Packaged all;
    const auto parameter = value_of(system);
    const std::span<const plugin::Value> parameters(&parameter, 1);
    const auto package_id = [&](std::string_view stem) {
        const auto [place, added] = all.m_stems.emplace(std::string(stem), static_cast<std::uint32_t>(all.packages.size()));
        if (added) all.packages.push_back({}), all.packages.back().stem = stem;
        return place->second;
    };
    TRY(reader.query("SELECT stem, name, version, status, essential, priority, maintainer FROM package WHERE system IS ?1 ORDER BY id", parameters, [&](const plugin::RowView& row) {
        auto& package = all.packages[package_id(row.text(0))];
        package.name = row.text(1), package.version = row.text(2);
        const auto status = row.text(3);
        package.installed = status == "installed" || status == "triggers-awaited" || status == "triggers-pending";
        package.essential = row.integer(4) == 1 || row.text(5) == "required";
        package.origin = origin_of(row.text(6));
        return base::Next::go_on;
    }));
    TRY(reader.query("SELECT package, digests FROM package_list WHERE system IS ?1 ORDER BY id", parameters, [&](const plugin::RowView& row) {
        auto& package = all.packages[package_id(row.text(0))];
        package.listed = true, package.has_digests = row.integer(1) > 0;
        return base::Next::go_on;
    }));

    std::unordered_set<std::string> conffiles;
    std::vector<std::string> paths;
    TRY(reader.query("SELECT path FROM conffile WHERE system IS ?1", parameters, [&](const plugin::RowView& row) {
        paths.emplace_back(row.text(0));
        return base::Next::go_on;
    }));
    for (const auto& path : paths) conffiles.insert(links.real_path(path));

    struct Diversion {
        std::string path, divert_to, package;
    };
    std::vector<Diversion> list;
    TRY(reader.query("SELECT path, divert_to, package FROM diversion WHERE system IS ?1 ORDER BY id", parameters, [&](const plugin::RowView& row) {
        list.push_back({std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2))});
        return base::Next::go_on;
    }));
    std::unordered_map<std::string, Diversion> diversions;
    for (auto& diversion : list) {
        auto path = links.real_path(diversion.path), to = links.real_path(diversion.divert_to);
        all.m_diverted.insert(path), all.m_diverted.insert(to);
        diversions.insert_or_assign(std::move(path), Diversion{"", std::move(to), std::move(diversion.package)});
    }

    Exclusions exclusions;
    TRY(exclusions.load(reader, parameter));
    TRY(reader.query("SELECT folder, package, files FROM package_folder WHERE system IS ?1 ORDER BY id", parameters, [&](const plugin::RowView& row) {
        const std::string folder(row.text(0));
        const auto real_folder = links.resolve(folder).value_or(folder);
        const auto package = package_id(row.text(1));
        plugin::for_each_packed(row.text(2), [&](std::string_view name, std::string_view md5) {
            auto real_path = base::path_below(real_folder, name);
            std::uint32_t flags = 0;
            if (exclusions.excluded(base::path_below(folder, name))) flags |= flag_excluded;
            if (conffiles.contains(real_path)) flags |= flag_conffile;
            const auto diversion = diversions.find(real_path);
            if (diversion != diversions.end() && (diversion->second.package.empty() || diversion->second.package != all.packages[package].name))
                real_path = diversion->second.divert_to, flags |= flag_diverted;
            all.add_file(real_path, package, md5, flags);
            return base::Next::go_on;
        });
        return base::Next::go_on;
    }));
    all.sort();
    return all;
}

}  // namespace deadbox::plugins::binaries
