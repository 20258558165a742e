// What a child sends to the engine, gathered into large writes.
#pragma once

#include <cstdlib>
#include <string>

#include "ipc/channel.hpp"
#include "ipc/frame.hpp"
#include "ipc/protocol.hpp"

namespace deadbox::worker {

class Outbox {
public:
    explicit Outbox(int fd) : m_fd(fd) {}
    void send(ipc::Encoder& message) {
        m_pending += message.finish();
        if (m_pending.size() >= 64 * 1024) flush();
    }
    // An engine that is gone ends the child: there is nobody left to work for.
    void flush() {
        if (!m_pending.empty() && !ipc::write_all(m_fd, m_pending)) std::_Exit(0);
        m_pending.clear();
    }

private:
    int m_fd;
    std::string m_pending;
};

inline ipc::Encoder reply(ipc::Reply kind) { return ipc::Encoder(static_cast<std::uint8_t>(kind)); }

}  // namespace deadbox::worker
