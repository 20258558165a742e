// Mail and FTP servers: postfix, sendmail, dovecot; vsftpd, proftpd, pure-ftpd.
#include "syslog/meaning.hpp"

namespace deadbox::plugins::syslog {
namespace {

// key=<value>, or key=value, up to a comma.
std::string_view field(std::string_view text, std::string_view key) {
    for (auto at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
        if (at > 0 && text[at - 1] != ' ') continue;
        auto value = text.substr(at + key.size());
        if (value.starts_with('<')) return value.substr(1, std::min(value.find('>'), value.size()) - 1);
        return value.substr(0, value.find(','));
    }
    return {};
}

// name[1.2.3.4][:25] -> 1.2.3.4
std::string_view in_brackets(std::string_view text) {
    const auto begin = text.find('['), end = text.find(']', begin == std::string_view::npos ? 0 : begin);
    if (begin == std::string_view::npos || end == std::string_view::npos) return {};
    return text.substr(begin + 1, end - begin - 1);
}

bool is_queue_id(std::string_view text) {
    if (text.size() < 6 || text.size() > 20) return false;
    for (const char c : text)
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))) return false;
    return true;
}

bool delivery(std::string_view text, std::string_view status, Meaning& out) {
    const auto kind = [&]() -> const plugin::EventDef* {
        if (status.starts_with("sent") || status.starts_with("Sent")) return &event::mail_sent();
        if (status.starts_with("deferred") || status.starts_with("Deferred")) return &event::mail_deferred();
        if (status.starts_with("bounced") || status.starts_with("User unknown") || status.starts_with("Service unavailable") || status.starts_with("expired")) return &event::mail_bounced();
        return nullptr;
    }();
    if (kind == nullptr) return false;
    out.is(*kind);
    out.text("recipient", field(text, "to="));
    out.text("relay", field(text, "relay="));
    if (const auto begin = status.find('('); begin != std::string_view::npos && kind != &event::mail_sent()) out.text("reason", status.substr(begin));
    return true;
}

}  // namespace

bool interpret_mail(std::string_view process, std::string_view message, Meaning& out) {
    Scanner s(message);
    if (s.eat("warning: ")) {  // warning: unknown[1.2.3.4]: SASL LOGIN authentication failed: reason[, sasl_username=u]
        const auto at = s.rest.find(": SASL ");
        if (at == std::string_view::npos || s.rest.find(" authentication failed", at) == std::string_view::npos) return false;
        out.is(event::auth_login_failure());
        out.from(in_brackets(s.rest.substr(0, at)));
        out.event.user = field(s.rest, "sasl_username=");
        out.add("method", std::string_view("sasl"));
        return true;
    }
    const auto reject = message.find(": reject: ");
    if (reject != std::string_view::npos && reject < 24) {
        s.rest = message.substr(reject + 10);
        const auto from = s.rest.find(" from ");
        if (from == std::string_view::npos) return false;
        out.is(event::mail_rejected());
        out.from(in_brackets(s.rest.substr(from)));
        const auto why = s.rest.find(": ", from);
        if (why != std::string_view::npos) out.text("reason", s.rest.substr(why + 2, s.rest.find(';', why) - why - 2));
        out.text("sender", field(s.rest, "from="));
        out.text("recipient", field(s.rest, "to="));
        return true;
    }
    const auto queue_id = s.until(": ");
    if (queue_id && s.eat("AUTH failure (")) {  // sendmail: AUTH failure (LOGIN): ..., relay=host [1.2.3.4]
        out.is(event::auth_login_failure());
        out.add("method", std::string_view("sasl"));
        const auto relay = s.rest.rfind("relay=");
        if (relay != std::string_view::npos) out.from(in_brackets(s.rest.substr(relay)));
        return true;
    }
    if (!queue_id || !is_queue_id(*queue_id)) return false;
    bool known = false;
    if (const auto status = field(s.rest, "status="); !status.empty()) known = delivery(s.rest, s.rest.substr(s.rest.find(" status=") + 8), out);
    else if (const auto stat = field(s.rest, "stat="); !stat.empty()) known = delivery(s.rest, s.rest.substr(s.rest.find(" stat=") + 6), out);
    else if (s.rest.starts_with("client=")) {
        out.is(event::mail_received());
        out.from(in_brackets(s.rest));
        out.event.user = field(s.rest, "sasl_username=");
        out.text("method", field(s.rest, "sasl_method="));
        known = true;
    } else if (s.rest.starts_with("uid=")) {  // pickup: uid=33 from=<www-data>
        out.is(event::mail_submitted());
        Scanner t(s.rest.substr(4));
        out.number("uid", t.word());
        if (t.eat("from=<")) out.text("sender", t.until(">").value_or(std::string_view()));
        known = true;
    } else if (s.rest.starts_with("from=")) {
        const bool postfix = process.starts_with("postfix");
        if (postfix && s.rest.find("nrcpt=") == std::string_view::npos) return false;
        out.is(event::mail_queued());
        out.text("sender", field(s.rest, "from="));
        auto size = field(s.rest, "size=");
        out.number("size", size);
        auto recipients = field(s.rest, "nrcpt=");
        if (recipients.empty()) recipients = field(s.rest, "nrcpts=");
        out.number("recipients", recipients.substr(0, recipients.find(' ')));
        if (!postfix) out.from(in_brackets(field(s.rest, "relay=")));
        known = true;
    }
    if (known) out.text("queue_id", *queue_id);
    return known;
}

// imap-login: [Info: ]Login: user=<u>, method=PLAIN, rip=a, ... | ...: Disconnected (auth failed, 2 attempts...): user=<u>, ... rip=a
bool interpret_dovecot(std::string_view message, Meaning& out) {
    const auto login = message.find("-login: ");
    const auto info = message.starts_with("Info: ") ? message.substr(6) : message;  // dovecot's own log: the daemon is the process
    const bool own = info.starts_with("Login: ") || info.starts_with("Aborted login") || info.starts_with("Disconnected") || info.starts_with("Login aborted");
    if (login != std::string_view::npos || own) {
        auto text = own ? info : message.substr(login + 8);
        if (text.starts_with("Info: ")) text.remove_prefix(6);
        const auto service = own ? std::string_view() : message.substr(0, login);
        if (text.starts_with("Login: ")) out.is(event::auth_login_success());
        else if (const auto failed = text.find("(auth failed, "); failed != std::string_view::npos) {
            out.is(event::auth_login_failure());
            Scanner count(text.substr(failed + 14));
            out.number("count", count.word());
        } else if (text.find("proxy dest auth failed") != std::string_view::npos) out.is(event::auth_login_failure());
        else {
            out.from(field(text, "rip="));
            return false;
        }
        out.event.user = field(text, "user=");
        out.from(field(text, "rip="));
        out.text("method", field(text, "method="));
        out.text("service", service.substr(service.rfind(' ') == std::string_view::npos ? 0 : service.rfind(' ') + 1));
        return true;
    }
    // auth: passwd-file(bob,1.2.3.4[,<session>]): unknown user | Password mismatch | pam_authenticate() failed: ...
    for (const std::string_view why : {"): unknown user", "): Password mismatch", "): pam_authenticate() failed", "): invalid credentials"}) {
        const auto end = message.find(why);
        if (end == std::string_view::npos) continue;
        const auto begin = message.rfind('(', end);
        if (begin == std::string_view::npos) return false;
        const auto inner = message.substr(begin + 1, end - begin - 1);
        const auto comma = inner.find(',');
        if (comma == std::string_view::npos) return false;
        const auto address = inner.substr(comma + 1);
        out.is(event::auth_pam_failure());
        out.event.user = inner.substr(0, comma);
        out.from(address.substr(0, address.find(',')));
        out.add("service", std::string_view("dovecot"));
        out.text("reason", why.substr(3));
        return true;
    }
    return false;
}

namespace {

bool vsftpd(std::string_view message, Meaning& out) {  // [bob] OK LOGIN: Client "1.2.3.4"[, "/path", 12 bytes, ...]
    Scanner s(message);
    if (!s.eat("[")) return false;
    const auto user = s.until("] ");
    if (!user) return false;
    const bool good = s.rest.starts_with("OK ");
    const auto colon = s.rest.find(": Client ");
    if (colon == std::string_view::npos || (!good && !s.rest.starts_with("FAIL "))) return false;
    const auto what = s.rest.substr(good ? 3 : 5, colon - (good ? 3 : 5));
    Scanner t(s.rest.substr(colon + 9));
    if (what == "LOGIN") out.is(good ? event::auth_login_success() : event::auth_login_failure());
    else if (what == "UPLOAD") out.is(event::file_upload());
    else if (what == "DOWNLOAD") out.is(event::file_download());
    else if (good && what == "DELETE") out.is(event::file_delete());
    else return false;
    out.event.user = *user;
    out.from(t.quoted().value_or(std::string_view()));
    if (what == "LOGIN" || !t.eat(", ")) return true;
    out.text("file", t.quoted().value_or(std::string_view()));
    const auto bytes = t.eat(", ") && t.rest.find(" bytes") != std::string_view::npos ? t.word() : std::string_view();
    if (!good && (bytes.empty() || bytes == "0")) {  // refused, or broken off before anything went
        out.event.kind = nullptr;
        return false;
    }
    out.number("bytes", bytes);
    if (what != "DELETE") out.add("service", std::string_view("ftp"));
    if (!good) out.add("incomplete", std::int64_t{1});
    return true;
}

bool proftpd(std::string_view message, Meaning& out) {  // host (client[1.2.3.4])[:| -] USER bob: Login successful.
    const auto open = message.find('(');
    const auto close = message.find("]) ", open == std::string_view::npos ? 0 : open);
    const auto close_colon = message.find("]): ", open == std::string_view::npos ? 0 : open);
    const auto end = std::min(close, close_colon);
    if (open == std::string_view::npos || end == std::string_view::npos) return false;
    const auto address = in_brackets(message.substr(open, end + 1 - open));
    Scanner s(message.substr(end + 2));
    s.eat(":");
    s.eat(" - ") || s.eat(" ");
    const bool violation = s.rest.starts_with("SECURITY VIOLATION: ");
    if (violation) {
        out.is(event::auth_login_failure());
        out.event.user = "root";
        out.from(address);
        out.add("reason", std::string_view("root may not log in"));
        return true;
    }
    if (!s.eat("USER ")) return false;
    for (const std::string_view result : {": Login successful", " (Login failed)", ": no such user found"}) {
        const auto at = s.rest.find(result);
        if (at == std::string_view::npos) continue;
        out.is(result.starts_with(": Login") ? event::auth_login_success() : event::auth_login_failure());
        out.event.user = s.rest.substr(0, at);
        out.from(address);
        if (result.starts_with(": no")) out.add("reason", std::string_view("no such user"));
        return true;
    }
    return false;
}

bool pure_ftpd(std::string_view message, Meaning& out) {  // (bob@1.2.3.4) [LEVEL] text
    Scanner s(message);
    if (!s.eat("(")) return false;
    const auto who = s.until(") [");
    if (!who || !s.until("] ")) return false;
    const auto at = who->rfind('@');
    if (at == std::string_view::npos) return false;
    out.from(who->substr(at + 1));
    out.event.user = who->substr(0, at) == "?" ? std::string_view() : who->substr(0, at);
    if (s.eat("Authentication failed for user [")) {
        out.is(event::auth_login_failure());
        out.event.user = s.rest.substr(0, s.rest.rfind(']'));
        return true;
    }
    if (const auto logged = s.rest.find(" is now logged in"); logged != std::string_view::npos) {
        out.is(event::auth_login_success());
        out.event.user = s.rest.substr(0, logged);
        return true;
    }
    for (const bool up : {true, false}) {
        const auto end = s.rest.find(up ? " uploaded " : " downloaded ");
        if (end == std::string_view::npos) continue;
        out.is(up ? event::file_upload() : event::file_download());
        out.text("file", s.rest.substr(0, end));
        if (const auto bytes = s.rest.find('(', end); bytes != std::string_view::npos) {
            Scanner t(s.rest.substr(bytes + 1));
            out.number("bytes", t.word());
        }
        out.add("service", std::string_view("ftp"));
        return true;
    }
    if (s.eat("Deleted ")) {
        out.is(event::file_delete());
        out.text("file", s.rest);
        return true;
    }
    return false;
}

}  // namespace

bool interpret_ftp(std::string_view process, std::string_view message, Meaning& out) {
    if (process == "vsftpd") return vsftpd(message, out);
    if (process == "proftpd") return proftpd(message, out);
    return pure_ftpd(message, out);
}

}  // namespace deadbox::plugins::syslog
