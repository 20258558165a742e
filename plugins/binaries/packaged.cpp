#include "binaries/packaged.hpp"

#include <algorithm>

#include "base/glob.hpp"
#include "base/paths.hpp"
#include "base/encoding.hpp"
#include "binaries/importance.hpp"
#include "binaries/published.hpp"
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

// A file on its way in: where its package spells it, and where it lies.
struct Packaged::Entry {
    const std::string& folder;
    std::string_view name;
    std::uint32_t package, flags = 0;
    std::string path = {};
};

// Joins what the image's lists say of a package with what was published. Of a package that was, the lists count for nothing but
// where they say something else: that is remembered.
class Packaged::Adding {
public:
    // `place` gives an entry its path on the disk and its flags; it outlives this.
    Adding(Packaged& all, PublishedPackages& published, base::FunctionRef<void(Entry&)> place) : m_all(all), m_published(published), m_place(place) {}

    void listed(const std::string& folder, std::uint32_t package, std::string_view packed) {
        if (m_all.packages[package].set.empty()) {
            plugin::for_each_packed(packed, [&](std::string_view name, std::string_view md5) {
                add({folder, name, package}, md5, PackagedFile::k_unpublished);
                return base::Next::go_on;
            });
            return;
        }
        auto brought = m_published.take_folder(m_all.packages[package].stem, folder).value_or(PublishedPackages::Folder{folder, {}});
        plugin::for_each_packed(packed, [&](std::string_view name, std::string_view md5) {
            const auto found = brought.files.find(name);
            if (found == brought.files.end()) {
                // Folders without anything in them stand in the list, too, and have no digest.
                if (!md5.empty()) note(package, folder, name, md5, {});
                return base::Next::go_on;
            }
            add_brought(folder, package, name, found->second, md5);
            brought.files.erase(found);
            return base::Next::go_on;
        });
        not_listed(brought, package);
    }

    // Behind all lists: folders that no list has.
    void left() {
        for (std::uint32_t package = 0; package < m_all.packages.size(); ++package)
            if (!m_all.packages[package].set.empty())
                for (const auto& folder : m_published.left_folders(m_all.packages[package].stem)) not_listed(folder, package);
    }

private:
    void add(Entry entry, std::string_view md5, std::uint32_t published) {
        m_place(entry);
        m_all.add_file(entry.path, entry.package, md5, entry.flags, published);
    }

    void add_brought(const std::string& folder, std::uint32_t package, std::string_view name, std::string_view packed, std::string_view md5) {
        const auto file = plugin::published_of(packed);
        Entry entry{folder, name, package};
        m_place(entry);
        // Which files an administrator may change is said by the package.
        entry.flags = (entry.flags & ~std::uint32_t{flag_conffile}) | (file && file->conffile ? flag_conffile : 0u);
        if (file && !file->conffile && !md5.empty() && md5 != file->md5) note(package, folder, name, md5, file->md5);
        m_all.add_file(entry.path, package, file ? md5 : std::string_view(), entry.flags, file ? m_all.add_published(*file) : PackagedFile::k_unpublished);
    }

    void not_listed(const PublishedPackages::Folder& folder, std::uint32_t package) {
        for (const auto& [name, packed] : folder.files) {
            const auto file = plugin::published_of(packed);
            if (file && m_all.packages[package].listed) note(package, folder.path, name, {}, file->md5);
            add_brought(folder.path, package, name, packed, {});
        }
    }

    void note(std::uint32_t id, const std::string& folder, std::string_view name, std::string_view listed, std::string_view published) {
        auto& package = m_all.packages[id];
        if (package.rewritten.size() < Package::k_rewritten) package.rewritten.push_back({base::path_below(folder, name), base::to_hex(listed), base::to_hex(published)});
        else ++package.more_rewritten;
    }

    Packaged& m_all;
    PublishedPackages& m_published;
    base::FunctionRef<void(Entry&)> m_place;
};

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
        return expected_md5(file) == md5 && is_program_folder(merged_path(m_folders[file.folder]));
    });
    return found == files.end() ? nullptr : &*found;
}

std::string Packaged::path_of(const PackagedFile& file) const { return base::path_below(m_folders[file.folder], name_of(file)); }

void Packaged::add_file(const std::string& path, std::uint32_t package, std::string_view md5, std::uint32_t flags, std::uint32_t published) {
    const auto name = base::name_of(path);
    if (name.size() > 0xffff || m_names.size() > 0xf0000000) return;
    PackagedFile file;
    file.folder = add_folder(std::string(base::folder_of(path)));
    file.name = static_cast<std::uint32_t>(m_names.size()), file.name_length = static_cast<std::uint16_t>(name.size());
    file.package = package;
    file.has_digest = md5.size() == 16;
    if (file.has_digest) std::copy(md5.begin(), md5.end(), file.md5.begin());
    file.conffile = (flags & flag_conffile) != 0, file.excluded = (flags & flag_excluded) != 0, file.diverted = (flags & flag_diverted) != 0;
    file.published = published;
    m_names += name;
    files.push_back(file);
}

std::uint32_t Packaged::add_published(const plugin::PublishedFile& file) {
    PublishedContent content;
    std::copy(file.sha256.begin(), file.sha256.end(), content.sha256.begin());
    std::copy(file.md5.begin(), file.md5.end(), content.md5.begin());
    content.mode = file.mode;
    m_published.push_back(content);
    return static_cast<std::uint32_t>(m_published.size() - 1);
}

bool Packaged::is_same(const PackagedFile& file, std::string_view md5, std::string_view sha256) const {
    if (!is_published(file)) return file.has_digest && md5 == std::string_view(file.md5.data(), file.md5.size());
    const auto& content = m_published[file.published].sha256;
    return sha256 == std::string_view(content.data(), content.size());
}

Expected Packaged::expected(const PackagedFile& file, std::string_view md5, std::string_view sha256) const {
    if (!is_published(file)) return {"md5", base::to_hex(std::string_view(file.md5.data(), file.md5.size())), base::to_hex(md5)};
    const auto& content = m_published[file.published].sha256;
    return {"sha256", base::to_hex(std::string_view(content.data(), content.size())), base::to_hex(sha256)};
}

std::string_view Packaged::expected_md5(const PackagedFile& file) const {
    if (is_published(file)) return {m_published[file.published].md5.data(), m_published[file.published].md5.size()};
    return file.has_digest ? std::string_view(file.md5.data(), file.md5.size()) : std::string_view();
}

std::optional<std::int64_t> Packaged::published_mode(const PackagedFile& file) const {
    return is_published(file) ? std::optional<std::int64_t>(m_published[file.published].mode) : std::nullopt;
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

base::Result<Packaged> Packaged::load(const plugin::CaseReader& reader, std::optional<std::int64_t> system, plugin::FolderLinks& links, Trust trust) {
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
    PublishedPackages published;
    if (trust == Trust::sets_first) {
        TRY_ASSIGN(published, PublishedPackages::load(reader, parameter));
        for (auto& package : all.packages)
            if (const auto* set = published.set_of(package.stem)) package.set = *set;
    }
    const auto place = [&](Entry& entry) {
        entry.path = base::path_below(links.resolve(entry.folder).value_or(entry.folder), entry.name);
        if (exclusions.excluded(base::path_below(entry.folder, entry.name))) entry.flags |= flag_excluded;
        if (conffiles.contains(entry.path)) entry.flags |= flag_conffile;
        const auto diversion = diversions.find(entry.path);
        if (diversion != diversions.end() && (diversion->second.package.empty() || diversion->second.package != all.packages[entry.package].name))
            entry.path = diversion->second.divert_to, entry.flags |= flag_diverted;
    };
    Adding adding(all, published, place);
    TRY(reader.query("SELECT folder, package, files FROM package_folder WHERE system IS ?1 ORDER BY id", parameters, [&](const plugin::RowView& row) {
        adding.listed(std::string(row.text(0)), package_id(row.text(1)), row.text(2));
        return base::Next::go_on;
    }));
    adding.left();
    all.sort();
    return all;
}

}  // namespace deadbox::plugins::binaries
