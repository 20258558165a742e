// Files that are started in the place of a packaged program which is itself as it was: one that an administrator's diversion put
// aside, or one whose name a folder has that PATH names before the system's own.
#include <algorithm>

#include "base/paths.hpp"
#include "binaries/judges.hpp"

namespace deadbox::plugins::binaries {
namespace {

class StandIns {
public:
    explicit StandIns(const Court& court) : m_court(court), m_system(court.scan.system ? plugin::Value(*court.scan.system) : plugin::Value()) {}

    base::Result<void> judge() {
        TRY(judge_diverted());
        return judge_shadowing();
    }

private:
    struct Diversion {
        std::string path, to;
    };

    // Packages' own diversions bring the program that stands in; so does whoever diverts by hand, and dpkg asks for nothing.
    base::Result<void> judge_diverted() {
        std::vector<Diversion> local;
        TRY(m_court.reader.query("SELECT path, divert_to FROM diversion WHERE system IS ?1 AND package IS NULL ORDER BY path", {&m_system, 1}, [&](const plugin::RowView& row) {
            local.push_back({m_court.links.real_path(std::string(row.text(0))), m_court.links.real_path(std::string(row.text(1)))});
            return base::Next::go_on;
        }));
        for (const auto& one : local) {
            if (m_court.importance.of(one.path) != Importance::login) continue;
            const auto* packaged = packaged_at(one.to);
            if (packaged == nullptr || packaged->conffile) continue;
            TRY_ASSIGN(const auto found, files_in(base::folder_of(one.path), base::name_of(one.path)));
            for (const auto& file : found) {
                const bool leads_to_packaged = file.type == 3 && packaged_at(m_court.links.real_path(absolute(file))) != nullptr;
                if (file.type == 3 ? leads_to_packaged : file.type != 1 || file.size == 0 || is_packaged_program(file)) continue;
                emit("binaries/diverted", file, *packaged, one.to, m_court.scan.is_settled(file) ? plugin::Severity::medium : plugin::Severity::high);
            }
        }
        return {};
    }

    // A build of one's own has bytes and a size of its own. Only a changed copy has the packaged program's very size.
    base::Result<void> judge_shadowing() {
        for (const std::string_view folder : {"/usr/local/sbin", "/usr/local/bin", "/root/bin", "/root/.local/bin"}) {
            TRY_ASSIGN(const auto found, files_in(folder, {}));
            for (const auto& file : found) {
                if (file.type != 1 || (file.mode & 0111) == 0 || file.size == 0) continue;
                for (const std::string_view place : {"/usr/sbin", "/usr/bin", "/sbin", "/bin"}) {
                    const auto path = std::string(place) + "/" + std::string(file.name());
                    const auto* packaged = m_court.importance.of(path) == Importance::login ? packaged_at(path) : nullptr;
                    if (packaged == nullptr) continue;
                    TRY(judge_shadow(file, *packaged, path));
                    break;
                }
            }
        }
        return {};
    }

    base::Result<void> judge_shadow(const DiskFile& file, const PackagedFile& packaged, const std::string& path) {
        if (is_packaged_program(file)) return {};
        TRY_ASSIGN(const auto own, files_in(base::folder_of(path), base::name_of(path)));
        const bool changed_copy = file.is_elf() && std::any_of(own.begin(), own.end(), [&](const DiskFile& one) { return one.type == 1 && one.size == file.size; });
        auto severity = changed_copy ? plugin::Severity::high : plugin::Severity::medium;
        if (!changed_copy && m_court.scan.is_settled(file)) severity = plugin::Severity::low;
        emit("binaries/shadowing", file, packaged, path, severity);
        return {};
    }

    const PackagedFile* packaged_at(const std::string& path) const {
        const auto folder = m_court.packaged.folder(base::folder_of(path));
        if (folder == Packaged::k_no_folder) return nullptr;
        const auto [first, last] = m_court.packaged.find(folder, base::name_of(path));
        return first == last ? nullptr : first;
    }
    bool is_packaged_program(const DiskFile& file) const { return m_court.packaged.program_with(file.md5) != nullptr; }
    static std::string absolute(const DiskFile& link) { return link.target.starts_with("/") ? link.target : base::path_below(link.folder(), link.target); }

    // Of that name, or of any where it is empty.
    base::Result<std::vector<DiskFile>> files_in(std::string_view folder, std::string_view name) const {
        std::vector<DiskFile> found;
        const plugin::Value parameters[] = {m_system, folder, name};
        TRY(m_court.reader.query("SELECT folder, name, directory, inode, type, mode, size, target, content_type, md5, sha256, c_s, c_ns, b_s FROM file WHERE folder = ?2 AND (?3 = '' OR name = ?3) AND system IS ?1 "
                                 "AND name_allocated = 1 AND inode_allocated = 1 AND tree IN (SELECT id FROM tree WHERE state = 0) ORDER BY name, inode LIMIT 5000",
                                 parameters, [&](const plugin::RowView& row) {
                                     DiskFile file;
                                     file.path = base::path_below(row.text(0), row.text(1));
                                     file.directory = row.integer(2), file.inode = row.integer(3), file.type = row.integer(4), file.mode = row.integer(5), file.size = row.integer(6);
                                     file.target = row.text(7), file.content_type = row.text(8), file.md5 = row.text(9), file.sha256 = row.text(10);
                                     file.changed = row.maybe_integer(11), file.changed_ns = row.maybe_integer(12), file.born = row.maybe_integer(13);
                                     found.push_back(std::move(file));
                                     return base::Next::go_on;
                                 }));
        return found;
    }

    void emit(std::string_view rule, const DiskFile& file, const PackagedFile& packaged, const std::string& own, plugin::Severity severity) const {
        const auto& package = m_court.packaged.packages[packaged.package];
        auto head = m_court.head(rule, file.path);
        head.severity = severity;
        head.first = file.changed_at(), head.basis = plugin::TimeBasis::change;
        head.arguments = {{"path", file.path}, {"own", own}, {"package", package.title()}, {"type", file.content_type}, {"changed", rfc3339(file.changed, file.changed_ns)}};
        m_court.sink.finding(head);
        auto item = file.item();
        item.reference = plugin::Reference{"none", package.title(), "", "", ""};
        m_court.sink.item(item);
    }

    const Court& m_court;
    const plugin::Value m_system;
};

}  // namespace

base::Result<void> judge_stand_ins(const Court& court) { return StandIns(court).judge(); }

}  // namespace deadbox::plugins::binaries
