// A file system, addressed by inode. It never recurses: the engine queues folders, so a bad one costs itself.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_source.hpp"
#include "base/function_ref.hpp"
#include "base/gap.hpp"
#include "base/timestamp.hpp"

namespace deadbox::image {

enum class FileType : std::uint8_t { unknown, file, directory, symlink, character, block, fifo, socket };

// One view of the files of a volume: the live one (0), a subvolume, a snapshot, a copy out of the journal.
struct State {
    std::uint32_t index = 0;
    std::string name;  // empty for the live one
};

struct InodeId {
    std::uint64_t number = 0;  // below 2^44
    std::uint32_t state = 0;
    auto operator<=>(const InodeId&) const = default;
};

struct ExtendedAttribute {
    std::string name;   // with its namespace: "security.capability"
    std::string value;  // as the kernel's getxattr gives it (ACLs in their external form)
};

// Metadata of one inode. Storage is reused from call to call: clear() keeps capacities.
struct Inode {
    std::uint64_t number = 0;
    std::uint64_t generation = 0;
    FileType type = FileType::unknown;
    std::uint32_t mode = 0;  // permission bits with setuid, setgid, sticky: 07777
    std::uint32_t uid = 0, gid = 0;
    std::uint32_t links = 0;
    std::uint64_t size = 0;   // bytes
    std::uint32_t flags = 0;  // the file system's own
    std::uint32_t device_major = 0, device_minor = 0;
    bool allocated = true;
    bool encrypted = false;   // names below or content are ciphertext; a gap says so
    std::optional<base::Timestamp> modified, accessed, changed, born, deleted;
    std::string target;  // of a symbolic link, raw bytes
    std::vector<ExtendedAttribute> attributes;
    // Where the first byte of content lies on the media, to order work by place; 0 when there is none.
    std::uint64_t first_byte = 0;
    std::uint64_t hole_bytes = 0;  // of size, as far as known from the map's size; 0 where unknown
    void clear();
};

// A name in a folder. `name` is raw bytes, valid during the visit.
struct Entry {
    std::string_view name;
    std::uint64_t inode = 0;
    FileType type = FileType::unknown;  // as the folder says; unknown where it does not
    bool allocated = true;              // false: a removed name left in slack
};

class FileSystem {
public:
    virtual ~FileSystem() = default;
    virtual std::string name() const = 0;   // "ext4", "ntfs"
    virtual std::string label() const = 0;  // raw bytes
    virtual std::string uuid() const = 0;   // lower-case text, "" when there is none
    virtual std::uint64_t size() const = 0; // bytes
    virtual bool clean() const = 0;         // false: it was in use; what the journal had is in journal()
    virtual std::string journal() const = 0;  // "none", "empty", "replayed", "ignored", "damaged"
    virtual std::vector<State> states() const { return {State{}}; }
    virtual InodeId root(std::uint32_t state) const = 0;
    // Inode numbers are 1..highest_inode(), not all in use: for walks over the inode tables.
    virtual std::uint64_t highest_inode() const = 0;
    // Damage within an inode (a bad xattr) goes to the DamageSink; an error means that nothing of it can be believed.
    virtual base::Result<void> inode(InodeId id, Inode& out) const = 0;
    // Live and removed names, without "." and "..". Damage goes to the DamageSink and the walk goes on.
    virtual base::Result<void> entries(InodeId directory, base::FunctionRef<base::Next(const Entry&)> visit) const = 0;
    // Inodes that are not allocated but still say something (times, a mode, content), in ascending order.
    virtual base::Result<void> deleted_inodes(base::FunctionRef<base::Next(InodeId)> visit) const = 0;
    // Whether the inode, or some of its content, is shown as the replayed journal has it and lies otherwise in its own place.
    virtual bool out_of_journal(InodeId) const { return false; }
    // Damage is told of once; after this once more. Before each piece of work, what is told then follows from that piece alone.
    virtual void forget_reports() const {}
    // The content of a regular file or symlink. It keeps the file system's data alive, but stays on its thread.
    virtual base::Result<std::unique_ptr<base::ByteSource>> content(InodeId id) const = 0;
};

enum class JournalUse : bool { replay, ignore };

// A kind of file system: recognizes and opens.
class FileSystemFormat {
public:
    virtual ~FileSystemFormat() = default;
    virtual std::string_view name() const = 0;
    virtual bool claims(const base::ByteSource& volume) const = 0;
    virtual base::Result<std::unique_ptr<FileSystem>> open(std::shared_ptr<const base::ByteSource> volume, JournalUse journal,
                                                           std::shared_ptr<base::DamageSink> damage) const = 0;
};

// All formats, in the order in which they are asked.
const std::vector<const FileSystemFormat*>& filesystem_formats();

}  // namespace deadbox::image
