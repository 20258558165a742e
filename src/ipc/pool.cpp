#include "ipc/pool.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <utility>

#include "ipc/channel.hpp"

namespace deadbox::ipc {
namespace {

std::int64_t monotonic_seconds() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

// deadbox-worker lies beside the running program.
base::Result<std::string> worker_path() {
    std::array<char, PATH_MAX> path{};
    const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size() - 1);
    if (length <= 0) return base::fail_errno("cannot find the program's own folder", errno);
    std::string own(path.data(), static_cast<std::size_t>(length));
    own.erase(own.rfind('/') + 1);
    if (::access((own + "deadbox-worker").c_str(), X_OK) != 0) return base::fail(base::Errc::not_found, "deadbox-worker is missing beside deadbox in " + own);
    return own + "deadbox-worker";
}

}  // namespace

base::Result<std::unique_ptr<Pool>> Pool::start(PoolOptions options, int children) {
    std::unique_ptr<Pool> pool(new Pool(std::move(options)));
    pool->m_children.resize(static_cast<std::size_t>(children));
    // The worker's own descriptors take these numbers.
    for (auto& argument : pool->m_options.evidence) {
        if (argument != "fd:" + std::to_string(k_control_fd) && argument != "fd:" + std::to_string(k_shared_fd)) continue;
        const int copy = ::fcntl(argument.back() - '0', F_DUPFD, k_shared_fd + 1);
        if (copy < 0) return base::fail_errno("cannot use " + argument, errno);
        pool->m_inherited.emplace_back(copy);
        argument = "fd:" + std::to_string(copy);
    }
    TRY(pool->start_host());
    return pool;
}

base::Result<void> Pool::start_host() {
    TRY_ASSIGN(const std::string path, worker_path());
    m_shared_file = base::Descriptor(memfd_create("deadbox-slots", MFD_CLOEXEC));
    const std::size_t size = sizeof(Slot) * k_slots;
    if (!m_shared_file || ftruncate(m_shared_file.get(), static_cast<off_t>(size)) != 0) return base::fail_errno("cannot make shared memory", errno);
    void* mapped = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, m_shared_file.get(), 0);
    if (mapped == MAP_FAILED) return base::fail_errno("cannot map shared memory", errno);
    m_shared = static_cast<Slot*>(mapped);
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return base::fail_errno("cannot make a socket pair", errno);
    m_control = base::Descriptor(ends[0]);
    base::Descriptor theirs(ends[1]);

    const pid_t parent = getpid();
    m_host = ::fork();
    if (m_host < 0) return base::fail_errno("cannot start deadbox-worker", errno);
    if (m_host == 0) {
        // Only the two descriptors and those named by fd:N go along.
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(0);
        setpgid(0, 0);
        const int control = fcntl(theirs.get(), F_DUPFD, 100), shared = fcntl(m_shared_file.get(), F_DUPFD, 100);
        dup2(control, k_control_fd);
        dup2(shared, k_shared_fd);
        ::close(control);
        ::close(shared);
        char* const arguments[] = {const_cast<char*>(path.c_str()), nullptr};
        execv(path.c_str(), arguments);
        _exit(127);
    }
    theirs = {};  // so that a host that dies before it is ready is an end of the stream, not a wait for ever
    while (!m_ready) {
        const auto frame = read_frame(m_control.get());
        if (!frame) {
            const auto ended = host_ended();
            return base::fail(m_killed ? base::Errc::interrupted : base::Errc::internal, ended.value().what + " before it was ready");
        }
        TRY_ASSIGN(Message message, Message::decode(base::as_bytes(*frame)));
        if (message.kind() == static_cast<std::uint8_t>(HostReport::failed)) return base::fail(base::Errc::internal, "deadbox-worker: " + std::string(message.text()));
        m_landlock = static_cast<int>(message.integer());
        m_seccomp = message.integer() != 0;
        m_ready = true;
    }
    return {};
}

tl::unexpected<base::Error> Pool::host_ended() {
    if (m_host > 0) {
        constexpr int k_waits = 200;
        constexpr useconds_t k_wait = 10'000;
        int status = 0;
        pid_t ended = 0;
        for (int i = 0; i < k_waits && (ended = ::waitpid(m_host, &status, WNOHANG)) == 0; ++i) ::usleep(k_wait);
        ::kill(-m_host, SIGKILL);
        if (ended == 0) ::waitpid(m_host, nullptr, 0);
        m_host = 0;
        m_killed = ended > 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
        if (m_killed) m_ending = "deadbox-worker was killed from outside (signal 9: by somebody, or by the kernel for want of memory)";
        else if (ended <= 0) m_ending = "deadbox-worker cannot be reached any more";
        else if (WIFSIGNALED(status)) m_ending = "deadbox-worker ended by signal " + std::to_string(WTERMSIG(status));
        else m_ending = "deadbox-worker ended unexpectedly (exit status " + std::to_string(WEXITSTATUS(status)) + ")";
    }
    return base::fail(base::Errc::internal, m_ending);
}

Pool::~Pool() {
    for (auto& child : m_children) child.socket = {};
    m_control = {};
    if (m_host > 0) {
        ::kill(-m_host, SIGKILL);
        ::kill(m_host, SIGKILL);
        ::waitpid(m_host, nullptr, 0);
    }
    if (m_shared != nullptr) munmap(m_shared, sizeof(Slot) * k_slots);
}

base::Result<void> Pool::ensure(int slot, bool describe) {
    auto& child = m_children[static_cast<std::size_t>(slot)];
    if (child.socket) return {};
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return base::fail_errno("cannot make a socket pair", errno);
    child = Child{};
    child.socket = base::Descriptor(ends[0]);
    const base::Descriptor theirs(ends[1]);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    if (!send_with_descriptor(m_control.get(), Encoder(static_cast<std::uint8_t>(HostOrder::fork)).put(slot).finish(), theirs.get())) {
        child = Child{};
        return host_ended();
    }
    child.quiet_since = monotonic_seconds();
    Encoder open(static_cast<std::uint8_t>(Order::open));
    open.put((m_options.ignore_journal ? open_ignores_journal : 0) | (describe ? open_describes | (m_options.marks ? open_marks : 0) : 0) | (m_options.reduced_sandbox ? open_reduced_sandbox : 0));
    for (const auto& argument : m_options.evidence) open.put(argument);
    TRY(send(slot, open.finish()));
    for (const auto& [name, text] : m_options.rules) TRY(send(slot, Encoder(static_cast<std::uint8_t>(Order::rules)).put(0).put(name).put(text).finish()));
    return {};
}

base::Result<void> Pool::send(int slot, const std::string& frame) {
    auto& child = m_children[static_cast<std::size_t>(slot)];
    child.outgoing += frame;
    flush(child);
    return {};
}

void Pool::flush(Child& child) {
    while (!child.outgoing.empty()) {
        const ssize_t done = ::send(child.socket.get(), child.outgoing.data(), child.outgoing.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (done <= 0) return;  // full: later; closed: its death is reported by the host
        child.outgoing.erase(0, static_cast<std::size_t>(done));
    }
}

base::Result<void> Pool::read_control() {
    std::array<std::byte, 4096> buffer;
    const ssize_t got = ::recv(m_control.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno == ECONNRESET)) return host_ended();
    if (got < 0) return {};
    m_reports.add(base::ByteView(buffer).first(static_cast<std::size_t>(got)));
    for (;;) {
        TRY_ASSIGN(const auto frame, m_reports.next());
        if (!frame) return {};
        TRY_ASSIGN(Message report, Message::decode(*frame));
        const auto slot = report.integer();
        if (slot < 0 || slot >= children()) continue;
        auto& child = m_children[static_cast<std::size_t>(slot)];
        if (report.kind() == static_cast<std::uint8_t>(HostReport::forked)) child.pid = static_cast<pid_t>(report.integer());
        if (report.kind() == static_cast<std::uint8_t>(HostReport::died)) {
            const auto pid = static_cast<pid_t>(report.integer());
            if (child.pid != 0 && child.pid != pid) continue;  // an earlier child of this slot
            child.dead = true;
            child.status = static_cast<int>(report.integer());
        }
    }
}

base::Result<void> Pool::read_child(int slot, const Handler& handler) {
    auto& child = m_children[static_cast<std::size_t>(slot)];
    static thread_local std::vector<std::byte> buffer(256 * 1024);
    const ssize_t got = ::recv(child.socket.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got > 0) {
        child.incoming.add(base::ByteView(buffer).first(static_cast<std::size_t>(got)));
        child.quiet_since = monotonic_seconds();  // what it waited with was ours to take
    }
    for (;;) {
        const auto frame = child.incoming.next();
        auto message = frame && *frame ? Message::decode(**frame) : tl::unexpected(base::Error{});
        if (frame && !*frame) return {};
        if (!frame || !message) {
            // What it sends is not ours: it has been taken over, or memory is broken. It goes, like one that hangs.
            kill(slot);
            return {};
        }
        TRY(handler.message(slot, *message, **frame));
        if (!child.socket) return {};
    }
}

void Pool::kill(int slot) {
    auto& child = m_children[static_cast<std::size_t>(slot)];
    if (child.pid > 0 && !child.dead) {
        child.hung = true;
        ::kill(child.pid, SIGKILL);
    }
}

void Pool::watch(int slot) {
    auto& child = m_children[static_cast<std::size_t>(slot)];
    const auto& shared = m_shared[slot];
    const auto progress = shared.progress.load(std::memory_order_relaxed);
    const bool idle = shared.step.load(std::memory_order_relaxed) == k_step_none && shared.batch.load(std::memory_order_relaxed) == 0;
    const auto now = monotonic_seconds();
    if (idle || m_paused || progress != child.progress) child.quiet_since = now, child.progress = progress;
    else if (now - child.quiet_since > m_options.hang_seconds && child.outgoing.empty()) kill(slot);
}

base::Result<void> Pool::bury(int slot, const Handler& handler) {
    auto& child = m_children[static_cast<std::size_t>(slot)];
    // What it had sent before its end is still in the socket; the batch is done again anyhow.
    const auto& shared = m_shared[slot];
    Death death;
    death.batch = shared.batch.load(), death.inode = shared.inode.load(), death.step = shared.step.load();
    death.hung = child.hung, death.status = child.status;
    death.from_outside = !child.hung && WIFSIGNALED(child.status) && WTERMSIG(child.status) == SIGKILL;
    child = Child{};
    return handler.death(slot, death);
}

base::Result<void> Pool::poll(int milliseconds, const Handler& handler) {
    std::vector<pollfd> events{{m_control.get(), POLLIN, 0}};
    std::vector<int> slots{-1};
    // Time in which nobody took what the children say is not theirs: a viewer asks when somebody scrolls.
    const auto now = monotonic_seconds();
    if (now - std::exchange(m_polled, now) > std::max(1, m_options.hang_seconds / 2))
        for (auto& child : m_children) child.quiet_since = now;
    for (int slot = 0; slot < children(); ++slot) {
        auto& child = m_children[static_cast<std::size_t>(slot)];
        if (!child.socket) continue;
        const bool wants = handler.wants(slot);
        if (!wants) child.quiet_since = monotonic_seconds();  // it may be waiting for us
        watch(slot);
        events.push_back({child.socket.get(), static_cast<short>((wants ? POLLIN : 0) | (child.outgoing.empty() ? 0 : POLLOUT)), 0});
        slots.push_back(slot);
    }
    const int ready = ::poll(events.data(), events.size(), milliseconds);
    if (ready < 0 && errno != EINTR) return base::fail_errno("cannot wait for the worker", errno);
    if (ready <= 0) return {};
    for (std::size_t i = 1; i < events.size(); ++i) {
        auto& child = m_children[static_cast<std::size_t>(slots[i])];
        if ((events[i].revents & POLLOUT) != 0) flush(child);
        if ((events[i].revents & POLLIN) != 0) TRY(read_child(slots[i], handler));
    }
    if (events[0].revents != 0) TRY(read_control());
    for (int slot = 0; slot < children(); ++slot)
        if (m_children[static_cast<std::size_t>(slot)].dead) TRY(bury(slot, handler));
    return {};
}

void Pool::pause(bool paused) {
    m_paused = paused;
    for (const auto& child : m_children)
        if (child.pid > 0) ::kill(child.pid, paused ? SIGSTOP : SIGCONT);
}

std::uint64_t Pool::bytes_read() const {
    std::uint64_t bytes = 0;
    for (int slot = 0; slot < children(); ++slot) bytes += m_shared[slot].bytes.load(std::memory_order_relaxed);
    return bytes;
}

}  // namespace deadbox::ipc
