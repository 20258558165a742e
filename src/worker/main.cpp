// deadbox-worker: the host. It loads rules and parsers once, then forks a locked-down child whenever the engine asks; it
// never looks at evidence itself. Started by deadbox only: descriptor 3 is the control socket, 4 the shared page.
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <map>

#include "base/resources.hpp"
#include "ipc/channel.hpp"
#include "ipc/frame.hpp"
#include "ipc/protocol.hpp"
#include "sandbox/lockdown.hpp"
#include "worker/child.hpp"

using namespace deadbox;

namespace {

constexpr int k_behind = 4;  // of nice()

ipc::Encoder report(ipc::HostReport kind) { return ipc::Encoder(static_cast<std::uint8_t>(kind)); }
void tell(ipc::Encoder& message) {
    if (!ipc::write_all(ipc::k_control_fd, message.finish())) std::_Exit(0);
}

// An image of a thousand segments is a thousand open files.
void allow_many_files() {
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

void die_with_parent() {
    const auto parent = getppid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) std::_Exit(0);
}

}  // namespace

int main() {
    auto* shared = static_cast<ipc::Slot*>(mmap(nullptr, sizeof(ipc::Slot) * ipc::k_slots, PROT_READ | PROT_WRITE, MAP_SHARED, ipc::k_shared_fd, 0));
    if (shared == MAP_FAILED) {
        std::fputs("deadbox-worker is started by deadbox; run `deadbox --help`\n", stderr);
        return 2;
    }
    die_with_parent();
    allow_many_files();
    ::signal(SIGINT, SIG_IGN);   // Ctrl-C on the terminal is the engine's to answer
    ::signal(SIGPIPE, SIG_IGN);
    // Who works on what was read, and who looks at it, goes first: children have enough to do at any time.
    if (errno = 0; ::nice(k_behind) == -1 && errno != 0) std::perror("deadbox-worker: nice");
    const auto resources = base::resources_folder();
    auto reader = resources ? worker::FileReader::make(*resources) : tl::unexpected(resources.error());
    if (!reader) {
        tell(report(ipc::HostReport::failed).put(reader.error().what));
        return 1;
    }
    sigset_t child_signal;
    sigemptyset(&child_signal);
    sigaddset(&child_signal, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child_signal, nullptr);
    const base::Descriptor signals(signalfd(-1, &child_signal, SFD_CLOEXEC | SFD_NONBLOCK));
    const auto offered = sandbox::available();
    tell(report(ipc::HostReport::ready).put(offered.landlock).put(offered.seccomp));

    std::map<pid_t, std::int64_t> slots;
    for (;;) {
        pollfd events[] = {{ipc::k_control_fd, POLLIN, 0}, {signals.get(), POLLIN, 0}};
        if (::poll(events, 2, -1) < 0) continue;
        if (events[1].revents != 0) {
            signalfd_siginfo information{};
            while (::read(signals.get(), &information, sizeof information) > 0) {}
            int status = 0;
            for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
                tell(report(ipc::HostReport::died).put(slots[pid]).put(pid).put(status));
                slots.erase(pid);
            }
        }
        if (events[0].revents == 0) continue;
        auto order = ipc::receive_with_descriptor(ipc::k_control_fd);
        if (!order) return 0;
        auto message = ipc::Message::decode(base::as_bytes(order->first));
        if (!message || message->kind() != static_cast<std::uint8_t>(ipc::HostOrder::fork)) return 0;
        const auto slot = message->integer();
        if (slot < 0 || slot >= ipc::k_slots || !order->second) continue;
        std::fflush(nullptr);
        const pid_t pid = ::fork();
        if (pid == 0) {
            die_with_parent();
            ::close(ipc::k_control_fd);
            sigprocmask(SIG_UNBLOCK, &child_signal, nullptr);
            auto& own = shared[slot];
            own.batch = 0, own.inode = 0, own.step = 0;
            worker::run_child(std::move(order->second), own, **reader);
        }
        slots[pid] = slot;
        tell(report(ipc::HostReport::forked).put(slot).put(pid));
    }
}
