// The worker host and its children. One thread; poll() drives everything.
#pragma once

#include <sys/types.h>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/descriptor.hpp"
#include "ipc/frame.hpp"
#include "ipc/protocol.hpp"

namespace deadbox::ipc {

struct PoolOptions {
    std::vector<std::string> evidence;  // as given: paths and fd:N
    bool ignore_journal = false, reduced_sandbox = false;
    bool marks = false;     // a child that describes the evidence gives marks of the media too
    std::vector<std::pair<std::string, std::string>> rules;  // the examiner's own: name and text of each file
    int hang_seconds = 60;  // without any progress; the clock only catches hangs
};

// How a child ended, and what it was doing.
struct Death {
    std::uint64_t batch = 0;
    std::int64_t inode = 0;
    std::uint32_t step = 0;
    bool hung = false;      // killed by us
    bool from_outside = false;  // a SIGKILL that was not ours
    int status = 0;
};

class Pool {
public:
    static base::Result<std::unique_ptr<Pool>> start(PoolOptions options, int children);
    ~Pool();
    Pool(const Pool&) = delete;

    int children() const { return static_cast<int>(m_children.size()); }
    int landlock() const { return m_landlock; }
    bool seccomp() const { return m_seccomp; }
    // The host was ended by a SIGKILL that was not ours: nothing that it read did that.
    bool killed_from_outside() const { return m_killed; }

    // Makes the child of `slot` where there is none; it opens the evidence.
    base::Result<void> ensure(int slot, bool describe = false);
    base::Result<void> send(int slot, const std::string& frame);

    struct Handler {
        // false: keep the message for later; the slot is not read until poll() is called with it wanted again.
        std::function<base::Result<void>(int slot, Message& message, base::ByteView frame)> message;
        std::function<base::Result<void>(int slot, const Death& death)> death;
        std::function<bool(int slot)> wants;  // read from this slot now?
    };
    // Waits at most `milliseconds`, hands over what came.
    base::Result<void> poll(int milliseconds, const Handler& handler);

    void pause(bool paused);
    std::uint64_t bytes_read() const;
    void kill(int slot);  // an order of ours: counts as a hang of what it is doing

private:
    struct Child {
        base::Descriptor socket;
        pid_t pid = 0;
        FrameBuffer incoming;
        std::string outgoing;
        std::uint64_t progress = 0;
        std::int64_t quiet_since = 0;  // monotonic seconds
        bool hung = false, dead = false;
        int status = 0;
    };
    explicit Pool(PoolOptions options) : m_options(std::move(options)) {}
    base::Result<void> start_host();
    // The host closed its end, or cannot be reached: how it ended.
    tl::unexpected<base::Error> host_ended();
    base::Result<void> read_control();
    base::Result<void> read_child(int slot, const Handler& handler);
    base::Result<void> bury(int slot, const Handler& handler);
    void watch(int slot);
    void flush(Child& child);

    PoolOptions m_options;
    std::vector<base::Descriptor> m_inherited;  // copies of evidence whose number is the worker's own
    base::Descriptor m_control, m_shared_file;
    Slot* m_shared = nullptr;
    FrameBuffer m_reports;
    pid_t m_host = 0;
    int m_landlock = 0;
    bool m_seccomp = false, m_ready = false, m_paused = false, m_killed = false;
    std::string m_ending;  // of the host
    std::int64_t m_polled = 0;  // when poll() was called last, monotonic seconds
    std::vector<Child> m_children;
};

}  // namespace deadbox::ipc
