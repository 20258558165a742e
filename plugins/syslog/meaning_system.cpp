// Cron and its kin, the kernel, systemd.
#include "syslog/meaning.hpp"

namespace deadbox::plugins::syslog {

bool interpret_cron(std::string_view message, Meaning& out) {
    Scanner s(message);
    if (s.eat("(")) {
        const auto user = s.until(") ");
        if (!user || user->find(' ') != std::string_view::npos) return false;
        if (s.eat("CMD (")) {
            auto command = s.rest;
            if (command.ends_with(')')) command.remove_suffix(1);
            while (command.starts_with(' ')) command.remove_prefix(1);
            out.is(event::cron_command());
            out.event.user = *user;
            out.text("command", command);
            return true;
        }
        for (const std::string_view change : {"REPLACE (", "DELETE (", "RELOAD (", "END EDIT ("}) {
            if (!s.eat(change)) continue;
            out.is(event::cron_table_changed());
            out.event.user = *user;
            out.text("table", s.rest.substr(0, s.rest.rfind(')')));
            out.text("what", change.substr(0, change.size() - 2));
            return true;
        }
        return false;
    }
    if (s.eat("Starting job ")) {  // atd: Starting job 1 (a0000101) for user 'bob' (1000)
        const auto at = s.rest.find("for user ");
        if (at == std::string_view::npos) return false;
        Scanner t(s.rest.substr(at + 9));
        out.is(event::cron_command());
        out.event.user = t.quoted().value_or(std::string_view());
        out.text("command", message.substr(9, at + 3));
        return true;
    }
    return false;
}

namespace {

bool module_loaded(std::string_view module, std::string_view reason, Meaning& out) {
    if (module.empty() || module.size() > 64 || module.find(' ') != std::string_view::npos) return false;
    out.is(event::kernel_module_loaded());
    out.add("module", module);
    out.add("reason", reason);
    return true;
}

// KEY=value in a firewall line.
std::string_view packet_value(std::string_view text, std::string_view key) {
    const auto at = text.find(key);
    if (at == std::string_view::npos) return {};
    const auto value = text.substr(at + key.size());
    return value.substr(0, value.find(' '));
}

// php-fpm[123]: segfault at 0 ip 00007f... sp ... error 4 in libc.so.6[...]
bool crash(std::string_view message, std::string_view how, std::size_t at, Meaning& out) {
    auto who = message.substr(0, at);
    while (who.ends_with(' ') || who.ends_with(':')) who.remove_suffix(1);
    if (who.starts_with("traps: ")) who.remove_prefix(7);
    const auto bracket = who.rfind('[');
    out.is(event::kernel_segfault());
    out.text("program", who.substr(0, bracket));
    if (bracket != std::string_view::npos) out.number("crashed_pid", who.substr(bracket + 1, who.find(']', bracket) - bracket - 1));
    out.add("how", how);
    if (const auto in = message.rfind(" in "); in != std::string_view::npos) {
        const auto where = message.substr(in + 4);
        out.text("where", where.substr(0, where.find('[')));
    }
    return true;
}

}  // namespace

bool interpret_kernel(std::string_view message, Meaning& out) {
    Scanner s(message);
    if (s.eat("Linux version ")) {
        out.is(event::kernel_boot());
        out.text("kernel", s.word());
        return true;
    }
    if (const auto at = message.find(": loading out-of-tree module taints kernel"); at != std::string_view::npos)
        return module_loaded(message.substr(0, at), "out of tree", out);
    if (const auto at = message.find(": module verification failed"); at != std::string_view::npos)
        return module_loaded(message.substr(0, at), "not signed", out);
    if (const auto at = message.find(": module license '"); at != std::string_view::npos && message.find(" taints kernel") != std::string_view::npos)
        return module_loaded(message.substr(0, at), "licence", out);
    if (s.eat("Out of memory: Kill") || s.eat("Memory cgroup out of memory: Kill")) {  // Kill[ed] process 12 (mysqld)
        s.eat("ed");
        if (!s.eat(" process ")) return false;
        const auto pid = s.word();
        out.is(event::kernel_oom());
        out.number("killed_pid", pid.ends_with(',') ? pid.substr(0, pid.size() - 1) : pid);
        if (s.eat("(")) out.text("program", s.until(")").value_or(std::string_view()));
        return true;
    }
    if (const auto at = message.find(" segfault at "); at != std::string_view::npos) return crash(message, "segfault", at, out);
    if (const auto at = message.find(" general protection"); at != std::string_view::npos && message.find('[') < at && message.find(" ip:") != std::string_view::npos)
        return crash(message, "general protection", at, out);
    if (const auto at = message.find(" trap invalid opcode"); at != std::string_view::npos) return crash(message, "invalid opcode", at, out);
    if (const auto at = message.find("entered promiscuous mode"); at != std::string_view::npos) {
        s.eat("device ");
        auto device = s.word();
        if (device.ends_with(':')) device.remove_suffix(1);
        out.is(event::kernel_promiscuous());
        out.text("device", device);
        return true;
    }
    if (message.find(" SRC=") != std::string_view::npos && message.find(" DST=") != std::string_view::npos) {
        out.is(event::firewall_packet());
        out.from(packet_value(message, " SRC="));
        auto prefix = message.substr(0, message.find("IN="));
        while (prefix.ends_with(' ')) prefix.remove_suffix(1);
        out.text("rule", prefix);
        out.text("to", packet_value(message, " DST="));
        out.text("protocol", packet_value(message, " PROTO="));
        out.number("port", packet_value(message, " DPT="));
        return true;
    }
    return false;
}

bool interpret_systemd(std::string_view message, Meaning& out) {
    Scanner s(message);
    const auto unit = [&](const plugin::EventDef& kind, std::string_view name) {
        while (name.ends_with('.')) name.remove_suffix(1);
        out.is(kind);
        out.text("unit", name);
        return true;
    };
    if (s.eat("Started ")) return unit(event::service_started(), s.rest);
    if (s.eat("Stopped ")) return unit(event::service_stopped(), s.rest);
    if (s.eat("Failed to start ")) return unit(event::service_failed(), s.rest);
    if (const auto at = message.find(": Failed with result "); at != std::string_view::npos) {
        unit(event::service_failed(), message.substr(0, at));
        Scanner t(message.substr(at + 21));
        out.text("result", t.quoted().value_or(t.rest));
        return true;
    }
    for (const std::string_view end : {"Reached target Shutdown", "Reached target reboot.target", "Reached target poweroff.target",
                                       "Reached target shutdown.target", "Reached target Reboot", "Reached target Power-Off", "Shutting down."}) {
        if (!message.starts_with(end)) continue;
        out.is(event::system_shutdown());
        out.text("message", message);
        return true;
    }
    return false;
}

}  // namespace deadbox::plugins::syslog
