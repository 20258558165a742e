// What the engine and the worker say to each other. Fields stand in the order of the comment; T is a time (two values).
#pragma once

#include <atomic>
#include <cstdint>

namespace deadbox::ipc {

// Engine -> worker host (control socket).
enum class HostOrder : std::uint8_t { fork = 1 /* slot; the child's socket comes along as SCM_RIGHTS */ };
// Worker host -> engine.
enum class HostReport : std::uint8_t {
    ready = 1,   // Landlock ABI, seccomp (0 or 1)
    forked = 2,  // slot, pid
    died = 3,    // slot, pid, wait status
    failed = 4,  // text: it cannot go on
};

// Engine -> child.
enum class Order : std::uint8_t {
    open = 1,     // flags (OpenFlag), then each evidence argument
    walk = 2,     // batch, tree, then directory inode numbers
    orphans = 3,  // batch, tree
    files = 4,    // batch, wave (0 configure, 1 content), skips n, then n × (inode row, step), then files until the end:
                  //   tree, inode number, hash (1), names n, then n × (folder's inode number, path, requests n, then n × (parser id, parameters n, n × (name, value)));
                  //   a parser gets the file by the first name that it asks for or that a request gives it
    read = 5,     // request, tree, inode number, offset, length: data replies until an empty one
    media = 6,    // evidence index, all (1: MD5 and SHA-1 too): digests of the whole media
    rules = 8,    // ask (1: only whether they compile, answered), name of the file, text: rules of the examiner's own for all files that come
    places = 7,   // batch, then files until the end: tree, inode number
};

enum OpenFlag : std::uint8_t {
    open_ignores_journal = 1,
    open_describes = 2,        // answer with what there is, and with the damage met
    open_reduced_sandbox = 4,  // go on where the kernel has no seccomp
    open_marks = 8,            // with open_describes: marks of the media too, which costs some hundred reads
};

// Child -> engine. Everything of a batch comes before its done.
enum class Reply : std::uint8_t {
    evidence = 1,   // index, argument, format, media size, identity (bytes), files n, n × name; acquisition JSON or null
    volume = 2,     // evidence index, id, scheme, type, name, start, size, filesystem, label, uuid, clean, journal, tree or -1, root inode number, is a system (1), its name,
                    //   fstab n, n × (device, UUID or "", LABEL or "", mount point)
    opened = 3,     // ok, text
    directory = 4,  // inode number: the names that follow are in it
    name = 5,       // name, allocated, then an inode
    inode = 6,      // an inode without a name: number, generation, first byte, size, holes, type, mode, uid, gid, links, flags,
                    //   allocated, encrypted, T m, T a, T c, T b, T d, rdev, target, attributes (bytes)
    content = 7,    // inode row, state, type, md5, sha1, sha256 (bytes or null)
    event = 8,      // inode row, event index, T, precision, assumptions, user, address, process, arguments JSON, offset, line
    row = 9,        // inode row, table index, values
    request = 10,   // inode row, parser, glob, parameters n, n × (name, value)
    gap = 11,       // inode row or 0, level, area, reason, path, detail
    kept = 12,      // inode row, bytes
    step = 13,      // inode row, parser, outcome
    done = 14,      // batch
    data = 15,      // request, bytes (empty at the end) or an error's text
    media = 16,     // evidence index, bytes read, md5, sha1, sha256 (or null, null, an error's text), files n, n × (sha256 of the file or null),
                    //   unreadable ranges n, n × (start, length): hashed as zeros
    place = 17,     // inode row, out of the journal (1), cut short (1), n × (offset in the file, media offset, length): where the content lies
    root = 18,      // tree, then an inode: the root folder
    rules = 20,     // name of the file, rules in it, why they do not compile ("" where they do)
    marks = 19,     // evidence index, marks of the media (bytes), as case/same_evidence.hpp has them; behind the volumes
};

// One for each child, in shared memory: what it works on, so that the culprit of a crash is known. The child alone
// writes; `progress` grows with every read, so that a hang is told from hard work.
struct alignas(64) Slot {
    std::atomic<std::uint64_t> batch;
    std::atomic<std::int64_t> inode;  // row id; the folder while walking
    std::atomic<std::uint32_t> step;  // one of k_step_*
    std::atomic<std::uint64_t> progress;
    std::atomic<std::uint64_t> bytes;  // read of the evidence so far
};
inline constexpr std::uint32_t k_slots = 64;
inline constexpr std::uint32_t k_step_none = 0, k_step_open = 1, k_step_walk = 2, k_step_hash = 3, k_step_type = 4, k_step_place = 5, k_step_file = 6 /* all of a file */,
                               k_step_orphans = 7 /* listing deleted inodes: the slot's inode is the tree's number 0 */, k_step_media = 8, k_step_read = 9, k_step_rules = 10, k_step_first_parser = 16;

// Descriptors that the worker host is started with.
inline constexpr int k_control_fd = 3, k_shared_fd = 4;

}  // namespace deadbox::ipc
