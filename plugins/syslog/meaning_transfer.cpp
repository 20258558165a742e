// Servers of files: the logs of transfers that FTP servers write beside syslog, rsyncd's messages, sftp-server's.
#include <algorithm>

#include "base/percent.hpp"
#include "syslog/meaning.hpp"
#include "syslog/transfer_line.hpp"

namespace deadbox::plugins::syslog {
namespace {

constexpr std::string_view k_ftp = "ftp", k_rsync = "rsync", k_sftp = "sftp";

void transfer(bool given_out, std::string_view user, std::string_view host, std::string_view file, std::string_view bytes, std::string_view service, Meaning& out) {
    out.is(given_out ? event::file_download() : event::file_upload());
    if (user != "-" && user != "?") out.event.user = user;
    if (host != "-") out.from(host);
    out.text("file", file);
    out.number("bytes", bytes);
    out.add("service", service);
}

// "%20" as pure-ftpd writes it.
std::string_view without_percents(std::string_view text, Meaning& out) {
    if (text.find('%') == std::string_view::npos) return text;
    out.scratch = base::percent_decoded(text);
    return out.scratch;
}

}  // namespace

bool interpret_transfer_log(std::string_view, std::string_view message, Meaning& out) {
    if (const auto x = decode_xferlog(message)) {
        if (x->direction == 'd') {
            out.is(event::file_delete());
            out.event.user = x->user;
            out.from(x->host);
            out.text("file", x->name);
            return true;
        }
        transfer(x->direction == 'o', x->user, x->host, x->name, x->bytes, x->service == k_sftp ? k_sftp : k_ftp, out);
        if (!x->complete) out.add("incomplete", std::int64_t{1});
        return true;
    }
    if (const auto r = decode_request(message)) {
        if (r->status.front() != '2') {
            out.from(r->host);
            return false;
        }
        transfer(r->given_out(), r->user, r->host, r->of_pure_ftpd() ? without_percents(r->name, out) : r->name, r->bytes, k_ftp, out);
        return true;
    }
    for (const auto& c : {decode_stats(message), decode_w3c(message)}) {
        if (!c) continue;
        transfer(c->given_out, c->user, c->host, c->time.empty() ? without_percents(c->name, out) : c->name, c->bytes, k_ftp, out);
        return true;
    }
    return false;
}

// rsyncd.conf(5), "log format": %o %h [%a] %m (%u) %f %l, unless somebody chose another.
bool interpret_rsyncd(std::string_view message, Meaning& out) {
    Scanner s(message);
    if (s.eat("sent ")) {  // sent 1,234 bytes  received 5 bytes  total size 6: of a session
        const auto digits = [](std::string_view text) {
            std::int64_t value = 0;
            for (const char c : text)
                if (c >= '0' && c <= '9' && value < std::int64_t{1} << 58) value = value * 10 + (c - '0');
            return value;
        };
        const auto sent = s.until(" bytes  received ");
        const auto received = sent ? s.until(" bytes  total size ") : std::nullopt;
        if (!received) return false;
        out.is(event::file_session());
        out.add("sent", digits(*sent));
        out.add("received", digits(*received));
        out.add("service", k_rsync);
        return true;
    }
    const auto what = s.word();
    const bool deleted = what == "del.";
    if (what != "send" && what != "recv" && !deleted) return false;
    if (!s.until(" [")) return false;
    const auto address = s.until("] ");
    const auto module = address ? s.until(" (") : std::nullopt;
    const auto user = module ? s.until(") ") : std::nullopt;
    const auto space = s.rest.rfind(' ');
    if (!user || space == std::string_view::npos || space == 0) return false;
    if (deleted) out.is(event::file_delete());
    else transfer(what == "send", {}, {}, {}, s.rest.substr(space + 1), k_rsync, out);
    out.event.user = *user;
    out.from(*address);
    out.text("file", s.rest.substr(0, space));
    out.text("module", *module);
    return true;
}

// sftp-server(8) with -l INFO or more. Only the first line of a session says whose it is: Sessions adds it to the others.
bool interpret_sftp(std::string_view message, Meaning& out) {
    Scanner s(message);
    if (s.eat("session opened for local user ")) {
        const auto user = s.until(" from [");
        if (!user) return false;
        out.is(event::ssh_session_started());
        out.event.user = *user;
        out.from(s.rest.substr(0, s.rest.rfind(']')));
        out.add("what", k_sftp);
        return true;
    }
    if (s.eat("remove name \"")) {
        out.is(event::file_delete());
        out.text("file", s.rest.substr(0, s.rest.rfind('"')));
        return true;
    }
    const bool cut_off = s.eat("forced close \"");
    if (!cut_off && !s.eat("close \"")) return false;
    const auto end = s.rest.rfind("\" bytes read ");
    if (end == std::string_view::npos) return false;
    const auto file = s.rest.substr(0, end);
    s.rest.remove_prefix(end + 13);
    const auto read = s.word();
    if (!s.eat("written ")) return false;
    const auto written = s.rest;
    if (written == "0" && read == "0") return false;
    transfer(read != "0", {}, {}, file, read != "0" ? read : written, k_sftp, out);
    if (read != "0" && written != "0") out.number("written", written);
    if (cut_off) out.add("incomplete", std::int64_t{1});
    return true;
}

}  // namespace deadbox::plugins::syslog
