#include "syslog/meaning.hpp"

#include <charconv>

namespace deadbox::plugins::syslog {
namespace {

using Handler = bool (*)(std::string_view process, std::string_view message, Meaning& out);

bool sshd(std::string_view, std::string_view message, Meaning& out) { return interpret_sshd(message, out); }
bool sudo(std::string_view, std::string_view message, Meaning& out) { return interpret_sudo(message, out); }
bool su(std::string_view, std::string_view message, Meaning& out) { return interpret_su(message, out); }
bool login(std::string_view, std::string_view message, Meaning& out) { return interpret_login(message, out); }
bool logind(std::string_view, std::string_view message, Meaning& out) { return interpret_logind(message, out); }
bool dropbear(std::string_view, std::string_view message, Meaning& out) { return interpret_dropbear(message, out); }
bool shadow(std::string_view, std::string_view message, Meaning& out) { return interpret_shadow(message, out); }
bool cron(std::string_view, std::string_view message, Meaning& out) { return interpret_cron(message, out); }
bool kernel(std::string_view, std::string_view message, Meaning& out) { return interpret_kernel(message, out); }
bool systemd(std::string_view, std::string_view message, Meaning& out) { return interpret_systemd(message, out); }
bool dovecot(std::string_view, std::string_view message, Meaning& out) { return interpret_dovecot(message, out); }
bool rsyncd(std::string_view, std::string_view message, Meaning& out) { return interpret_rsyncd(message, out); }
bool sftp(std::string_view, std::string_view message, Meaning& out) { return interpret_sftp(message, out); }

struct Daemon {
    std::string_view name;
    Handler handler;
};
// By the process's name; a name that ends in '*' stands for all that begin so.
constexpr Daemon k_daemons[] = {
    {"sshd", sshd}, {"sshd-session", sshd}, {"sshd-auth", sshd}, {"dropbear", dropbear},
    {"sudo", sudo}, {"su", su}, {"login", login}, {"agetty", login}, {"systemd-logind", logind}, {"elogind", logind},
    {"polkitd", interpret_polkit}, {"pkexec", interpret_polkit}, {"polkit-agent-helper-1", interpret_polkit},
    {"useradd", shadow}, {"usermod", shadow}, {"userdel", shadow}, {"groupadd", shadow}, {"groupmod", shadow},
    {"groupdel", shadow}, {"gpasswd", shadow}, {"passwd", shadow}, {"chpasswd", shadow}, {"newusers", shadow},
    {"chage", shadow}, {"chfn", shadow}, {"chsh", shadow}, {"adduser", shadow}, {"groupmems", shadow}, {"vipw", shadow},
    {"CRON", cron}, {"cron", cron}, {"CROND", cron}, {"crond", cron}, {"crontab", cron}, {"anacron", cron}, {"atd", cron},
    {"kernel", kernel}, {"systemd", systemd},
    {"postfix*", interpret_mail}, {"sendmail", interpret_mail}, {"sm-mta", interpret_mail}, {"sm-msp-queue", interpret_mail}, {"sm-acceptingconnections", interpret_mail},
    {"dovecot*", dovecot}, {"imap-login", dovecot}, {"pop3-login", dovecot}, {"managesieve-login", dovecot}, {"auth-worker*", dovecot}, {"vsftpd", interpret_ftp}, {"proftpd", interpret_ftp}, {"pure-ftpd", interpret_ftp},
    {"xferlog", interpret_transfer_log}, {"transferlog", interpret_transfer_log}, {"rsyncd", rsyncd}, {"sftp-server", sftp}, {"internal-sftp", sftp},
};

Handler handler_of(std::string_view process) {
    for (const auto& daemon : k_daemons) {
        if (daemon.name.back() == '*' ? process.starts_with(daemon.name.substr(0, daemon.name.size() - 1)) : process == daemon.name)
            return daemon.handler;
    }
    return nullptr;
}

}  // namespace

void Meaning::number(std::string_view name, std::string_view digits) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error == std::errc() && end == digits.data() + digits.size()) add(name, value);
}

void Meaning::from(std::string_view address) {
    if (address.size() > 2 && address.front() == '[' && address.back() == ']') address = address.substr(1, address.size() - 2);
    if (address.starts_with("::ffff:") && address.find('.') != std::string_view::npos) address.remove_prefix(7);
    event.address = address;
}

void interpret(const Line& line, Meaning& out) {
    out.reset();
    out.event.process = line.process;
    const auto understood = [&] {
        if (line.from_pam && interpret_pam(line.process, line.message, true, out)) return true;
        if (line.message.find("pam_") != std::string_view::npos && interpret_pam(line.process, line.message, false, out)) return true;
        if ((line.message.starts_with("PAM ") || line.message.starts_with("authentication failure; ")) && interpret_pam(line.process, line.message, true, out)) return true;
        const auto handler = handler_of(line.process);
        return handler != nullptr && handler(line.process, line.message, out);
    }();
    if (!understood) {
        const auto address = out.event.address;  // a family may know whom a message is about without having a kind for it
        out.reset();
        out.event.address = address;
        out.is(event::syslog_message());
        out.text("message", line.message);
    }
    // A scheduler's process ids say nothing, and would make every one of a million equal lines a text of its own.
    if (line.pid && line.process != "CRON" && line.process != "CROND") out.add("pid", *line.pid);
}

}  // namespace deadbox::plugins::syslog
