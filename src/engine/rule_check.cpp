#include "engine/rule_check.hpp"

#include <optional>

#include "ipc/pool.hpp"

namespace deadbox::engine {
namespace {

// One worker, which is replaced where a text ends it.
class RuleChecker {
public:
    explicit RuleChecker(ipc::Pool& pool) : m_pool(pool) {
        m_handler.message = [this](int, ipc::Message& m, base::ByteView) -> base::Result<void> {
            if (m.kind() == static_cast<std::uint8_t>(ipc::Reply::opened)) {
                const bool ok = m.integer() != 0;
                if (!ok) return base::fail(base::Errc::denied, std::string(m.text()));
            } else if (m.kind() == static_cast<std::uint8_t>(ipc::Reply::rules)) {
                m.text();
                m_answer.rules = m.natural();
                m_answer.error = m.text();
                m_done = true;
            }
            return {};
        };
        m_handler.death = [this](int, const ipc::Death& death) -> base::Result<void> {
            m_answer.error = death.hung ? "compiling them did not come to an end" : "compiling them ended the worker";
            m_answer.error = m_answer.file + ": " + m_answer.error;
            m_done = true;
            return {};
        };
        m_handler.wants = [](int) { return true; };
    }

    base::Result<CheckedRules> check(const std::string& file, const std::string& text) {
        m_answer = {file, {}, 0};
        m_done = false;
        TRY(m_pool.ensure(0));
        TRY(m_pool.send(0, ipc::Encoder(static_cast<std::uint8_t>(ipc::Order::rules)).put(1).put(file).put(text).finish()));
        while (!m_done) TRY(m_pool.poll(100, m_handler));
        return m_answer;
    }

private:
    ipc::Pool& m_pool;
    ipc::Pool::Handler m_handler;
    CheckedRules m_answer;
    bool m_done = false;
};

}  // namespace

base::Result<std::vector<CheckedRules>> check_rules(const std::vector<std::pair<std::string, std::string>>& files, bool reduced_sandbox, int hang_seconds) {
    std::vector<CheckedRules> all;
    if (files.empty()) return all;
    ipc::PoolOptions options;
    options.reduced_sandbox = reduced_sandbox, options.hang_seconds = hang_seconds;
    TRY_ASSIGN(const auto pool, ipc::Pool::start(options, 1));
    RuleChecker checker(*pool);
    for (const auto& [file, text] : files) {
        TRY_ASSIGN(auto checked, checker.check(file, text));
        all.push_back(std::move(checked));
    }
    return all;
}

}  // namespace deadbox::engine
