#include "image/tsk/tsk_filesystem.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <mutex>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "image/tsk/tsk_volume.hpp"

namespace deadbox::image {
using base::Errc, base::fail, base::Gap, base::Next, base::Result;

Result<TskVolume::File> TskVolume::open(std::uint64_t number) const {
    begin();
    if (number < fs->first_inum || number > fs->last_inum) return fail(Errc::corrupt, fmt::format("{} has no inode {}", name, number));
    File file(tsk_fs_file_open_meta(fs.get(), nullptr, number), &tsk_fs_file_close);
    if (!file || file->meta == nullptr) return fail(Errc::corrupt, tsk_message(image->used_up() ? "reading an inode took too many reads" : "an inode cannot be read"));
    return file;
}

namespace {

// What is read from the volume before libtsk sees it.
struct Head {
    std::array<std::byte, 2048> bytes{};  // of the boot sector; of ISO and UFS the descriptor
    std::string_view text(std::size_t at, std::size_t length) const { return base::as_text(bytes).substr(at, length); }
};

struct Kind {
    std::string_view name;      // "fat" names a family
    TSK_FS_TYPE_ENUM type;
    std::uint64_t head;         // where Head lies in the volume
    bool (*claims)(const Head&);
    std::string (*label)(const Head&);
    std::string (*uuid)(const Head&);
    bool (*dirty)(const Head&);
    bool zone;                  // its times know their zone
    bool deleted_inodes;        // its inodes lie in a table that can be walked
};

std::string trimmed(std::string_view text) {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.remove_suffix(1);
    return std::string(text);
}

bool power_of_two(std::uint32_t value) { return value != 0 && (value & (value - 1)) == 0; }

bool is_ntfs(const Head& head) { return head.text(3, 8) == "NTFS    "; }
bool is_exfat(const Head& head) { return head.text(3, 8) == "EXFAT   "; }

bool is_fat32(const Head& head) { return base::load_le16(head.bytes, 22) == 0 && base::load_le32(head.bytes, 36) != 0; }
bool is_fat(const Head& head) {
    const auto& b = head.bytes;
    const auto jump = base::load_u8(b, 0);
    const std::uint32_t sector = base::load_le16(b, 11), cluster = base::load_u8(b, 13), reserved = base::load_le16(b, 14), copies = base::load_u8(b, 16), media = base::load_u8(b, 21);
    if (base::load_be16(b, 510) != 0x55aa || (jump != 0xeb && jump != 0xe9)) return false;
    if (!power_of_two(sector) || sector < 512 || sector > 4096 || !power_of_two(cluster)) return false;
    if (reserved == 0 || copies == 0 || copies > 2 || media < 0xf0) return false;
    return (base::load_le16(b, 22) != 0 && base::load_le16(b, 17) != 0) || is_fat32(head);
}
bool is_hfs(const Head& head) {
    const auto signature = head.text(1024, 2);
    return signature == "H+" || signature == "HX" || (signature == "BD" && head.text(1024 + 124, 2) == "H+");
}
bool is_iso9660(const Head& head) { return head.text(1, 5) == "CD001"; }
bool is_ufs(const Head& head) {
    const std::uint32_t little = base::load_le32(head.bytes, 1372), big = base::load_be32(head.bytes, 1372);
    return little == 0x19540119 || big == 0x19540119 || little == 0x00011954 || big == 0x00011954;
}

std::string fat_label(const Head& head) {
    const auto label = trimmed(head.text(is_fat32(head) ? 71 : 43, 11));
    return label == "NO NAME" ? std::string() : label;
}
std::string serial4(const Head& head, std::size_t at) {
    const auto serial = base::load_le32(head.bytes, at);
    return fmt::format("{:04x}-{:04x}", serial >> 16, serial & 0xffff);
}
std::string fat_uuid(const Head& head) { return serial4(head, is_fat32(head) ? 67 : 39); }
std::string exfat_uuid(const Head& head) { return serial4(head, 100); }
std::string ntfs_uuid(const Head& head) { return fmt::format("{:016x}", base::load_le64(head.bytes, 72)); }
std::string hfs_uuid(const Head& head) { return fmt::format("{:016x}", base::load_be64(head.bytes, 1024 + 80 + 24)); }
std::string iso_label(const Head& head) { return trimmed(head.text(40, 32)); }
std::string ufs_label(const Head& head) {
    const auto label = head.text(680, 32);
    return std::string(label.substr(0, label.find('\0')));
}
std::string none(const Head&) { return {}; }
bool fat_dirty(const Head& head) { return base::load_u8(head.bytes, is_fat32(head) ? 65 : 37) & 1; }
bool exfat_dirty(const Head& head) { return base::load_le16(head.bytes, 106) & 2; }
bool hfs_dirty(const Head& head) { return (base::load_be32(head.bytes, 1024 + 4) & 0x100) == 0; }
bool never(const Head&) { return false; }

constexpr std::uint64_t k_first_ntfs_user_inode = 24;  // those before it are NTFS's own, some kept free

constexpr Kind k_ntfs{"ntfs", TSK_FS_TYPE_NTFS, 0, is_ntfs, none, ntfs_uuid, never, true, true};
constexpr Kind k_exfat{"exfat", TSK_FS_TYPE_EXFAT, 0, is_exfat, none, exfat_uuid, exfat_dirty, false, false};
constexpr Kind k_fat{"fat", TSK_FS_TYPE_FAT_DETECT, 0, is_fat, fat_label, fat_uuid, fat_dirty, false, false};
constexpr Kind k_hfs{"hfs+", TSK_FS_TYPE_HFS, 0, is_hfs, none, hfs_uuid, hfs_dirty, true, false};
constexpr Kind k_iso9660{"iso9660", TSK_FS_TYPE_ISO9660, 0x8000, is_iso9660, iso_label, none, never, true, false};
constexpr std::uint64_t k_ufs_places[] = {0x10000, 0x2000, 0, 0x40000};
constexpr Kind k_ufs{"ufs", TSK_FS_TYPE_FFS_DETECT, 0, is_ufs, ufs_label, none, never, true, true};

std::string name_of(const Kind& kind, TSK_FS_TYPE_ENUM type) {
    switch (type) {
        case TSK_FS_TYPE_FAT12: return "fat12";
        case TSK_FS_TYPE_FAT16: return "fat16";
        case TSK_FS_TYPE_FAT32: return "fat32";
        case TSK_FS_TYPE_FFS1:
        case TSK_FS_TYPE_FFS1B: return "ufs1";
        case TSK_FS_TYPE_FFS2: return "ufs2";
        default: return std::string(kind.name);
    }
}

FileType type_of(TSK_FS_META_TYPE_ENUM type) {
    switch (type) {
        case TSK_FS_META_TYPE_REG: return FileType::file;
        case TSK_FS_META_TYPE_DIR: return FileType::directory;
        case TSK_FS_META_TYPE_FIFO: return FileType::fifo;
        case TSK_FS_META_TYPE_CHR: return FileType::character;
        case TSK_FS_META_TYPE_BLK: return FileType::block;
        case TSK_FS_META_TYPE_LNK: return FileType::symlink;
        case TSK_FS_META_TYPE_SOCK: return FileType::socket;
        default: return FileType::unknown;
    }
}
FileType type_of(TSK_FS_NAME_TYPE_ENUM type) {
    switch (type) {
        case TSK_FS_NAME_TYPE_REG: return FileType::file;
        case TSK_FS_NAME_TYPE_DIR: return FileType::directory;
        case TSK_FS_NAME_TYPE_FIFO: return FileType::fifo;
        case TSK_FS_NAME_TYPE_CHR: return FileType::character;
        case TSK_FS_NAME_TYPE_BLK: return FileType::block;
        case TSK_FS_NAME_TYPE_LNK: return FileType::symlink;
        case TSK_FS_NAME_TYPE_SOCK: return FileType::socket;
        default: return FileType::unknown;
    }
}

std::optional<base::Timestamp> time_of(std::int64_t seconds, std::uint32_t nanoseconds) {
    if (seconds == 0 && nanoseconds == 0) return std::nullopt;
    return base::Timestamp{seconds, std::min<std::uint32_t>(nanoseconds, 999'999'999)};
}

class TskFileSystem final : public FileSystem {
public:
    TskFileSystem(const Kind& kind, const Head& head, std::shared_ptr<const TskVolume> volume)
        : m_kind(kind), m_volume(std::move(volume)), m_label(kind.label(head)), m_uuid(kind.uuid(head)), m_clean(!kind.dirty(head)) {
        if (&kind == &k_ntfs) read_ntfs_volume();
        const auto tell = [&](Gap::Level level, const char* reason) { m_volume->damage->damage({level, m_volume->name, reason, "", ""}); };
        if (!kind.zone) tell(Gap::Level::assumption, "times on this file system carry no time zone; they were taken as UTC");
        if (!m_clean) tell(Gap::Level::limit, "the file system was not unmounted cleanly; what its journal may hold was not read");
        if (!kind.deleted_inodes) tell(Gap::Level::limit, "deleted files are listed only where a folder still names them");
    }

    std::string name() const override { return m_volume->name; }
    std::string label() const override { return m_label; }
    std::string uuid() const override { return m_uuid; }
    std::uint64_t size() const override { return m_volume->fs->block_count * m_volume->fs->block_size; }
    bool clean() const override { return m_clean; }
    std::string journal() const override { return m_volume->fs->journ_inum != 0 || &m_kind == &k_ntfs ? "ignored" : "none"; }
    InodeId root(std::uint32_t) const override { return {root_number(), 0}; }
    std::uint64_t highest_inode() const override { return std::max<std::uint64_t>(m_volume->fs->last_inum, root_number()); }

    Result<void> inode(InodeId id, Inode& out) const override {
        TRY_ASSIGN(const auto file, m_volume->open(tsk_number(id)));
        const auto& meta = *file->meta;
        out.clear();
        out.number = id.number;
        out.generation = meta.seq;
        out.type = type_of(meta.type);
        out.mode = static_cast<std::uint32_t>(meta.mode) & 07777;
        out.uid = meta.uid, out.gid = meta.gid;
        out.links = static_cast<std::uint32_t>(std::max(meta.nlink, 0));
        out.size = static_cast<std::uint64_t>(std::max<TSK_OFF_T>(meta.size, 0));
        out.allocated = (meta.flags & TSK_FS_META_FLAG_UNALLOC) == 0;
        out.modified = time_of(meta.mtime, meta.mtime_nano), out.accessed = time_of(meta.atime, meta.atime_nano);
        out.changed = time_of(meta.ctime, meta.ctime_nano), out.born = time_of(meta.crtime, meta.crtime_nano);
        // ISO 9660 has one time, which libtsk calls the birth and Linux the modification.
        if (&m_kind == &k_iso9660) std::swap(out.modified, out.born);
        if (out.type == FileType::symlink && meta.link != nullptr) out.target = meta.link;
        if (out.type == FileType::file) look_at_content(*file, out);
        return {};
    }

    Result<void> entries(InodeId directory, base::FunctionRef<Next(const Entry&)> visit) const override {
        m_volume->begin();
        const auto& fs = *m_volume->fs;
        const auto number = tsk_number(directory);
        if (number < fs.first_inum || number > fs.last_inum) return fail(Errc::corrupt, fmt::format("{} has no inode {}", name(), number));
        const std::unique_ptr<TSK_FS_DIR, decltype(&tsk_fs_dir_close)> opened(tsk_fs_dir_open_meta(m_volume->fs.get(), number), &tsk_fs_dir_close);
        if (!opened) return fail(Errc::corrupt, tsk_message(m_volume->image->used_up() ? "a folder took too many reads" : "a folder cannot be read"));
        if (m_volume->image->used_up())
            m_volume->damage->damage({Gap::Level::gap, name(), "a folder took too many reads; it is listed in part", "", fmt::format("inode {}", directory.number)});
        const std::size_t count = tsk_fs_dir_getsize(opened.get());
        for (std::size_t i = 0; i < count; ++i) {
            // get() would read each name's inode too.
            const auto& found = opened->names[i];
            if (found.name == nullptr || found.type == TSK_FS_NAME_TYPE_VIRT || found.type == TSK_FS_NAME_TYPE_VIRT_DIR) continue;
            const std::string_view text = found.name;
            if (text.empty() || text == "." || text == ".." || found.meta_addr > fs.last_inum) continue;
            // libtsk lists the volume's label among the files of a FAT root.
            if ((&m_kind == &k_fat || &m_kind == &k_exfat) && text.ends_with(" (Volume Label Entry)")) continue;
            const Entry entry{text, found.meta_addr, type_of(found.type), (found.flags & TSK_FS_NAME_FLAG_UNALLOC) == 0};
            if (visit(entry) == Next::stop) break;
        }
        tsk_error_reset();
        return {};
    }

    Result<void> deleted_inodes(base::FunctionRef<Next(InodeId)> visit) const override {
        if (!m_kind.deleted_inodes) return {};
        m_volume->begin();
        struct Context {
            base::FunctionRef<Next(InodeId)>& visit;
            const TskVolume& volume;
            std::uint64_t first;
        } context{visit, *m_volume, &m_kind == &k_ntfs ? k_first_ntfs_user_inode : 0};
        const auto each = [](TSK_FS_FILE* file, void* pointer) -> TSK_WALK_RET_ENUM {
            auto& c = *static_cast<Context*>(pointer);
            if (file->meta == nullptr || file->meta->addr < c.first || file->meta->type == TSK_FS_META_TYPE_VIRT || file->meta->type == TSK_FS_META_TYPE_VIRT_DIR) return TSK_WALK_CONT;
            const bool stop = c.visit({file->meta->addr, 0}) == Next::stop;
            c.volume.begin();  // the visitor asks questions of its own
            return stop ? TSK_WALK_STOP : TSK_WALK_CONT;
        };
        const auto flags = static_cast<TSK_FS_META_FLAG_ENUM>(TSK_FS_META_FLAG_UNALLOC | TSK_FS_META_FLAG_USED);
        auto* fs = m_volume->fs.get();
        if (tsk_fs_meta_walk(fs, fs->first_inum, fs->last_inum, flags, each, &context) != 0) return fail(Errc::corrupt, tsk_message("the deleted inodes cannot all be listed"));
        return {};
    }

    Result<std::unique_ptr<base::ByteSource>> content(InodeId id) const override {
        TRY_ASSIGN(auto file, m_volume->open(tsk_number(id)));
        if (file->meta->type == TSK_FS_META_TYPE_LNK && file->meta->link != nullptr) {
            const auto target = base::as_bytes(file->meta->link);
            return std::make_unique<base::MemorySource>(std::vector<std::byte>(target.begin(), target.end()));
        }
        return tsk_content(m_volume, std::move(file));
    }

private:
    // libtsk gives the root of an ISO 9660 file system the number 0, which with us is no inode: it has the one past the last.
    std::uint64_t root_number() const { return m_volume->fs->root_inum != 0 ? m_volume->fs->root_inum : m_volume->fs->last_inum + 1; }
    std::uint64_t tsk_number(InodeId id) const { return id.number == root_number() ? m_volume->fs->root_inum : id.number; }

    // The first byte's place, holes, encryption, and streams beside the content. Loads the file's map.
    void look_at_content(TSK_FS_FILE& file, Inode& out) const {
        const auto* attribute = tsk_fs_file_attr_get(&file);
        if (attribute != nullptr) {
            out.encrypted = (attribute->flags & TSK_FS_ATTR_ENC) != 0;
            if (out.encrypted)
                m_volume->damage->damage({Gap::Level::gap, name(), "an encrypted file's content is not read", "", fmt::format("inode {}", out.number)});
            if (attribute->size >= 0) out.size = static_cast<std::uint64_t>(attribute->size);
            if (attribute->flags & TSK_FS_ATTR_NONRES) look_at_runs(*attribute, out);
        }
        if (&m_kind == &k_ntfs && out.allocated) look_for_streams(file);
        tsk_error_reset();
    }

    void look_at_runs(const TSK_FS_ATTR& attribute, Inode& out) const {
        const std::uint64_t block = m_volume->fs->block_size;
        for (const auto* run = attribute.nrd.run; run != nullptr; run = run->next) {
            if (run->flags & TSK_FS_ATTR_RUN_FLAG_SPARSE) out.hole_bytes += std::min<std::uint64_t>(run->len, UINT32_MAX) * block;
            else if (out.first_byte == 0 && !(run->flags & TSK_FS_ATTR_RUN_FLAG_FILLER)) out.first_byte = tsk_place(*m_volume, run->addr * block, 1).physical;
        }
        out.hole_bytes = std::min(out.hole_bytes, out.size);
    }

    void look_for_streams(TSK_FS_FILE& file) const {
        for (const auto* a = file.meta->attr != nullptr ? file.meta->attr->head : nullptr; a != nullptr; a = a->next)
            if ((a->flags & TSK_FS_ATTR_INUSE) && a->type == TSK_FS_ATTR_TYPE_NTFS_DATA && a->name != nullptr && *a->name != '\0' && file.meta->addr >= k_first_ntfs_user_inode)
                m_volume->damage->damage({Gap::Level::limit, name(), "alternate data streams are not examined", "", fmt::format("inode {}: {}", file.meta->addr, base::to_utf8(a->name))});
    }

    // Inode 3, "$Volume", has the label and whether the volume is marked dirty.
    void read_ntfs_volume() {
        const auto file = m_volume->open(3);
        if (!file) return;
        const auto bytes = [&](TSK_FS_ATTR_TYPE_ENUM type) {
            std::array<std::byte, 256> buffer{};
            const auto* attribute = tsk_fs_file_attr_get_type(file->get(), type, 0, 0);
            if (attribute == nullptr) return std::vector<std::byte>();
            const ssize_t got = tsk_fs_attr_read(attribute, 0, reinterpret_cast<char*>(buffer.data()), buffer.size(), TSK_FS_FILE_READ_FLAG_NONE);
            return std::vector<std::byte>(buffer.begin(), buffer.begin() + std::clamp<ssize_t>(got, 0, static_cast<ssize_t>(buffer.size())));
        };
        m_label = base::utf16le_to_utf8(bytes(TSK_FS_ATTR_TYPE_NTFS_VNAME));
        const auto information = bytes(TSK_FS_ATTR_TYPE_NTFS_VINFO);
        if (base::load_le16(information, 10) & 1) m_clean = false;
        tsk_error_reset();
    }

    const Kind& m_kind;
    std::shared_ptr<const TskVolume> m_volume;
    std::string m_label, m_uuid;
    bool m_clean;
};

// libtsk turns FAT's local times into UTC by the process' zone: that must never be the workstation's.
void set_zone() {
    static std::once_flag once;
    std::call_once(once, [] {
        ::setenv("TZ", "UTC0", 1);
        ::tzset();
    });
}

class TskFormat final : public FileSystemFormat {
public:
    explicit TskFormat(const Kind& kind) : m_kind(kind) {}
    std::string_view name() const override { return m_kind.name; }
    bool claims(const base::ByteSource& volume) const override { return find_head(volume).has_value(); }

    Result<std::unique_ptr<FileSystem>> open(std::shared_ptr<const base::ByteSource> bytes, JournalUse, std::shared_ptr<base::DamageSink> damage) const override {
        const auto head = find_head(*bytes);
        if (!head) return fail(Errc::corrupt, fmt::format("this is not {}", m_kind.name));
        set_zone();
        auto volume = std::make_shared<TskVolume>();
        volume->bytes = bytes;
        volume->damage = std::move(damage);
        volume->image = TskImage::make(std::move(bytes));
        if (!volume->image) return fail(Errc::limit, "there is no memory for the file system");
        volume->begin();
        volume->fs.reset(tsk_fs_open_img(volume->image->info(), 0, m_kind.type));
        if (!volume->fs) return fail(Errc::corrupt, tsk_message("the file system cannot be opened"));
        const auto& fs = *volume->fs;
        volume->name = name_of(m_kind, fs.ftype);
        if (fs.last_inum >= std::uint64_t{1} << 44) return fail(Errc::unsupported, "the file system has inode numbers above 2^44");
        if (fs.last_block_act < fs.last_block)
            volume->damage->damage({Gap::Level::gap, volume->name, "the file system reaches past the end of its volume", "", fmt::format("{} of {} blocks are there", fs.last_block_act, fs.last_block)});
        tsk_error_reset();
        return std::make_unique<TskFileSystem>(m_kind, *head, std::move(volume));
    }

private:
    std::optional<Head> find_head(const base::ByteSource& volume) const {
        const auto at = [&](std::uint64_t offset) -> std::optional<Head> {
            Head head;
            if (!base::read_exactly(volume, offset, head.bytes) || !m_kind.claims(head)) return std::nullopt;
            return head;
        };
        if (&m_kind != &k_ufs) return at(m_kind.head);
        for (const auto offset : k_ufs_places)
            if (auto head = at(offset)) return head;
        return std::nullopt;
    }

    const Kind& m_kind;
};

}  // namespace

const FileSystemFormat& ntfs_format() {
    static const TskFormat format(k_ntfs);
    return format;
}
const FileSystemFormat& exfat_format() {
    static const TskFormat format(k_exfat);
    return format;
}
const FileSystemFormat& fat_format() {
    static const TskFormat format(k_fat);
    return format;
}
const FileSystemFormat& hfs_format() {
    static const TskFormat format(k_hfs);
    return format;
}
const FileSystemFormat& iso9660_format() {
    static const TskFormat format(k_iso9660);
    return format;
}
const FileSystemFormat& ufs_format() {
    static const TskFormat format(k_ufs);
    return format;
}

}  // namespace deadbox::image
