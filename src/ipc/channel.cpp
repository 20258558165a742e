#include "ipc/channel.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "ipc/frame.hpp"

namespace deadbox::ipc {

base::Result<void> write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t done = ::write(fd, bytes.data(), bytes.size());
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return base::fail_errno("cannot write to the peer", errno);
        bytes.remove_prefix(static_cast<std::size_t>(done));
    }
    return {};
}

base::Result<std::string> read_frame(int fd) {
    const auto read_some = [fd](char* out, std::size_t wanted) -> base::Result<std::size_t> {
        std::size_t done = 0;
        while (done < wanted) {
            const ssize_t got = ::read(fd, out + done, wanted - done);
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return base::fail_errno("cannot read from the peer", errno);
            if (got == 0) break;
            done += static_cast<std::size_t>(got);
        }
        return done;
    };
    std::array<char, 4> head{};
    TRY_ASSIGN(const std::size_t got, read_some(head.data(), head.size()));
    if (got == 0) return base::fail(base::Errc::not_found, "the peer closed the connection");
    const auto length = base::load_le32(base::as_bytes({head.data(), head.size()}), 0);
    if (got < head.size() || length > k_longest) return base::fail(base::Errc::corrupt, "a message is damaged");
    std::string frame(length, '\0');
    TRY_ASSIGN(const std::size_t body, read_some(frame.data(), length));
    if (body < length) return base::fail(base::Errc::truncated, "the peer closed within a message");
    return frame;
}

base::Result<void> send_with_descriptor(int fd, std::string_view frame, int passed) {
    iovec part{const_cast<char*>(frame.data()), frame.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &part, message.msg_iovlen = 1;
    message.msg_control = control.data(), message.msg_controllen = control.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET, header->cmsg_type = SCM_RIGHTS, header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &passed, sizeof(int));
    for (;;) {
        const ssize_t sent = ::sendmsg(fd, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent != static_cast<ssize_t>(frame.size())) return base::fail_errno("cannot reach the worker", errno);
        return {};
    }
}

base::Result<std::pair<std::string, base::Descriptor>> receive_with_descriptor(int fd) {
    std::array<char, 4096> buffer{};
    iovec part{buffer.data(), buffer.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &part, message.msg_iovlen = 1;
    message.msg_control = control.data(), message.msg_controllen = control.size();
    ssize_t got = 0;
    do got = ::recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got < 0) return base::fail_errno("cannot read from the engine", errno);
    if (got < 4) return base::fail(base::Errc::not_found, "the engine closed the connection");
    base::Descriptor passed;
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
            int received = -1;
            std::memcpy(&received, CMSG_DATA(header), sizeof(int));
            passed = base::Descriptor(received);
        }
    }
    return std::pair(std::string(buffer.data() + 4, static_cast<std::size_t>(got) - 4), std::move(passed));
}

}  // namespace deadbox::ipc
