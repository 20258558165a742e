#include "cli/tool.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "base/descriptor.hpp"

namespace deadbox::cli {
namespace {

constexpr int k_not_there = 127;

bool put(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t done = ::write(file, text.data(), text.size());
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(done));
    }
    return ::lseek(file, 0, SEEK_SET) == 0;
}

}  // namespace

base::Result<std::string> run_tool(const std::vector<std::string>& command, const std::string& input) {
    std::vector<char*> arguments;
    for (const auto& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    // Files in memory in place of pipes: neither side can wait for the other.
    const base::Descriptor in(::memfd_create("in", MFD_CLOEXEC)), out(::memfd_create("out", MFD_CLOEXEC));
    if (!in || !out || !put(in.get(), input)) return base::fail_errno("cannot start " + command.front(), errno);
    const pid_t pid = ::fork();
    if (pid < 0) return base::fail_errno("cannot start " + command.front(), errno);
    if (pid == 0) {
        ::dup2(in.get(), 0);
        ::dup2(out.get(), 1);
        ::dup2(::open("/dev/null", O_WRONLY), 2);
        ::setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
        ::setenv("LC_ALL", "C", 1);
        ::execvp(arguments[0], arguments.data());
        ::_exit(k_not_there);
    }
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    if (WIFEXITED(status) && WEXITSTATUS(status) == k_not_there) return base::fail(base::Errc::not_found, command.front() + " is not installed");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return base::fail(base::Errc::usage, command.front() + " failed");
    std::string text(static_cast<std::size_t>(std::max<off_t>(::lseek(out.get(), 0, SEEK_END), 0)), '\0');
    if (::pread(out.get(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) return base::fail_errno("cannot read what " + command.front() + " says", errno);
    return text;
}

}  // namespace deadbox::cli
