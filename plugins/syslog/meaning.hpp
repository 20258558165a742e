// What a daemon's message says, as a typed event. One function a family of daemons; none of them trusts a word.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plugin/sink.hpp"
#include "syslog/line.hpp"
#include "syslog/syslog_topic.hpp"

namespace deadbox::plugins::syslog {

// Takes a message apart from its front. All views are into the message.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest(text) {}
    bool eat(std::string_view literal) {
        if (!rest.starts_with(literal)) return false;
        rest.remove_prefix(literal.size());
        return true;
    }
    // Up to `literal`, which is passed; nothing is taken when it is not there.
    std::optional<std::string_view> until(std::string_view literal) {
        const auto at = rest.find(literal);
        if (at == std::string_view::npos) return std::nullopt;
        const auto taken = rest.substr(0, at);
        rest.remove_prefix(at + literal.size());
        return taken;
    }
    // Up to the next space or the end; the space is passed.
    std::string_view word() {
        const auto taken = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(taken.size() + 1, rest.size()));
        return taken;
    }
    // 'text' or `text' or "text".
    std::optional<std::string_view> quoted() {
        if (rest.empty() || (rest.front() != '\'' && rest.front() != '`' && rest.front() != '"')) return std::nullopt;
        const char end = rest.front() == '`' ? '\'' : rest.front();
        const auto at = rest.find(end, 1);
        if (at == std::string_view::npos) return std::nullopt;
        const auto taken = rest.substr(1, at - 1);
        rest.remove_prefix(at + 1);
        return taken;
    }
    std::string_view rest;
};

// The event being made; reused from line to line.
struct Meaning {
    plugin::Event event;
    std::string scratch;  // a text that is not in the line as it is meant
    void reset() {
        event.kind = nullptr;
        event.user = event.address = {};
        event.attributes.clear();
    }
    void is(const plugin::EventDef& kind) { event.kind = &kind; }
    void add(std::string_view name, plugin::Value value) { event.attributes.emplace_back(name, value); }
    // Leaves out what is empty.
    void text(std::string_view name, std::string_view value) {
        if (!value.empty()) add(name, value);
    }
    void number(std::string_view name, std::string_view digits);
    // An address as it is compared: without ::ffff: before an IPv4 one, without brackets.
    void from(std::string_view address);
};

// Sets the event's kind, user, address and attributes; syslog.message with the text where nothing more is known.
void interpret(const Line& line, Meaning& out);

// The families: true when the message was understood.
bool interpret_sshd(std::string_view message, Meaning& out);
bool interpret_pam(std::string_view process, std::string_view message, bool without_prefix, Meaning& out);
bool interpret_sudo(std::string_view message, Meaning& out);
bool interpret_su(std::string_view message, Meaning& out);
bool interpret_login(std::string_view message, Meaning& out);
bool interpret_logind(std::string_view message, Meaning& out);
bool interpret_polkit(std::string_view process, std::string_view message, Meaning& out);
bool interpret_dropbear(std::string_view message, Meaning& out);
bool interpret_shadow(std::string_view message, Meaning& out);  // useradd, usermod, userdel, group*, gpasswd, passwd, chage ...
bool interpret_cron(std::string_view message, Meaning& out);
bool interpret_kernel(std::string_view message, Meaning& out);
bool interpret_systemd(std::string_view message, Meaning& out);
bool interpret_mail(std::string_view process, std::string_view message, Meaning& out);  // postfix, sendmail
bool interpret_dovecot(std::string_view message, Meaning& out);
bool interpret_ftp(std::string_view process, std::string_view message, Meaning& out);  // vsftpd, proftpd, pure-ftpd
bool interpret_transfer_log(std::string_view process, std::string_view message, Meaning& out);  // xferlog and its like (transfer_line.hpp)
bool interpret_rsyncd(std::string_view message, Meaning& out);
bool interpret_sftp(std::string_view message, Meaning& out);  // sftp-server, internal-sftp

}  // namespace deadbox::plugins::syslog
