// Who put a library into every program: a package, a vendor's agent, or somebody who hides.
#include "plugin/detector.hpp"

#include <optional>
#include <string>
#include <vector>

#include "base/paths.hpp"
#include "plugin/folder_links.hpp"
#include "plugin/topic.hpp"

namespace deadbox::plugins::rootkit {
namespace {

using base::Next;
using plugin::Severity;

struct Preloaded {
    std::int64_t settings = 0;  // inode of /etc/ld.so.preload
    std::optional<std::int64_t> system;
    std::string path;
    std::uint64_t line = 0;
};

struct Library {
    std::int64_t inode = 0, directory = 0;
    std::string path, name, lists, logs_in, md5;
    std::optional<base::Timestamp> changed, born;
};

bool is_vendors_place(std::string_view path) { return path.starts_with("/opt/") || path.starts_with("/usr/local/"); }
bool is_hidden(std::string_view path) {
    return path.find("/.") != path.npos || path.starts_with("/tmp/") || path.starts_with("/var/tmp/") || path.starts_with("/dev/");
}

class Judgement {
public:
    Judgement(const plugin::CaseReader& reader, plugin::FindingSink& sink) : m_reader(reader), m_sink(sink) {}

    base::Result<void> run() {
        std::vector<Preloaded> all;
        TRY(m_reader.query("SELECT p.inode, i.system, p.path, p.line FROM preload p JOIN inode_path i ON i.inode = p.inode ORDER BY i.system, p.line, p.id", [&](const plugin::RowView& row) {
            all.push_back({row.integer(0), row.maybe_integer(1), std::string(row.text(2)), static_cast<std::uint64_t>(row.integer(3))});
            return Next::go_on;
        }));
        for (const auto& preloaded : all) TRY(judge(preloaded));
        return {};
    }

private:
    base::Result<void> judge(const Preloaded& preloaded) {
        TRY_ASSIGN(const auto library, find(preloaded));
        if (library) {
            TRY_ASSIGN(const bool packaged, is_as_packaged(preloaded, *library));
            if (packaged) return {};
        }
        plugin::FindingHead head;
        head.rule = "rootkit/preload";
        head.system = preloaded.system;
        head.subject = preloaded.path;
        const bool takes_over = library && (!library->lists.empty() || !library->logs_in.empty());
        // Agents of vendors are made to be loaded everywhere, and lie where vendors put things. One that is not there any more
        // may have been removed with its product.
        if (!takes_over && !(library && is_hidden(library->path))) head.severity = !library || is_vendors_place(library->path) ? Severity::medium : Severity::high;
        if (!library) head.confidence = plugin::Confidence::possible;
        if (library) head.first = library->born ? library->born : library->changed, head.basis = library->born ? plugin::TimeBasis::birth : plugin::TimeBasis::change;
        head.arguments = {{"path", preloaded.path}, {"lists", library ? library->lists : ""}, {"logs_in", library ? library->logs_in : ""}, {"missing", library ? "" : preloaded.path}};
        m_sink.finding(head);
        if (library) {
            plugin::Item item;
            item.inode = library->inode, item.directory = library->directory, item.name = library->name;
            item.reference = plugin::Reference{"none", "", "md5", "", library->md5};
            m_sink.item(item);
        }
        plugin::Item settings;
        settings.inode = preloaded.settings, settings.line = preloaded.line;
        m_sink.item(settings);
        return {};
    }

    // By its path, through links between folders (/lib -> /usr/lib); a name alone is looked for where libraries lie.
    base::Result<std::optional<Library>> find(const Preloaded& preloaded) const {
        const auto system = preloaded.system.value_or(0);
        plugin::FolderLinks links(m_reader, system);
        TRY(links.load());
        std::vector<std::string> places;
        if (preloaded.path.starts_with('/')) places.push_back(links.real_path(preloaded.path));
        else
            for (const char* folder : {"/usr/lib/x86_64-linux-gnu/", "/usr/lib/aarch64-linux-gnu/", "/usr/lib64/", "/usr/lib/", "/usr/local/lib/", "/lib/x86_64-linux-gnu/", "/lib64/", "/lib/"}) places.push_back(links.real_path(folder + preloaded.path));
        std::optional<Library> library;
        for (const auto& place : places) {
            const auto folder = std::string(base::folder_of(place)), name = std::string(base::name_of(place));
            const plugin::Value parameters[] = {std::string_view(folder), std::string_view(name), preloaded.system ? plugin::Value(*preloaded.system) : plugin::Value()};
            TRY(m_reader.query("SELECT f.inode, f.directory, f.path, f.name, ifnull(l.lists, ''), ifnull(l.logs_in, ''), ifnull(lower(hex(f.md5)), ''), f.c_s, f.c_ns, f.b_s, f.b_ns FROM file f LEFT JOIN preloaded_library l ON l.inode = f.inode "
                               "WHERE f.folder = ?1 AND f.name = ?2 AND f.system IS ?3 AND f.name_allocated AND f.inode_allocated LIMIT 1", parameters, [&](const plugin::RowView& row) {
                Library found{row.integer(0), row.integer(1), std::string(row.text(2)), std::string(row.text(3)), std::string(row.text(4)), std::string(row.text(5)), std::string(row.text(6)), {}, {}};
                if (!row.is_null(7)) found.changed = base::Timestamp{row.integer(7), static_cast<std::uint32_t>(row.integer(8))};
                if (!row.is_null(9)) found.born = base::Timestamp{row.integer(9), static_cast<std::uint32_t>(row.integer(10))};
                library = std::move(found);
                return Next::stop;
            }));
            if (library) break;
        }
        return library;
    }

    // Packages spell a path as before usr-merge.
    base::Result<bool> is_as_packaged(const Preloaded& preloaded, const Library& library) const {
        if (!plugin::find_table("package_folder") || library.md5.empty()) return false;
        std::vector<std::string> spellings{library.path};
        if (library.path.starts_with("/usr/lib")) spellings.push_back(library.path.substr(4));
        bool packaged = false;
        for (const auto& spelling : spellings) {
            const plugin::Value parameters[] = {std::string_view(spelling), preloaded.system ? plugin::Value(*preloaded.system) : plugin::Value()};
            TRY(m_reader.query("SELECT lower(hex(packed_md5(files, basename(?1)))) FROM package_folder WHERE folder = dirname(?1) AND packed_md5(files, basename(?1)) IS NOT NULL AND system IS ?2", parameters,
                               [&](const plugin::RowView& row) {
                                   packaged = packaged || row.text(0) == library.md5;
                                   return Next::go_on;
                               }));
        }
        return packaged;
    }

    const plugin::CaseReader& m_reader;
    plugin::FindingSink& m_sink;
};

class RootkitDetector final : public plugin::Detector {
public:
    base::Result<void> detect(const plugin::CaseReader& reader, plugin::FindingSink& sink) const override { return Judgement(reader, sink).run(); }
};

}  // namespace

const plugin::Detector& rootkit_detector() {
    static const RootkitDetector detector;
    return detector;
}

}  // namespace deadbox::plugins::rootkit
