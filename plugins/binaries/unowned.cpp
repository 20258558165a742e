// Programs, libraries and kernel modules in packages' folders that no package has.
#include <algorithm>
#include <map>

#include "base/encoding.hpp"
#include "binaries/judges.hpp"

namespace deadbox::plugins::binaries {
namespace {

// "/usr/lib/modules/6.1.0-18-amd64" of a path below it; "" elsewhere.
std::string_view kernel_tree(std::string_view merged) {
    constexpr std::string_view k_modules = "/usr/lib/modules/";
    if (!merged.starts_with(k_modules)) return {};
    const auto end = merged.find('/', k_modules.size());
    return end == std::string_view::npos ? std::string_view() : merged.substr(0, end);
}

class Unowned {
public:
    explicit Unowned(const Court& court) : m_court(court) {}

    base::Result<void> judge() {
        for (const auto& entry : m_court.packaged.files) {
            const auto tree = kernel_tree(merged_path(m_court.packaged.folder_path(entry.folder) + "/"));
            if (!tree.empty()) m_packaged_kernels[std::string(tree)] = true;
        }
        for (const auto& file : m_court.scan.unowned) TRY(judge(file));
        for (const auto& [tree, files] : m_trees) emit(*files.front(), plugin::Severity::low, tree, files);
        return {};
    }

private:
    base::Result<void> judge(const DiskFile& file) {
        const auto merged = merged_path(file.path);
        const auto folder = merged.substr(0, merged.rfind('/'));
        TRY_ASSIGN(const bool shared, has_packaged_name(file));
        if (shared) return {};
        TRY_ASSIGN(const auto copy, packages_copy(file));
        if (copy == Copy::whole) return {};
        if (copy == Copy::unfinished) return emit(file, plugin::Severity::low, file.path, {&file}), base::Result<void>();
        if (const auto tree = kernel_tree(merged); !tree.empty()) return judge_module(file, merged, std::string(tree));
        if (is_program_folder(folder) || folder.starts_with("/usr/libexec")) {
            if (!file.is_elf()) return emit(file, plugin::Severity::low, file.path, {&file}), base::Result<void>();
            return emit(file, file.name().starts_with('.') ? plugin::Severity::high : plugin::Severity::medium, file.path, {&file}), base::Result<void>();
        }
        if (!file.is_elf()) return {};
        const auto name = file.name();
        if (is_library_folder(folder)) {
            const bool login = folder.ends_with("/security") || name.starts_with("libnss_") || name.starts_with('.');
            emit(file, login ? plugin::Severity::high : plugin::Severity::medium, file.path, {&file});
            return {};
        }
        if (merged.find("/.") != std::string::npos) emit(file, plugin::Severity::high, file.path, {&file});
        else if (m_court.packaged.folder(file.folder()) != Packaged::k_no_folder) emit(file, plugin::Severity::medium, file.path, {&file});
        else m_trees[top_of(merged)].push_back(&file);  // somebody's own tree: a vendor's installer, node modules
        return {};
    }

    enum class Copy : std::uint8_t { none, unfinished, whole };

    // What dpkg itself lays beside a packaged file while it unpacks: a name of its own, and either the content that the package
    // has, or what an unpacking that was cut off left, which no kernel would load. A name alone vouches for nothing.
    base::Result<Copy> packages_copy(const DiskFile& file) const {
        constexpr std::string_view k_endings[] = {".dpkg-new", ".dpkg-tmp", ".dpkg-old", ".dpkg-dist"};
        const auto* ending = std::find_if(std::begin(k_endings), std::end(k_endings), [&](std::string_view one) { return file.path.ends_with(one); });
        if (ending == std::end(k_endings) || (file.mode & 06000) != 0 || file.attributes.find("security.capability") != std::string::npos) return Copy::none;
        const auto folder = m_court.packaged.folder(file.folder());
        if (folder == Packaged::k_no_folder) return Copy::none;
        const auto [first, last] = m_court.packaged.find(folder, file.name().substr(0, file.name().size() - ending->size()));
        bool unpacking = first != last && m_court.links.exists("/var/lib/dpkg/tmp.ci");
        for (const auto* entry = first; entry != last; ++entry) {
            if (entry->has_digest && std::equal(file.md5.begin(), file.md5.end(), entry->md5.begin(), entry->md5.end())) return Copy::whole;
            unpacking = unpacking || !m_court.packaged.packages[entry->package].installed;
        }
        if (first == last) return Copy::none;
        TRY_ASSIGN(const auto elf, elf_facts(m_court.reader, file.inode));
        return unpacking || !elf.loads ? Copy::unfinished : Copy::none;
    }

    base::Result<void> judge_module(const DiskFile& file, const std::string& merged, const std::string& tree) {
        const auto inside = std::string_view(merged).substr(tree.size());
        if (file.name().find(".ko") == std::string_view::npos) return {};
        if (inside.starts_with("/updates/dkms/") && m_court.links.exists("/var/lib/dkms")) return {};
        if (!m_packaged_kernels.contains(tree)) m_trees[tree].push_back(&file);  // a kernel of one's own
        else emit(file, inside.starts_with("/kernel/") ? plugin::Severity::medium : plugin::Severity::low, file.path, {&file});
        return {};
    }

    // Another name of the same file may be a package's.
    base::Result<bool> has_packaged_name(const DiskFile& file) const {
        bool found = false;
        const plugin::Value inode(file.inode);
        const auto look = [&](const plugin::RowView& row) {
            const auto folder = m_court.packaged.folder(row.text(0));
            if (folder != Packaged::k_no_folder) {
                const auto [first, last] = m_court.packaged.find(folder, row.text(1));
                found = found || first != last;
            }
            return found ? base::Next::stop : base::Next::go_on;
        };
        TRY(m_court.reader.query("SELECT folder, name FROM file WHERE directory = (SELECT parent FROM inode WHERE id = ?1) AND inode = ?1 AND name_allocated = 1", {&inode, 1}, look));
        if (!found) TRY(m_court.reader.query("SELECT f.folder, f.name FROM link l JOIN file f ON f.directory = l.directory AND f.inode = l.inode WHERE l.inode = ?1 AND f.name_allocated = 1", {&inode, 1}, look));
        return found;
    }

    // "/usr/lib/node_modules" of anything below it.
    static std::string top_of(const std::string& merged) {
        const auto third = merged.find('/', merged.find('/', 1) + 1);
        return merged.substr(0, merged.find('/', third + 1));
    }

    void emit(const DiskFile& file, plugin::Severity severity, const std::string& subject, const std::vector<const DiskFile*>& files) const {
        auto head = m_court.head("binaries/unowned", subject);
        head.severity = severity;
        head.first = file.changed_at();
        for (const auto* other : files)
            if (const auto changed = other->changed_at(); changed && (!head.first || *changed < *head.first)) head.first = changed;
        std::string traits, problems;
        if (const auto elf = elf_facts(m_court.reader, file.inode)) traits = elf->traits, problems = elf->problems;
        head.arguments = {{"path", subject}, {"count", std::to_string(files.size())}, {"type", file.content_type}, {"traits", traits}, {"problems", problems}};
        m_court.sink.finding(head);
        for (const auto* other : files) {
            auto item = other->item();
            item.reference = plugin::Reference{"none", "", "md5", "", base::to_hex(other->md5)};
            m_court.sink.item(item);
        }
    }

    const Court& m_court;
    std::map<std::string, bool> m_packaged_kernels;
    std::map<std::string, std::vector<const DiskFile*>> m_trees;
};

}  // namespace

base::Result<void> judge_unowned(const Court& court) { return Unowned(court).judge(); }

}  // namespace deadbox::plugins::binaries
