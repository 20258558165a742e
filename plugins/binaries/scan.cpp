#include "binaries/scan.hpp"

#include <algorithm>
#include <functional>

namespace deadbox::plugins::binaries {
namespace {

constexpr std::size_t k_most_kept = 100'000;  // of each kind

std::string_view without(std::string_view text, std::string_view ending) {
    return text.ends_with(ending) ? text.substr(0, text.size() - ending.size()) : text;
}

class Scanner {
public:
    Scanner(Packaged& packaged, const ImportanceList& importance, Scan& out) : m_packaged(packaged), m_importance(importance), m_out(out) {}

    void visit(const plugin::RowView& row) {
        enter(row.integer(2), row.text(0));
        if (!row.is_null(16)) note_change(row.integer(16));
        const auto type = row.integer(4);
        if (m_database && type == 1) note_database(row);
        auto [first, last] = m_folder_id == Packaged::k_no_folder ? std::pair<PackagedFile*, PackagedFile*>() : m_packaged.find(m_folder_id, row.text(1));
        if (first != last) return packaged_file(row, first, last);
        if (type != 1) return;
        const bool system_place = m_programs || m_libraries;
        const auto mode = row.integer(5);
        const bool privileged = is_privileged(row);
        if (!system_place && !privileged) return;
        auto file = read(row);
        const bool diverted = m_packaged.is_diverted(file.path);
        if (privileged) keep(m_out.privileged, Scan::Privileged{file, std::nullopt});
        if (!system_place || diverted) return;
        const bool executable = (mode & 0111) != 0;
        const bool library = file.path.find(".so") != std::string::npos || file.path.find(".ko") != std::string::npos;
        if (file.is_elf() || (m_programs && executable) || (m_libraries && library)) keep(m_out.unowned, std::move(file));
    }

    std::optional<std::int64_t> last_changes() const { return m_newest.size() > Scan::k_newest ? std::optional(m_newest.front()) : std::nullopt; }

private:
    // m_newest: a heap, the oldest of them first.
    void note_change(std::int64_t changed) {
        if (m_newest.size() > Scan::k_newest) {
            if (changed <= m_newest.front()) return;
            std::pop_heap(m_newest.begin(), m_newest.end(), std::greater<>());
            m_newest.back() = changed;
        } else m_newest.push_back(changed);
        std::push_heap(m_newest.begin(), m_newest.end(), std::greater<>());
    }

    void enter(std::int64_t directory, std::string_view folder) {
        if (directory == m_directory) return;
        m_directory = directory, m_folder = folder;
        m_folder_id = m_packaged.folder(m_folder);
        const auto merged = merged_path(m_folder);
        m_programs = is_program_folder(merged) || merged.starts_with("/usr/libexec");
        m_libraries = merged.starts_with("/usr/lib");
        m_database = m_folder == "/var/lib/dpkg/info";
    }

    template <class T>
    void keep(std::vector<T>& list, T value) {
        if (list.size() < k_most_kept) list.push_back(std::move(value));
        else ++m_out.dropped;
    }

    static bool is_privileged(const plugin::RowView& row) {
        const auto mode = row.integer(5);
        return (mode & 04000) != 0 || ((mode & 02000) != 0 && (mode & 0010) != 0) || row.text(12).find("security.capability") != std::string_view::npos;
    }

    DiskFile read(const plugin::RowView& row) const {
        DiskFile file;
        file.path = m_folder == "/" ? "/" : m_folder + "/";
        file.path += row.text(1);
        file.directory = row.integer(2), file.inode = row.integer(3), file.type = row.integer(4), file.mode = row.integer(5);
        file.uid = row.integer(6), file.gid = row.integer(7), file.size = row.integer(8), file.links = row.integer(9);
        file.target = row.text(10), file.content_type = row.text(11), file.attributes = row.text(12), file.md5 = row.text(13), file.sha256 = row.text(20);
        file.modified = row.maybe_integer(14), file.modified_ns = row.maybe_integer(15);
        file.changed = row.maybe_integer(16), file.changed_ns = row.maybe_integer(17);
        file.born = row.maybe_integer(18), file.born_ns = row.maybe_integer(19);
        return file;
    }

    void packaged_file(const plugin::RowView& row, PackagedFile* first, PackagedFile* last) {
        const auto type = row.integer(4);
        const auto md5 = row.text(13), sha256 = row.text(20);
        const PackagedFile* expected = nullptr;  // with a digest
        // Where one of them was published, the lists of others say nothing: they can be made to say anything.
        const bool published = std::any_of(first, last, [&](const PackagedFile& entry) { return m_packaged.is_published(entry); });
        bool equal = false, conffile = false;
        for (auto* entry = first; entry != last; ++entry) {
            entry->seen = true;
            if (published && !m_packaged.is_published(*entry)) continue;
            conffile = conffile || entry->conffile;
            if (!m_packaged.is_compared(*entry)) continue;
            if (expected == nullptr || (m_packaged.packages[entry->package].installed && !m_packaged.packages[expected->package].installed)) expected = entry;
            equal = equal || m_packaged.is_same(*entry, md5, sha256);
        }
        auto& package = m_packaged.packages[(expected != nullptr ? expected : first)->package];
        ++package.present;
        if (type == 1 && is_privileged(row)) keep(m_out.privileged, Scan::Privileged{read(row), (expected != nullptr ? expected : first)->package, expected != nullptr ? m_packaged.published_mode(*expected) : std::nullopt});
        if (conffile) return;
        if (expected == nullptr) return without_digest(row, *first);
        if (type == 1 && md5.size() != 16) {
            if (m_programs || m_libraries) ++m_out.unhashed;
            return;
        }
        if (published) ++package.held;
        if (published && !equal && expected->has_digest && md5 == std::string_view(expected->md5.data(), expected->md5.size())) ++package.other_build;
        if (!equal) return keep(m_out.differing, Scan::Differing{read(row), static_cast<std::size_t>(expected - m_packaged.files.data())});
        if (m_programs) {
            ++package.programs;
            if (row.text(11).starts_with("application/x-executable") || row.text(11).starts_with("application/x-sharedlib")) ++package.elf_programs;
        }
        if (!row.is_null(18) && package.births.size() < Package::k_births) package.births.push_back(row.integer(18));
        if (m_programs || m_libraries) {
            auto file = read(row);
            if (m_importance.of(file.path) == Importance::login) keep(m_out.login_unchanged, std::move(file));
        }
    }

    // Packages bring a digest for every regular file that is no conffile: this one was compared with nothing.
    void without_digest(const plugin::RowView& row, const PackagedFile& entry) {
        auto& package = m_packaged.packages[entry.package];
        if (row.integer(4) != 1 || entry.excluded || !package.installed || (!m_programs && !m_libraries)) return;
        auto file = read(row);
        const auto importance = m_importance.of(file.path);
        if (importance > Importance::module && !(file.is_elf() && importance != Importance::ignored)) return;
        ++package.uncompared;
        keep(m_out.uncompared, Scan::Uncompared{std::move(file), entry.package});
    }

    // Times of a package's own files in info/.
    void note_database(const plugin::RowView& row) {
        const auto name = row.text(1);
        const auto dot = name.rfind('.');
        if (dot == std::string_view::npos || row.is_null(16)) return;
        const auto kind = name.substr(dot + 1);
        const auto id = m_packaged.package_of_stem(name.substr(0, dot));
        if (!id) return;
        auto& package = m_packaged.packages[*id];
        const auto changed = row.integer(16);
        if (kind == "md5sums") {
            package.digests_changed = changed, package.digests_modified = row.maybe_integer(14);
            package.digests_inode = row.integer(3), package.digests_directory = row.integer(2);
        } else if (kind == "list") package.list_changed = changed;
        else package.control_changed = std::max(package.control_changed.value_or(changed), changed);
    }

    Packaged& m_packaged;
    const ImportanceList& m_importance;
    Scan& m_out;
    std::int64_t m_directory = -1;
    std::string m_folder;
    std::uint32_t m_folder_id = Packaged::k_no_folder;
    bool m_programs = false, m_libraries = false, m_database = false;
    std::vector<std::int64_t> m_newest;
};

}  // namespace

bool Scan::is_settled(const DiskFile& file) const {
    constexpr std::int64_t k_long = 60 * 86400;  // s
    return last_changes && file.changed && *file.changed <= *last_changes - k_long && (!file.born || *file.born <= *file.changed);
}

bool DiskFile::is_elf() const {
    return content_type.starts_with("application/x-executable") || content_type.starts_with("application/x-sharedlib") ||
           (content_type.starts_with("application/x-object") && without(path, ".ko") != path);
}

std::optional<base::Timestamp> DiskFile::changed_at() const {
    if (!changed) return std::nullopt;
    return base::Timestamp{*changed, static_cast<std::uint32_t>(changed_ns.value_or(0))};
}

plugin::Item DiskFile::item() const {
    plugin::Item item;
    item.inode = inode, item.directory = directory, item.name = name();
    return item;
}

base::Result<void> scan(const plugin::CaseReader& reader, Packaged& packaged, const ImportanceList& importance, Scan& out) {
    Scanner scanner(packaged, importance, out);
    const plugin::Value system = out.system ? plugin::Value(*out.system) : plugin::Value();
    TRY(reader.query("SELECT folder, name, directory, inode, type, mode, uid, gid, size, links, target, content_type, attributes, md5, m_s, m_ns, c_s, c_ns, b_s, b_ns, sha256 "
                     "FROM file WHERE name_allocated = 1 AND inode_allocated = 1 AND type <> 2 AND system IS ?1 AND tree IN (SELECT id FROM tree WHERE state = 0)",
                     {&system, 1}, [&](const plugin::RowView& row) {
                         scanner.visit(row);
                         return base::Next::go_on;
                     }));
    out.last_changes = scanner.last_changes();
    const auto by_path = [](const DiskFile& a, const DiskFile& b) { return a.path < b.path; };
    std::sort(out.differing.begin(), out.differing.end(), [&](const auto& a, const auto& b) { return by_path(a.file, b.file); });
    std::sort(out.privileged.begin(), out.privileged.end(), [&](const auto& a, const auto& b) { return by_path(a.file, b.file); });
    std::sort(out.uncompared.begin(), out.uncompared.end(), [&](const auto& a, const auto& b) { return by_path(a.file, b.file); });
    std::sort(out.login_unchanged.begin(), out.login_unchanged.end(), by_path);
    std::sort(out.unowned.begin(), out.unowned.end(), by_path);
    return {};
}

base::Result<ElfFacts> elf_facts(const plugin::CaseReader& reader, std::int64_t inode) {
    ElfFacts facts;
    const plugin::Value parameter(inode);
    TRY(reader.query("SELECT kind, traits, interpreter, problems, run_path, trailing, machine, loads FROM elf_file WHERE inode = ?1", {&parameter, 1},
                     [&](const plugin::RowView& row) {
                         facts.known = true;
                         facts.kind = row.text(0), facts.traits = row.text(1), facts.interpreter = row.text(2), facts.problems = row.text(3), facts.run_path = row.text(4);
                         facts.trailing = row.integer(5), facts.machine = row.integer(6), facts.loads = row.integer(7) != 0;
                         return base::Next::stop;
                     }));
    return facts;
}

}  // namespace deadbox::plugins::binaries
