#include "engine/apply.hpp"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "base/paths.hpp"
#include "plugin/topic.hpp"

namespace deadbox::engine {
namespace {

constexpr std::int64_t k_most_level = 4096;  // folders below each other; deeper ones are a gap

struct WireInode {
    case_file::InodeRow row;
    std::uint64_t number = 0;
};

WireInode take_inode(ipc::Message& m, std::int64_t tree) {
    WireInode inode;
    auto& row = inode.row;
    inode.number = m.natural();
    row.id = case_file::inode_row(tree, inode.number);
    row.generation = m.natural(), row.first_byte = m.natural(), row.size = m.natural(), row.hole_bytes = m.natural();
    row.type = static_cast<int>(m.integer());
    row.mode = static_cast<std::uint32_t>(m.natural()), row.uid = static_cast<std::uint32_t>(m.natural()), row.gid = static_cast<std::uint32_t>(m.natural());
    row.links = static_cast<std::uint32_t>(m.natural()), row.flags = static_cast<std::uint32_t>(m.natural());
    row.allocated = m.integer() != 0, row.encrypted = m.integer() != 0;
    row.modified = m.time(), row.accessed = m.time(), row.changed = m.time(), row.born = m.time(), row.deleted = m.time();
    row.rdev = m.text(), row.target = m.text(), row.attributes = m.bytes();
    return inode;
}

bool sound(const ipc::Message& m, const WireInode& inode) {
    return m.ok() && inode.number > 0 && inode.number < 1ull << 44 && inode.row.type >= 0 && inode.row.type <= 7;
}

tl::unexpected<base::Error> bad_message() { return base::fail(base::Errc::corrupt, "the worker sent a message that it may not send"); }

}  // namespace

base::Result<void> apply_gap(case_file::Writer& writer, ipc::Message& m, std::string_view wave) {
    auto [inode, gap] = ipc::take_gap(m);
    gap.area = base::to_utf8(gap.area), gap.reason = base::to_utf8(gap.reason);
    if (!m.ok()) return bad_message();
    return writer.coverage_of(std::move(gap), inode, wave);
}

base::Result<void> WalkApplier::apply(ipc::Message& m) {
    switch (static_cast<ipc::Reply>(m.kind())) {
        case ipc::Reply::directory: return directory(m);
        case ipc::Reply::name: return name(m);
        case ipc::Reply::inode: return orphan(m);
        case ipc::Reply::root: return root(m);
        case ipc::Reply::gap: return apply_gap(m_writer, m, "walk");
        default: return bad_message();
    }
}

base::Result<void> WalkApplier::directory(ipc::Message& m) {
    m_directory = case_file::inode_row(m_tree, m.natural());
    TRY_ASSIGN(auto place, m_writer.folder_place(m_directory));
    if (!place || !m.ok()) return bad_message();
    m_path = std::move(place->path);
    m_level = place->level;
    return m_writer.walked(m_directory);
}

base::Result<void> WalkApplier::name(ipc::Message& m) {
    const auto name = m.text();
    const bool allocated = m.integer() != 0;
    auto inode = take_inode(m, m_tree);
    if (!sound(m, inode) || m_directory == 0 || name.empty()) return bad_message();
    ++names;
    inode.row.parent = m_directory;
    TRY(m_writer.inode(inode.row));
    TRY(m_writer.name(m_directory, inode.row.id, name, allocated));
    // A removed name of a folder that lives elsewhere now says nothing about that folder.
    if (inode.row.type != 2 || allocated != inode.row.allocated) return {};
    const auto path = base::path_below(m_path, name);
    if (m_level >= k_most_level) return m_writer.coverage_of({base::Gap::Level::gap, "walk", "folders lie too deep in each other", path, ""}, inode.row.id, "walk");
    TRY_ASSIGN(const bool added, m_writer.directory(inode.row.id, m_tree, path, m_level + 1, allocated));
    if (!added && allocated) return m_writer.coverage_of({base::Gap::Level::note, "walk", "a folder has a name in two places; it was read in the first", path, ""}, inode.row.id, "walk");
    return {};
}

base::Result<void> WalkApplier::root(ipc::Message& m) {
    const auto tree = m.integer();
    auto inode = take_inode(m, tree);
    if (!sound(m, inode) || tree != m_tree) return bad_message();
    inode.row.parent = 0;
    TRY(m_writer.inode(inode.row));
    return {};
}

// Inodes without a name stand under a folder of our own, named as The Sleuth Kit names it.
base::Result<void> WalkApplier::orphan(ipc::Message& m) {
    auto inode = take_inode(m, m_tree);
    if (!sound(m, inode)) return bad_message();
    const auto folder = m_tree << 44;
    inode.row.parent = folder;
    inode.row.allocated = false;
    TRY_ASSIGN(case_file::Statement known, m_database.prepare("SELECT 1 FROM inode WHERE id = ?"));
    known.bind(1, inode.row.id);
    TRY_ASSIGN(const bool named, known.step());
    if (named) return {};
    TRY_ASSIGN(case_file::Statement mount, m_database.prepare("SELECT mount_point FROM tree WHERE id = ?"));
    mount.bind(1, m_tree);
    TRY_ASSIGN(const bool found, mount.step());
    TRY(m_writer.directory(folder, m_tree, base::path_below(found ? mount.text(0) : "/", "$OrphanFiles"), 0, false));
    TRY(m_writer.inode(inode.row));
    return m_writer.name(folder, inode.row.id, "OrphanFile-" + std::to_string(inode.number), false);
}

base::Result<void> FileApplier::apply(ipc::Message& m, std::string_view wave) {
    switch (static_cast<ipc::Reply>(m.kind())) {
        case ipc::Reply::event: return event(m);
        case ipc::Reply::row: return row(m);
        case ipc::Reply::request: return request(m);
        case ipc::Reply::content: return content(m);
        case ipc::Reply::gap: return apply_gap(m_writer, m, wave);
        case ipc::Reply::kept: {
            const auto inode = m.integer();
            const auto bytes = m.bytes();
            if (!m.ok()) return bad_message();
            return m_writer.keep_text(inode, bytes);
        }
        case ipc::Reply::step: {
            const auto inode = m.integer();
            const auto parser = m.text();
            const auto outcome = m.integer();
            if (!m.ok()) return bad_message();
            return m_writer.step(inode, parser, static_cast<int>(outcome));
        }
        default: return bad_message();
    }
}

base::Result<void> FileApplier::event(ipc::Message& m) {
    static const auto k_events = [] {
        std::vector<const plugin::EventDef*> all;
        for (const auto* topic : plugin::topics())
            for (const auto& event : topic->events) all.push_back(&event);
        return all;
    }();
    const auto inode = m.integer();
    const auto index = m.natural();
    const auto time = m.time();
    plugin::Event event;
    event.precision = static_cast<plugin::Precision>(std::clamp<std::int64_t>(m.integer(), 0, 5));
    event.assumptions = static_cast<std::uint8_t>(m.integer());
    event.user = m.text(), event.address = m.text(), event.process = m.text();
    const auto arguments = m.text();
    event.offset = m.natural(), event.line = m.natural();
    if (!m.ok() || index >= k_events.size() || !time) return bad_message();
    event.kind = k_events[index];
    event.time = *time;
    return m_writer.event(event, arguments, inode);
}

base::Result<void> FileApplier::row(ipc::Message& m) {
    static const auto k_tables = [] {
        std::vector<const plugin::TableDef*> all;
        for (const auto* topic : plugin::topics())
            for (const auto& table : topic->tables) all.push_back(&table);
        return all;
    }();
    const auto inode = m.integer();
    const auto index = m.natural();
    if (index >= k_tables.size()) return bad_message();
    const auto& table = *k_tables[index];
    std::size_t width = 0;
    for (const auto& column : table.columns) width += column.type == plugin::ColumnType::time ? 2 : 1;
    if (m.left() != width) return bad_message();
    std::vector<plugin::Value> values;
    values.reserve(width);
    while (!m.at_end()) values.push_back(m.value());
    TRY_ASSIGN(const auto system, m_writer.system_of(case_file::inode_tree(inode)));
    return m_writer.topic_row(table, system, inode, values);
}

base::Result<void> FileApplier::request(ipc::Message& m) {
    const auto inode = m.integer();
    const auto parser = m.text(), glob = m.text();
    nlohmann::json parameters = nlohmann::json::object();
    for (auto count = m.integer(); count > 0 && m.ok(); --count) {
        const auto name = base::to_utf8(m.text());
        parameters[name] = base::to_utf8(m.text());
    }
    if (!m.ok()) return bad_message();
    TRY_ASSIGN(const auto system, m_writer.system_of(case_file::inode_tree(inode)));
    return m_writer.request(system, parser, glob, parameters.dump());
}

base::Result<void> FileApplier::content(ipc::Message& m) {
    const auto inode = m.integer();
    const auto state = m.integer();
    const auto type = m.text();
    const auto md5 = m.value(), sha1 = m.value(), sha256 = m.value();
    if (!m.ok() || state < 0 || state > 4) return bad_message();
    codec::Digests digests;
    const auto take = [](const ipc::Value& value, auto& out) {
        const auto* bytes = std::get_if<base::ByteView>(&value);
        if (bytes == nullptr || bytes->size() != out.size()) return false;
        std::memcpy(out.data(), bytes->data(), out.size());
        return true;
    };
    const bool hashed = take(md5, digests.md5) && take(sha1, digests.sha1) && take(sha256, digests.sha256);
    return m_writer.content(inode, static_cast<case_file::ContentState>(state), type, hashed ? &digests : nullptr);
}

}  // namespace deadbox::engine
