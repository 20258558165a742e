#include "worker/walk.hpp"

#include <algorithm>
#include <vector>

namespace deadbox::worker {
namespace {

constexpr std::size_t k_most_names = 4'000'000;
constexpr std::uint64_t k_highest_number = (1ull << 44) - 1;

struct Name {
    std::uint64_t inode = 0;
    std::uint32_t start = 0, length = 0;  // in the names' buffer
    image::FileType type = image::FileType::unknown;
    bool allocated = true;
};

void gap(Outbox& outbox, std::int64_t row, base::Gap::Level level, std::string_view area, std::string_view reason, std::string_view detail) {
    outbox.send(reply(ipc::Reply::gap).put(row).put(static_cast<int>(level)).put(area).put(reason).put("").put(detail));
}

void put_inode(ipc::Encoder& message, const image::Inode& inode, std::string& scratch) {
    message.put(inode.number).put(inode.generation).put(inode.first_byte).put(inode.size).put(inode.hole_bytes);
    message.put(static_cast<int>(inode.type)).put(inode.mode).put(inode.uid).put(inode.gid).put(inode.links).put(inode.flags);
    message.put(inode.allocated).put(inode.encrypted);
    message.put_time(inode.modified).put_time(inode.accessed).put_time(inode.changed).put_time(inode.born).put_time(inode.deleted);
    const bool device = inode.type == image::FileType::character || inode.type == image::FileType::block;
    message.put(device ? std::to_string(inode.device_major) + ":" + std::to_string(inode.device_minor) : std::string());
    message.put(inode.target);
    scratch.clear();
    const auto number = [&](std::uint64_t value, int width) {
        for (int i = 0; i < width; ++i) scratch += static_cast<char>(value >> (8 * i));
    };
    for (const auto& attribute : inode.attributes) {
        number(attribute.name.size(), 2);
        scratch += attribute.name;
        number(attribute.value.size(), 4);
        scratch += attribute.value;
    }
    message.put(base::as_bytes(scratch));
}

bool in_use(const image::FileSystem& filesystem, std::uint64_t number) {
    image::Inode inode;
    return filesystem.inode({number, 0}, inode) && inode.allocated;
}

}  // namespace

void send_root(const image::FileSystem& filesystem, std::int64_t tree, Outbox& outbox) {
    image::Inode inode;
    std::string scratch;
    const auto id = filesystem.root(0);
    if (!filesystem.inode(id, inode)) {
        inode.clear();
        inode.number = id.number, inode.type = image::FileType::directory;
    }
    auto message = reply(ipc::Reply::root);
    message.put(tree);
    put_inode(message, inode, scratch);
    outbox.send(message);
}

void walk_directory(const image::FileSystem& filesystem, std::int64_t tree, std::uint64_t directory, Outbox& outbox, ipc::Slot& slot) {
    const std::int64_t row = tree << 44 | static_cast<std::int64_t>(directory);
    slot.inode.store(row, std::memory_order_relaxed);
    std::string names;
    std::vector<Name> found;
    bool cut = false;
    const auto walked = filesystem.entries({directory, 0}, [&](const image::Entry& entry) {
        if (found.size() >= k_most_names || names.size() > UINT32_MAX - 70'000) {
            cut = true;
            return base::Next::stop;
        }
        if (entry.inode == 0 || entry.inode > k_highest_number) return base::Next::go_on;
        found.push_back({entry.inode, static_cast<std::uint32_t>(names.size()), static_cast<std::uint32_t>(entry.name.size()), entry.type, entry.allocated});
        names += entry.name;
        if ((found.size() & 1023) == 0) slot.progress.fetch_add(1, std::memory_order_relaxed);
        return base::Next::go_on;
    });
    if (!walked) gap(outbox, row, base::Gap::Level::gap, filesystem.name(), "a folder could not be read", walked.error().what);
    if (cut) gap(outbox, row, base::Gap::Level::gap, filesystem.name(), "a folder has more names than are read", std::to_string(k_most_names));

    const auto text = [&](const Name& name) { return std::string_view(names).substr(name.start, name.length); };
    std::sort(found.begin(), found.end(), [&](const Name& a, const Name& b) {
        if (a.inode != b.inode) return a.inode < b.inode;
        if (const int order = text(a).compare(text(b)); order != 0) return order < 0;
        return a.allocated > b.allocated;
    });
    outbox.send(reply(ipc::Reply::directory).put(directory));
    image::Inode inode;
    std::string scratch;
    std::uint64_t read = 0;  // number of the inode in `inode`
    for (std::size_t i = 0; i < found.size(); ++i) {
        const auto& name = found[i];
        if (i > 0 && found[i - 1].inode == name.inode && text(found[i - 1]) == text(name)) continue;
        if (read != name.inode) {
            inode.clear();
            read = name.inode;
            if (const auto got = filesystem.inode({name.inode, 0}, inode); !got) {
                inode.clear();
                inode.number = name.inode, inode.type = name.type, inode.allocated = name.allocated;
                if (name.allocated) gap(outbox, row, base::Gap::Level::gap, filesystem.name(), "an inode could not be read", got.error().what);
            } else if (name.allocated && !inode.allocated && in_use(filesystem, directory)) {
                // The content of what is not in use is not read: one of the two is wrong.
                gap(outbox, row, base::Gap::Level::gap, filesystem.name(), "a name leads to an inode that is not in use", "inode " + std::to_string(name.inode));
            }
            slot.progress.fetch_add(1, std::memory_order_relaxed);
        }
        auto message = reply(ipc::Reply::name);
        message.put(text(name)).put(name.allocated);
        put_inode(message, inode, scratch);
        outbox.send(message);
    }
}

void walk_orphans(const image::FileSystem& filesystem, Outbox& outbox, ipc::Slot& slot) {
    image::Inode inode;
    std::string scratch;
    const auto walked = filesystem.deleted_inodes([&](image::InodeId id) {
        slot.progress.fetch_add(1, std::memory_order_relaxed);
        inode.clear();
        if (id.number > k_highest_number || !filesystem.inode(id, inode)) return base::Next::go_on;
        auto message = reply(ipc::Reply::inode);
        put_inode(message, inode, scratch);
        outbox.send(message);
        return base::Next::go_on;
    });
    if (!walked) gap(outbox, 0, base::Gap::Level::limit, filesystem.name(), "deleted inodes could not be listed", walked.error().what);
}

}  // namespace deadbox::worker
