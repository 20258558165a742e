// The shadow suite's messages (useradd, usermod, userdel, groupadd, gpasswd, passwd, chage ...), versions 4.0 to 4.17.
#include "syslog/meaning.hpp"

namespace deadbox::plugins::syslog {
namespace {

// name=bob, UID=1001, GID=1001, home=/home/bob, shell=/bin/bash, from=/dev/pts/0
void fields(std::string_view text, Meaning& out) {
    Scanner s(text);
    while (!s.rest.empty()) {
        const auto part = s.until(", ");
        const auto item = part ? *part : s.rest;
        if (!part) s.rest = {};
        const auto equals = item.find('=');
        if (equals == std::string_view::npos) continue;
        const auto key = item.substr(0, equals), value = item.substr(equals + 1);
        if (key == "UID") out.number("uid", value);
        else if (key == "GID") out.number("gid", value);
        else if (key == "home") out.text("home", value);
        else if (key == "shell") out.text("shell", value);
        else if (key == "from" && value != "none") out.text("tty", value);
    }
}

std::string_view name_field(std::string_view text) {
    if (!text.starts_with("name=")) return {};
    text.remove_prefix(5);
    return text.substr(0, text.find(','));
}

bool user_event(const plugin::EventDef& kind, std::string_view user, Meaning& out) {
    if (user.empty()) return false;
    out.is(kind);
    out.event.user = user;
    return true;
}

bool group_event(const plugin::EventDef& kind, std::string_view group, Meaning& out) {
    if (group.empty()) return false;
    out.is(kind);
    out.text("group", group);
    return true;
}

bool member(const plugin::EventDef& kind, std::string_view user, std::string_view group, std::string_view by, Meaning& out) {
    if (!user_event(kind, user, out)) return false;
    out.text("group", group);
    out.text("by", by);
    return true;
}

// change user 'bob' WHAT [from 'a' to 'b']
bool changed(Scanner s, Meaning& out) {
    const auto user = s.quoted();
    if (!user) return false;
    s.eat(" ");
    const auto from = s.rest.find(" from ");
    const auto what = s.rest.substr(0, from);
    if (what == "password") return user_event(event::account_password_changed(), *user, out);
    if (!user_event(event::account_user_changed(), *user, out)) return false;
    out.text("what", what);
    if (from != std::string_view::npos) {
        Scanner t(s.rest.substr(from + 6));
        if (const auto old = t.quoted()) out.text("old", *old);
        if (t.eat(" to "))
            if (const auto now = t.quoted()) out.text("new", *now);
    }
    return true;
}

bool gpasswd(std::string_view message, Meaning& out) {  // user bob added by root to group sudo
    Scanner s(message);
    if (s.eat("user ")) {
        for (const bool added : {true, false}) {
            Scanner t(s.rest);
            const auto user = t.until(added ? " added by " : " removed by ");
            if (!user) continue;
            const auto by = t.until(added ? " to group " : " from group ");
            if (!by) return false;
            return member(added ? event::account_group_member_added() : event::account_group_member_removed(), *user, t.rest, *by, out);
        }
        return false;
    }
    if (s.eat("members of group ")) {  // members of group g set by root to a,b
        const auto group = s.until(" set by ");
        const auto by = s.until(" to ");
        if (!group || !by || !group_event(event::account_group_changed(), *group, out)) return false;
        out.text("members", s.rest);
        out.text("by", *by);
        return true;
    }
    if (s.eat("administrators of group ")) {
        const auto group = s.until(" set by ");
        const auto by = s.until(" to ");
        if (!group || !by || !group_event(event::account_group_changed(), *group, out)) return false;
        out.text("administrators", s.rest);
        out.text("by", *by);
        return true;
    }
    return false;
}

}  // namespace

bool interpret_shadow(std::string_view message, Meaning& out) {
    Scanner s(message);
    if (s.eat("new user: ")) {
        const auto user = name_field(s.rest);
        if (!user_event(event::account_user_added(), user, out)) return false;
        fields(s.rest, out);
        return true;
    }
    if (s.eat("new group: ")) {
        if (!group_event(event::account_group_added(), name_field(s.rest), out)) return false;
        fields(s.rest, out);
        return true;
    }
    if (s.eat("group added to /etc/")) {  // group added to /etc/group: name=g, GID=7; the gshadow line says nothing more
        const auto file = s.until(": ");
        if (!file || *file != "group" || !group_event(event::account_group_added(), name_field(s.rest), out)) return false;
        fields(s.rest, out);
        return true;
    }
    if (s.eat("add '")) {  // add 'bob' to group 'sudo'; ... to shadow group 'sudo' says it again
        const auto user = s.until("' to group '");
        if (!user) return false;
        return member(event::account_group_member_added(), *user, s.rest.substr(0, s.rest.find('\'')), {}, out);
    }
    if (s.eat("delete '")) {
        const auto user = s.until("' from group '");
        if (!user) return false;
        return member(event::account_group_member_removed(), *user, s.rest.substr(0, s.rest.find('\'')), {}, out);
    }
    if (s.eat("delete user ")) {
        const auto user = s.quoted();
        return user && user_event(event::account_user_removed(), *user, out);
    }
    if (s.eat("removed group ") || s.eat("remove group ")) {
        const auto group = s.quoted();
        return group && group_event(event::account_group_removed(), *group, out);
    }
    if (s.eat("group '")) {  // group 'g' removed[ from /etc/group]
        const auto group = s.until("' removed");
        return group && (s.rest.empty() || s.rest == " from /etc/group") && group_event(event::account_group_removed(), *group, out);
    }
    if (s.eat("group changed in /etc/group ")) {
        Scanner t(s.rest);
        t.eat("(group ");
        const auto end = t.rest.find_first_of("/,) ");
        if (!group_event(event::account_group_changed(), t.rest.substr(0, end), out)) return false;
        out.text("what", s.rest);
        return true;
    }
    if (s.eat("change user name ")) {  // 'old' to 'new'
        const auto old = s.quoted();
        if (!old || !s.eat(" to ")) return false;
        const auto now = s.quoted();
        if (!now || !user_event(event::account_user_changed(), *now, out)) return false;
        out.add("what", std::string_view("name"));
        out.text("old", *old);
        out.text("new", *now);
        return true;
    }
    if (s.eat("change user ")) return changed(s, out);
    if (s.eat("changed user ")) {  // chfn, chsh: changed user 'bob' information | shell to '/bin/sh'
        const auto user = s.quoted();
        if (!user || !user_event(event::account_user_changed(), *user, out)) return false;
        s.eat(" ");
        const auto to = s.rest.find(" to ");
        out.text("what", s.rest.substr(0, to));
        if (to != std::string_view::npos) {
            Scanner t(s.rest.substr(to + 4));
            out.text("new", t.quoted().value_or(t.rest));
        }
        return true;
    }
    if (s.eat("lock user ") || s.eat("unlock user ")) {
        const auto user = s.quoted();
        if (!user || !user_event(event::account_user_changed(), *user, out)) return false;
        out.add("what", std::string_view(message.starts_with("un") ? "unlocked" : "locked"));
        return true;
    }
    if (s.eat("password for ")) {  // password for 'bob' changed by 'root'
        const auto user = s.quoted();
        if (!user || !s.eat(" changed by ") || !user_event(event::account_password_changed(), *user, out)) return false;
        out.text("by", s.quoted().value_or(s.rest));
        return true;
    }
    if (s.eat("changed password expiry for ")) {
        if (!user_event(event::account_user_changed(), s.rest, out)) return false;
        out.add("what", std::string_view("password expiry"));
        return true;
    }
    return gpasswd(message, out);
}

}  // namespace deadbox::plugins::syslog
