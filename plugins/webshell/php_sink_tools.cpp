// The rest of an intruder's tools: connections, databases, mail, the machine's state, variables of the request.
#include "webshell/php_sink_table.hpp"

#include <algorithm>
#include <array>

namespace deadbox::plugins::webshell::php {
namespace {

// Code kept in a picture's points or a database is read and run: nobody sees it in the script.
Value picture(Machine&, std::string_view, Args&) { return Value::unknown(k_file | k_hidden | k_decoded); }
Value fetched_row(Machine&, std::string_view, Args& a) { return Value::unknown(static_cast<Taint>(k_file | (all_taint(a) & (k_remote | k_request)))); }
Value accepted(Machine&, std::string_view, Args&) { return Value::unknown(k_remote); }
Value connect(Machine& m, std::string_view name, Args& a) {
    if (argument(a, 0).from_request() || (name == "socket_connect" && all_taint(a) & k_request)) m.sign(Sign::connect, name);
    const auto host = argument(a, 0);
    if (host.from_request() && host.prefix().starts_with("udp://")) m.sign(Sign::socket_shell, "a flood");
    m.written().insert("(connected)");
    return Value::unknown(k_remote);
}
Value query(Machine& m, std::string_view name, Args& a) {
    for (const auto& v : a) if (whole(v)) { m.sign(Sign::sql_console, name); break; }
    for (const auto& v : a) drop_by_query(m, v);
    return {};
}
Value login(Machine& m, std::string_view name, Args& a) {
    if (argument(a, 0).from_request() || argument(a, 1).from_request()) m.sign(Sign::database_login, name);
    return {};
}
Value send_mail(Machine& m, std::string_view name, Args& a) {
    if (argument(a, 0).from_request()) m.sign(Sign::mail, argument(a, 1).from_request() && argument(a, 2).from_request() ? "whole letter" : name);
    if (argument(a, 4).from_request()) m.sign(Sign::partial_command, name);
    // "-X/var/www/x.php": the mailer writes its log, and the letter with it, there.
    const auto options = argument(a, 4);
    if (options.is_text() && contains(options.text(), "-X") && (deep_taint(argument(a, 2)) | deep_taint(argument(a, 1))) & k_request) m.sign(Sign::request_script_write, "mail -X");
    return {};
}
Value restore(Machine& m, std::string_view name, Args& a) {
    if (deep_taint(argument(a, 0)) & k_request) {
        m.sign(Sign::object_injection, name);
        m.awaken(k_request | k_whole);
    }
    else if (argument(a, 0).is_text() && argument(a, 0).text().starts_with("O:")) {
        // unserialize('O:1:"A":...'): __wakeup and __destruct of A run; they are followed with the others.
    }
    return Value::unknown(static_cast<Taint>(deep_taint(argument(a, 0)) & ~k_whole));
}
Value ask(Machine& m, std::string_view name, Args& a) {
    if (name == "ini_get") {
        const auto what = argument(a, 0);
        if (what.is_text() && (what.text() == "disable_functions" || what.text() == "safe_mode" || what.text() == "open_basedir")) m.sign(Sign::environment, what.text());
        return {};
    }
    m.sign(Sign::environment, name);
    return {};
}
Value loosen(Machine& m, std::string_view name, Args& a) {
    const auto what = argument(a, 0);
    if (what.is_text() && (what.text() == "safe_mode" || what.text() == "open_basedir" || what.text() == "disable_functions" || what.text() == "allow_url_include" || what.text() == "safe_mode_exec_dir" || what.text() == "suhosin.executor.disable_eval" || what.text() == "auto_prepend_file")) m.sign(Sign::loosened, what.text());
    if (name == "ini_set" && what.is_text() && what.text() == "assert.callback") m.invoke(argument(a, 1), {Value()}, name);
    return {};
}
Value headers(Machine&, std::string_view, Args&) { return Value::unknown(k_request | k_whole); }
Value environment_value(Machine&, std::string_view, Args& a) {
    const auto name = argument(a, 0);
    if (name.is_text() && (name.text().starts_with("HTTP_") || name.text() == "QUERY_STRING")) return Value::unknown(k_request | k_whole);
    return {};
}
Value spread_request(Machine& m, std::string_view, Args& a) {
    const auto v = argument(a, 0);
    if (v.type == Type::array) for (const auto& [k, item] : v.array().items) m.set_variable(k, item);
    if (v.from_request() || (v.type == Type::array && v.array().rest & k_request)) m.taint_scope(true);
    return {};
}
Value import_request(Machine& m, std::string_view, Args&) { m.taint_scope(true); return {}; }
Value fetch(Machine& m, std::string_view name, Args& a) {
    (void)m;
    (void)name;
    return Value::unknown(static_cast<Taint>(k_remote | (all_taint(a) & k_request ? 0 : 0)));
}
// A page that asks another address for its visitor.
Value open_address(Machine& m, std::string_view name, Args& a) {
    const auto address = argument(a, 0);
    if (address.from_request() && (m.piece_is_checked() || address.taint & k_below)) m.bounded();
    else if (whole(argument(a, 0))) m.sign(Sign::connect, name);
    return Value::unknown(static_cast<Taint>(all_taint(a) & k_request));
}
// Every visitor chooses his own session's name.
Value session_name(Machine&, std::string_view, Args&) { return Value::unknown(k_request); }
Value load_library(Machine& m, std::string_view name, Args& a) {
    if (argument(a, 0).from_request()) m.sign(Sign::request_command, name);
    return {};
}
// The library behind imap_open() starts a program that the mailbox's name gives: "{x -oProxyCommand=...}".
Value open_mailbox(Machine& m, std::string_view name, Args& a) {
    const auto box = argument(a, 0);
    if (box.from_request() && (contains(box.prefix(), "ProxyCommand=") || contains(box.prefix(), "proxycommand="))) m.sign(Sign::request_command, name);
    return {};
}
Value put_environment(Machine& m, std::string_view, Args& a) {
    const auto v = argument(a, 0);
    const std::string_view text = v.is_text() ? std::string_view(v.text()) : v.prefix();
    if (text.starts_with("LD_PRELOAD=") || contains(text, "() {")) m.sign(Sign::hidden_callable, "LD_PRELOAD");
    return {};
}
Value stylesheet(Machine& m, std::string_view name, Args&) { (void)m; (void)name; return {}; }

}  // namespace

void drop_by_query(Machine& m, const Value& v) {
    if (!v.is_known() && v.taint & k_into_file && v.from_request()) m.sign(Sign::request_write, "INTO OUTFILE");
    if (!v.is_text() && v.prefix().empty()) return;
    const auto low = lowered(v.is_text() ? std::string_view(v.text()).substr(0, 4000) : v.prefix());
    if ((contains(low, "outfile") || contains(low, "dumpfile")) && (contains(low, "<?") || contains(low, "0x3c3f"))) m.sign(Sign::script_dropper, "INTO OUTFILE");
}

void add_tool_sinks(Sinks& sinks) {
    add_sinks(sinks, {"imagecolorat", "imagecolorsforindex"}, picture);
    add_sinks(sinks, {"mysql_fetch_array", "mysql_fetch_assoc", "mysql_fetch_row", "mysql_result", "mysqli_fetch_array", "mysqli_fetch_assoc", "mysqli_fetch_row", "pg_fetch_result", "apc_fetch", "apcu_fetch", "memcache_get"}, fetched_row);
    add_sinks(sinks, {"stream_socket_accept", "socket_accept"}, accepted);
    add_sinks(sinks, {"fsockopen", "pfsockopen", "stream_socket_client", "socket_connect"}, connect);
    add_sinks(sinks, {"mysql_query", "mysqli_query", "pg_query", "mssql_query", "sqlite_query", "odbc_exec", "mysql_db_query", "oci_parse", "ora_do"}, query);
    add_sinks(sinks, {"mysql_connect", "mysqli_connect", "mysql_pconnect", "pg_connect", "mssql_connect", "oci_connect", "ftp_login", "sybase_connect"}, login);
    add_sinks(sinks, {"mail", "mb_send_mail"}, send_mail);
    add_sinks(sinks, {"unserialize"}, restore);
    add_sinks(sinks, {"php_uname", "posix_getpwuid", "posix_geteuid", "posix_getgrgid", "phpinfo", "get_current_user", "getmyuid", "disk_free_space", "diskfreespace", "ini_get", "posix_uname", "posix_getlogin", "get_cfg_var", "posix_getuid", "posix_getgid"}, ask);
    add_sinks(sinks, {"ini_set", "ini_alter", "ini_restore"}, loosen);
    add_sinks(sinks, {"getallheaders", "apache_request_headers"}, headers);
    add_sinks(sinks, {"getenv"}, environment_value);
    add_sinks(sinks, {"extract"}, spread_request);
    add_sinks(sinks, {"import_request_variables"}, import_request);
    add_sinks(sinks, {"curl_exec", "http_get", "fetch_url"}, fetch);
    add_sinks(sinks, {"curl_init"}, open_address);
    add_sinks(sinks, {"session_id"}, session_name);
    add_sinks(sinks, {"dl"}, load_library);
    add_sinks(sinks, {"imap_open"}, open_mailbox);
    add_sinks(sinks, {"putenv"}, put_environment);
    add_sinks(sinks, {"xslt_process"}, stylesheet);
}

}  // namespace deadbox::plugins::webshell::php
