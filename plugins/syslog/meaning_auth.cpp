// PAM modules, sudo, su, login, logind, polkit.
#include "syslog/meaning.hpp"

namespace deadbox::plugins::syslog {
namespace {

// The value behind " key=" in a list like "logname= uid=0 ... rhost=H  user=U"; to the next space. An ruser is the
// remote side's word and comes before rhost and user: the last one of a key counts, but of rhost the one before user.
std::string_view value_of(std::string_view text, std::string_view key, bool last) {
    std::string_view value;
    for (std::size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
        if (at > 0 && text[at - 1] != ' ') continue;
        value = text.substr(at + key.size());
        value = value.substr(0, value.find(' '));
        if (!last) break;
    }
    return value;
}

// "root(uid=0)" -> root, 0.
void take_user(std::string_view text, std::string_view& name, std::string_view& uid) {
    const auto at = text.find("(uid=");
    name = text.substr(0, at);
    if (at == std::string_view::npos) return;
    uid = text.substr(at + 5);
    uid = uid.substr(0, uid.find(')'));
}

bool logs_itself(std::string_view process) {  // daemons that say themselves who failed
    return process.starts_with("sshd") || process == "su" || process == "sudo" || process.starts_with("dovecot") || process == "login";
}

bool pam_failure(std::string_view process, std::string_view service, std::string_view text, std::int64_t count, Meaning& out) {
    out.is(logs_itself(process) ? event::auth_pam_failure() : event::auth_login_failure());
    auto user = value_of(text, "user=", true);
    const auto ruser = value_of(text, "ruser=", false);
    if (user.empty()) user = value_of(text, "logname=", false);
    const auto host = text.find(" rhost=");
    out.event.user = user.empty() && !ruser.starts_with("rhost=") ? ruser : user;
    if (host != std::string_view::npos) out.from(value_of(text.substr(host + 1), "rhost=", false));
    out.text("service", service);
    out.text("tty", value_of(text, "tty=", false));
    if (count > 1) out.add("count", count);
    return true;
}

}  // namespace

bool interpret_pam(std::string_view process, std::string_view message, bool without_prefix, Meaning& out) {
    std::string_view service = process, kind;
    auto text = message;
    if (!without_prefix) {
        Scanner s(message);
        s.eat("(");
        if (!s.eat("pam_")) {
            if (!s.eat("gkr-pam")) return false;
            return false;
        }
        const auto end = s.rest.find_first_of("(:) ");
        if (end == std::string_view::npos) return false;
        const char after = s.rest[end];
        s.rest.remove_prefix(end + 1);
        if (after == '(') {  // pam_unix(sshd:session): ...
            const auto inner = s.until("): ");
            if (!inner) return false;
            const auto colon = inner->rfind(':');
            service = colon == std::string_view::npos ? process : inner->substr(0, colon);
            kind = colon == std::string_view::npos ? *inner : inner->substr(colon + 1);
        } else s.eat(" ");
        text = s.rest;
    }
    Scanner s(text);
    if (s.eat("session opened for user ")) {
        const auto who = s.until(" by ");
        std::string_view name, uid, by, by_uid;
        take_user(who ? *who : s.rest, name, uid);
        if (who) take_user(s.rest, by, by_uid);
        out.is(event::auth_session_opened());
        out.event.user = name;
        out.text("service", service);
        out.text("by", by);
        out.number("by_uid", by_uid);
        return true;
    }
    if (s.eat("session closed for user ")) {
        std::string_view name, uid;
        take_user(s.rest, name, uid);
        out.is(event::auth_session_closed());
        out.event.user = name;
        out.text("service", service);
        return true;
    }
    if (s.eat("authentication failure; ") || s.eat("authentication failure: ")) return pam_failure(process, service, s.rest, 1, out);
    s.eat("PAM ");
    if (s.rest.substr(0, 40).find(" more authentication failure") != std::string_view::npos) {  // [PAM ]2 more authentication failures; logname= ...
        const auto count = s.word();
        if (!s.eat("more authentication failure")) return false;
        const auto end = s.rest.find("; ");
        if (end == std::string_view::npos || count.size() > 3) return false;
        std::int64_t number = 0;
        for (const char c : count) {
            if (c < '0' || c > '9') return false;
            number = number * 10 + (c - '0');
        }
        return pam_failure(process, service, s.rest.substr(end + 2), number, out);
    }
    if (s.eat("password changed for ")) {
        out.is(event::account_password_changed());
        out.event.user = s.rest;
        return true;
    }
    return false;
}

// USER : [REASON ; ]TTY=t ; PWD=d ; USER=u ; [GROUP=g ; ][ENV=e ; ]COMMAND=c
bool interpret_sudo(std::string_view message, Meaning& out) {
    Scanner s(message);
    const auto user = s.until(" : ");
    if (!user || user->empty() || user->find(' ') != std::string_view::npos) return false;
    if (s.rest.starts_with("(command continued)")) return false;
    out.event.user = *user;
    std::string_view reason;
    bool command = false;
    while (!s.rest.empty()) {
        if (s.eat("COMMAND=")) {
            out.text("command", s.rest);
            command = true;
            break;
        }
        const auto part = s.until(" ; ");
        const auto text = part ? *part : s.rest;
        if (!part) s.rest = {};
        const auto equals = text.find('=');
        const auto key = equals == std::string_view::npos ? std::string_view() : text.substr(0, equals);
        if (key == "TTY") out.text("tty", text.substr(4));
        else if (key == "PWD") out.text("folder", text.substr(4));
        else if (key == "USER") out.text("target", text.substr(5));
        else if (key == "GROUP") out.text("group", text.substr(6));
        else if (key == "CHROOT") out.text("chroot", text.substr(7));
        else if (key == "ENV") out.text("environment", text.substr(4));
        else if (key == "TSID") out.text("recording", text.substr(5));
        else if (key.empty() && reason.empty()) reason = text;
    }
    if (!reason.empty()) {
        out.is(event::auth_sudo_refused());
        out.text("reason", reason);
        return true;
    }
    if (!command) return false;
    out.is(event::auth_sudo_command());
    return true;
}

bool interpret_su(std::string_view message, Meaning& out) {
    Scanner s(message);
    const auto parties = [&](const plugin::EventDef& kind, std::string_view who, std::string_view target, std::string_view tty) {
        out.is(kind);
        out.event.user = who;
        out.text("target", target);
        out.text("tty", tty);
        return true;
    };
    const bool failed = s.eat("FAILED SU ");
    if (s.eat("(to ")) {  // util-linux: (to root) bob on pts/0
        const auto target = s.until(") ");
        const auto who = s.until(" on ");
        if (!target) return false;
        return parties(failed ? event::auth_su_failure() : event::auth_su_success(), who ? *who : s.rest, *target, who ? s.rest : std::string_view());
    }
    if (s.eat("Successful su for ") || s.eat("FAILED su for ")) {
        const bool bad = message.starts_with("FAILED");
        const auto target = s.until(" by ");
        if (!target) return false;
        return parties(bad ? event::auth_su_failure() : event::auth_su_success(), s.rest, *target, {});
    }
    if ((message.starts_with("+ ") || message.starts_with("- ")) && message.size() < 200) {  // shadow: + pts/0 bob:root
        s.rest.remove_prefix(2);
        const auto tty = s.word();
        const auto colon = s.rest.find(':');
        if (colon == std::string_view::npos || s.rest.find(' ') != std::string_view::npos) return false;
        return parties(message.front() == '+' ? event::auth_su_success() : event::auth_su_failure(), s.rest.substr(0, colon), s.rest.substr(colon + 1), tty);
    }
    return false;
}

bool interpret_login(std::string_view message, Meaning& out) {
    Scanner s(message);
    if (s.eat("ROOT LOGIN ")) {  // ROOT LOGIN  ON tty2 [FROM h]
        while (s.eat(" ")) {}
        if (!s.eat("ON ") && !s.eat("on ")) return false;
        out.is(event::auth_login_success());
        out.event.user = "root";
        const auto tty = s.quoted();
        out.text("tty", tty ? *tty : s.word());
        while (s.eat(" ")) {}
        if (s.eat("FROM ") || s.eat("from ")) out.from(s.quoted().value_or(s.rest));
        return true;
    }
    if (s.eat("LOGIN ON ")) {  // LOGIN ON tty1 BY bob[ FROM h]
        const auto tty = s.word();
        if (!s.eat("BY ")) return false;
        out.is(event::auth_login_success());
        out.event.user = s.word();
        out.text("tty", tty);
        if (s.eat("FROM ")) out.from(s.rest);
        return true;
    }
    if (s.eat("FAILED LOGIN ")) {  // (1) on '/dev/tty1'[ from 'h'] FOR 'bob', reason | 1 FROM h FOR bob, reason
        std::string_view address, user, reason, tty;
        if (const auto on = s.rest.find(" on '"); on != std::string_view::npos) {
            Scanner t(s.rest.substr(on + 4));
            tty = t.quoted().value_or(std::string_view());
        }
        for (const std::string_view from : {" FROM ", " from "}) {
            if (const auto at = s.rest.find(from); at != std::string_view::npos) {
                Scanner t(s.rest.substr(at + 6));
                const auto quoted = t.quoted();
                address = quoted ? *quoted : t.word();
            }
        }
        const auto at = s.rest.find(" FOR ");
        if (at == std::string_view::npos) return false;
        Scanner t(s.rest.substr(at + 5));
        const auto quoted = t.quoted();
        const auto comma = t.rest.find(", ");
        user = quoted ? *quoted : t.rest.substr(0, comma);
        if (comma != std::string_view::npos) reason = t.rest.substr(comma + 2);
        out.is(event::auth_login_failure());
        out.event.user = user;
        if (address != "(null)") out.from(address);
        out.text("tty", tty);
        out.text("reason", reason);
        return true;
    }
    return false;
}

bool interpret_logind(std::string_view message, Meaning& out) {
    Scanner s(message);
    if (s.eat("New session ")) {  // New session 3 of user bob[ with class ...].
        const auto session = s.until(" of user ");
        if (!session) return false;
        auto user = s.word();
        if (user.ends_with('.')) user.remove_suffix(1);
        if (user.size() > 2 && user.front() == '\'' && user.back() == '\'') user = user.substr(1, user.size() - 2);
        out.is(event::auth_seat_opened());
        out.event.user = user;
        out.text("session", session->starts_with('\'') && session->size() > 2 ? session->substr(1, session->size() - 2) : *session);
        return true;
    }
    if (s.eat("Removed session ")) {
        auto session = s.rest;
        if (session.ends_with('.')) session.remove_suffix(1);
        out.is(event::auth_seat_closed());
        out.text("session", session);
        return true;
    }
    if (message.starts_with("System is rebooting") || message.starts_with("System is powering down") || message.starts_with("System is halting") ||
        message.starts_with("The system will ") || message.starts_with("Power key pressed")) {
        out.is(event::system_shutdown());
        out.text("message", message);
        return true;
    }
    return false;
}

namespace {

// "... [USER=root] [TTY=/dev/pts/0] [CWD=/home/bob] [COMMAND=/bin/bash]"
std::string_view bracket(std::string_view text, std::string_view key) {
    const auto at = text.find(key);
    if (at == std::string_view::npos) return {};
    auto value = text.substr(at + key.size());
    const auto end = key == "[COMMAND=" ? value.rfind(']') : value.find(']');
    return value.substr(0, end);
}

}  // namespace

bool interpret_polkit(std::string_view process, std::string_view message, Meaning& out) {
    if (process == "pkexec") {
        const auto colon = message.find(": ");
        if (colon == std::string_view::npos || message.find("[COMMAND=") == std::string_view::npos) return false;
        const auto what = message.substr(colon + 2);
        out.event.user = message.substr(0, colon);
        out.text("target", bracket(message, "[USER="));
        out.text("command", bracket(message, "[COMMAND="));
        out.text("folder", bracket(message, "[CWD="));
        out.text("tty", bracket(message, "[TTY="));
        if (what.starts_with("Executing command")) out.is(event::auth_pkexec_command());
        else {
            out.is(event::auth_pkexec_refused());
            auto reason = what.substr(0, what.find(" [USER="));
            out.text("reason", reason);
        }
        return true;
    }
    const auto action = [&] {
        const auto at = message.find(" for action ");
        if (at == std::string_view::npos) return std::string_view();
        const auto rest = message.substr(at + 12);
        return rest.substr(0, rest.find(' '));
    };
    const auto who = [&](std::string_view before) {
        const auto at = message.find(before);
        if (at == std::string_view::npos) return std::string_view();
        const auto rest = message.substr(at + before.size());
        return rest.substr(0, rest.find(' '));
    };
    const bool failed = message.find(" FAILED to authenticate ") != std::string_view::npos;
    if (!failed && message.find(" successfully authenticated as ") == std::string_view::npos) return false;
    out.is(failed ? event::auth_polkit_failure() : event::auth_polkit_granted());
    out.event.user = who("unix-user:");
    out.text("action", action());
    return true;
}

}  // namespace deadbox::plugins::syslog
