// sshd's messages (auth.c, sshd.c, packet.c of OpenSSH 3 to 10) and dropbear's. User names are an attacker's choice
// and may hold any words: where the form leaves two readings, the one is taken that the daemon can have written.
#include "syslog/meaning.hpp"

namespace deadbox::plugins::syslog {
namespace {

bool all_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

struct Peer {
    std::string_view user, address, port, extra;
    bool found = false;
};

// USER " from " ADDRESS [" port " N] [" ssh2" [":" extra]].
Peer take_peer(std::string_view text) {
    Peer last;
    for (auto at = text.find(" from "); at != std::string_view::npos; at = text.find(" from ", at + 1)) {
        Scanner s(text.substr(at + 6));
        Peer peer{text.substr(0, at), s.word(), {}, {}, true};
        if (peer.address.ends_with(':')) peer.address.remove_suffix(1);
        if (s.eat("port ")) peer.port = s.word();
        if (peer.port.ends_with(':')) peer.port.remove_suffix(1);
        if (s.rest.starts_with(' ')) s.rest.remove_prefix(1);
        if (s.eat("ssh")) s.rest.remove_prefix(s.rest.empty() ? 0 : 1);
        const bool ends = s.rest.empty() || s.rest.starts_with("[preauth]");
        const bool goes_on = s.rest.starts_with(": ");
        if (s.rest.starts_with(": ")) peer.extra = s.rest.substr(2);
        last = peer;
        if (ends || (goes_on && peer.user.find(' ') == std::string_view::npos)) break;
    }
    return last;
}

std::string_view strip_prefix_user(std::string_view user, bool& invalid) {
    for (const std::string_view prefix : {"invalid user ", "illegal user "}) {
        if (!user.starts_with(prefix)) continue;
        invalid = true;
        return user.substr(prefix.size());
    }
    return user;
}

// METHOD for [invalid user ]USER from ...
bool attempt(std::string_view text, const plugin::EventDef& kind, Meaning& out) {
    Scanner s(text);
    const auto method = s.until(" for ");
    if (!method || method->size() > 40 || method->find(' ') != std::string_view::npos) return false;
    bool invalid = false;
    const auto user_and_more = strip_prefix_user(s.rest, invalid);
    const auto peer = take_peer(user_and_more);
    if (!peer.found) return false;
    out.is(kind);
    out.event.user = peer.user;
    out.from(peer.address);
    out.text("method", *method);
    out.number("port", peer.port);
    if (invalid) out.add("invalid", std::int64_t{1});
    if (!peer.extra.empty() && (*method == "publickey" || *method == "hostbased")) {
        Scanner key(peer.extra);
        out.text("key_type", key.word());
        auto fingerprint = key.word();
        if (fingerprint.ends_with(',')) fingerprint.remove_suffix(1);
        out.text("fingerprint", fingerprint);
        if (key.eat("ID ")) out.text("certificate", key.rest);
    } else {
        out.text("principal", peer.extra);
    }
    return true;
}

// [authenticating user U |invalid user U |user U ]ADDRESS[ port N][:reason][ [preauth]]
bool closing(std::string_view text, std::string_view reason, Meaning& out) {
    if (text.ends_with(" [preauth]")) text.remove_suffix(10);
    std::string_view user;
    bool invalid = false, named = false;
    for (const std::string_view prefix : {"authenticating user ", "invalid user ", "user "}) {
        if (!text.starts_with(prefix)) continue;
        text.remove_prefix(prefix.size());
        invalid = prefix.starts_with("invalid");
        named = true;
        break;
    }
    std::string_view port;
    if (const auto at = text.rfind(" port "); at != std::string_view::npos) {
        port = text.substr(at + 6);
        text = text.substr(0, at);
        const auto end = port.find(':');
        if (end != std::string_view::npos) {
            reason = port.substr(end + 1);
            port = port.substr(0, end);
            while (reason.starts_with(' ')) reason.remove_prefix(1);
        }
    } else if (const auto colon = text.find(": "); colon != std::string_view::npos && !named) {
        reason = text.substr(colon + 2);
        text = text.substr(0, colon);
    }
    if (named) {
        const auto space = text.rfind(' ');
        if (space == std::string_view::npos) return false;
        user = text.substr(0, space);
        text.remove_prefix(space + 1);
    }
    if (text.empty() || text.find(' ') != std::string_view::npos) return false;
    out.is(event::ssh_connection_closed());
    out.event.user = user;
    out.from(text);
    out.number("port", port);
    if (invalid) out.add("invalid", std::int64_t{1});
    out.text("reason", reason);
    return true;
}

bool probe(std::string_view address_and_more, std::string_view reason, Meaning& out) {
    Scanner s(address_and_more);
    auto address = s.word();
    if (s.eat("port ")) {
        auto port = s.word();
        const auto end = port.find(':');
        out.number("port", port.substr(0, end));
    }
    while (address.ends_with(':') || address.ends_with(',')) address.remove_suffix(1);
    if (address.empty()) return false;
    out.is(event::ssh_probe());
    out.from(address);
    out.text("reason", reason);
    return true;
}

bool refused(std::string_view user, std::string_view address, std::string_view reason, Meaning& out) {
    out.is(event::auth_login_failure());
    out.event.user = user;
    out.from(address);
    out.add("method", std::string_view("refused"));
    out.text("reason", reason);
    return true;
}

bool pam_error(std::string_view text, Meaning& out) {  // Authentication failure for [illegal user ]U from H[ via A]
    Scanner s(text);
    const auto reason = s.until(" for ");
    if (!reason) return false;
    bool invalid = false;
    auto rest = strip_prefix_user(s.rest, invalid);
    while (rest.ends_with(' ')) rest.remove_suffix(1);
    const auto at = rest.rfind(" from ");
    if (at == std::string_view::npos) return false;
    out.is(event::auth_pam_failure());
    out.event.user = rest.substr(0, at);
    Scanner host(rest.substr(at + 6));
    out.from(host.word());
    out.add("service", std::string_view("sshd"));
    out.text("reason", *reason);
    return true;
}

}  // namespace

bool interpret_sshd(std::string_view message, Meaning& out) {
    Scanner s(message);
    if (s.eat("Accepted key ")) {  // KEYTYPE FINGERPRINT found at FILE:LINE
        out.is(event::ssh_key_accepted());
        out.text("key_type", s.word());
        out.text("fingerprint", s.word());
        if (s.eat("found at ")) out.text("file", s.rest);
        return true;
    }
    if (s.eat("Accepted ")) return attempt(s.rest, event::auth_login_success(), out);
    if (s.eat("Failed ")) return attempt(s.rest, event::auth_login_failure(), out);
    if (s.eat("Invalid user ") || s.eat("Illegal user ")) {
        const auto peer = take_peer(s.rest.starts_with("from ") ? message.substr(message.size() - s.rest.size() - 1) : s.rest);
        if (!peer.found) return false;
        out.is(event::ssh_invalid_user());
        out.event.user = peer.user;
        out.from(peer.address);
        out.number("port", peer.port);
        return true;
    }
    if (s.eat("error: PAM: ")) return pam_error(s.rest, out);
    if (s.eat("User ")) {
        const auto reason = s.rest.find(" not allowed because ");
        if (reason == std::string_view::npos) return false;
        const auto who = s.rest.substr(0, reason);
        const auto at = who.rfind(" from ");
        return refused(at == std::string_view::npos ? who : who.substr(0, at), at == std::string_view::npos ? "" : who.substr(at + 6),
                       s.rest.substr(reason + 21), out);
    }
    if (s.eat("ROOT LOGIN REFUSED FROM ")) return refused("root", s.word(), "root may not log in", out);
    if (s.eat("Connection from ")) {
        const auto address = s.word();
        if (!s.eat("port ")) {
            if (!s.rest.empty()) return false;
        } else out.number("port", s.word());
        out.is(event::ssh_connection_opened());
        out.from(address);
        return true;
    }
    if (s.eat("Connection closed by ")) return closing(s.rest, {}, out);
    if (s.eat("Connection reset by ")) return closing(s.rest, "reset", out);
    if (s.eat("Disconnected from ")) return closing(s.rest, {}, out);
    if (s.eat("error: Received disconnect from ") || s.eat("Received disconnect from ")) return closing(s.rest, {}, out);
    if (s.eat("Disconnecting: Too many authentication failures for ")) {
        out.is(event::ssh_connection_closed());
        auto user = s.rest;
        if (user.ends_with(" [preauth]")) user.remove_suffix(10);
        bool invalid = false;
        const auto peer = take_peer(strip_prefix_user(user, invalid));
        out.event.user = peer.found ? peer.user : strip_prefix_user(user, invalid);
        out.from(peer.address);
        out.add("reason", std::string_view("Too many authentication failures"));
        return true;
    }
    if (message == "Disconnecting: Too many authentication failures [preauth]") {
        out.is(event::ssh_connection_closed());
        out.add("reason", std::string_view("Too many authentication failures"));
        return true;
    }
    if (s.eat("error: kex_exchange_identification: ") || s.eat("kex_exchange_identification: ")) {
        out.is(event::ssh_probe());
        out.text("reason", s.rest);
        return true;
    }
    if (s.eat("Disconnecting ")) return closing(s.rest, {}, out);
    if (s.eat("error: maximum authentication attempts exceeded for ")) {
        bool invalid = false;
        const auto peer = take_peer(strip_prefix_user(s.rest, invalid));
        if (!peer.found) return false;
        out.is(event::ssh_connection_closed());
        out.event.user = peer.user;
        out.from(peer.address);
        out.number("port", peer.port);
        if (invalid) out.add("invalid", std::int64_t{1});
        out.add("reason", std::string_view("maximum authentication attempts exceeded"));
        return true;
    }
    if (s.eat("Did not receive identification string from ")) return probe(s.rest, "no identification", out);
    if (s.eat("Bad protocol version identification ")) {
        const auto at = s.rest.rfind("' from ");
        return at != std::string_view::npos && probe(s.rest.substr(at + 7), "bad protocol version", out);
    }
    if (s.eat("banner exchange: Connection from ")) return probe(s.rest, "bad banner", out);
    if (s.eat("ssh_dispatch_run_fatal: Connection from ")) return probe(s.rest, "protocol error", out);
    if (s.eat("Unable to negotiate with ") || s.eat("fatal: Unable to negotiate with ")) return probe(s.rest, "no common algorithm", out);
    if (s.eat("fatal: Timeout before authentication for ") || s.eat("Timeout before authentication for ")) {
        s.eat("connection from ");
        return probe(s.rest, "timeout before authentication", out);
    }
    if (s.eat("refused connect from ")) {
        const auto at = s.rest.rfind('(');
        return at != std::string_view::npos ? probe(s.rest.substr(at + 1, s.rest.find(')', at) - at - 1), "refused by hosts.deny", out)
                                            : probe(s.rest, "refused by hosts.deny", out);
    }
    if (s.eat("Server listening on ")) {
        const auto address = s.word();
        out.is(event::ssh_server_started());
        out.text("listen", address);
        if (s.eat("port ")) {
            auto port = s.word();
            if (port.ends_with('.')) port.remove_suffix(1);
            out.number("port", port);
        }
        return true;
    }
    if (s.eat("Starting session: ")) {  // shell on pts/0 for root from A port N id 0
        const auto what = s.until(" for ");
        const auto peer = take_peer(s.rest);
        if (!what || !peer.found) return false;
        out.is(event::ssh_session_started());
        out.event.user = peer.user;
        out.from(peer.address);
        out.text("what", *what);
        return true;
    }
    if (s.eat("reverse mapping checking getaddrinfo for ")) {
        const auto begin = s.rest.find('['), end = s.rest.find(']');
        if (begin != std::string_view::npos && end != std::string_view::npos && begin < end) out.from(s.rest.substr(begin + 1, end - begin - 1));
    } else if (s.eat("Address ")) out.from(s.word());
    return false;
}

bool interpret_dropbear(std::string_view message, Meaning& out) {
    if (message.starts_with('[')) {  // "[825] Jul 10 23:53:52 Bad ...": its own stamp inside
        std::string_view rest;
        const auto end = message.find("] ");
        if (end != std::string_view::npos && decode_stamp(message.substr(end + 2), rest)) {
            while (rest.starts_with(' ')) rest.remove_prefix(1);
            message = rest;
        }
    }
    Scanner s(message);
    const auto peer = [&](std::string_view text) {
        const auto at = text.rfind(" from ");
        auto place = at == std::string_view::npos ? text : text.substr(at + 6);
        if (place.starts_with("from ")) place.remove_prefix(5);
        const auto colon = place.rfind(':');
        if (colon != std::string_view::npos && all_digits(place.substr(colon + 1))) {
            out.number("port", place.substr(colon + 1));
            place = place.substr(0, colon);
        }
        out.from(place);
    };
    if (s.eat("Bad password attempt for ") || s.eat("bad password attempt for ")) {
        out.is(event::auth_login_failure());
        out.event.user = s.quoted().value_or(std::string_view());
        out.add("method", std::string_view("password"));
        peer(s.rest);
        return true;
    }
    if (s.eat("Exit before auth")) {  // [ from <A:P>:] (user 'root', 10 fails): reason[ from A:P]
        out.is(event::ssh_connection_closed());
        if (s.eat(" from <")) {
            const auto place = s.until(">").value_or(std::string_view());
            peer(place);
        } else if (s.rest.rfind(" from ") != std::string_view::npos) peer(s.rest);
        if (const auto user = s.rest.find("(user '"); user != std::string_view::npos) {
            Scanner t(s.rest.substr(user + 6));
            out.event.user = t.quoted().value_or(std::string_view());
        }
        const auto reason = s.rest.find(": ");
        if (reason != std::string_view::npos) out.text("reason", s.rest.substr(reason + 2));
        return true;
    }
    if (s.eat("Login attempt for nonexistent user ") || s.eat("login attempt for nonexistent user ")) {
        out.is(event::ssh_invalid_user());
        peer(s.rest.starts_with("from ") ? std::string_view(message.data() + (s.rest.data() - message.data()) - 1, s.rest.size() + 1) : s.rest);
        return true;
    }
    for (const bool key : {false, true}) {
        if (!s.eat(key ? "Pubkey auth succeeded for " : "Password auth succeeded for ")) continue;
        out.is(event::auth_login_success());
        out.event.user = s.quoted().value_or(std::string_view());
        out.add("method", std::string_view(key ? "publickey" : "password"));
        if (s.eat(" with key ")) {
            if (s.rest.find("ssh-") == 0) out.text("key_type", s.word());
            s.eat("key ");
            out.text("fingerprint", s.word());
        }
        peer(s.rest.starts_with("from ") ? std::string_view(message.data() + (s.rest.data() - message.data()) - 1, s.rest.size() + 1) : s.rest);
        return true;
    }
    return false;
}

}  // namespace deadbox::plugins::syslog
