// Files: opened, written, read, moved and removed, uploads and links.
#include "webshell/php_sink_table.hpp"

#include <algorithm>
#include <array>

namespace deadbox::plugins::webshell::php {
namespace {

bool looks_like_code(std::string_view text) {
    return contains(text, "<?php") || contains(text, "<?=") || contains(text, "<? ") || contains(text, "<?\n") || contains(text, "<?@") || contains(text, "<%") || contains(text, "<?\r") || contains(text, "<?eval") || contains(text, "AddType application/x-httpd-php") || contains(text, "AddHandler") || contains(text, "auto_prepend_file") || text.starts_with("#!/");
}
bool dangerous_code(std::string_view text) {
    const auto low = lowered(text.substr(0, 200'000));
    for (const std::string_view word : {"eval(", "assert(", "system(", "passthru(", "shell_exec(", "exec(", "base64_decode(", "move_uploaded_file(", "copy($_files", "create_function(", "preg_replace(", "popen(", "proc_open(", "file_put_contents(", "fwrite(", "`$_"})
        if (contains(low, word)) return true;
    return false;
}
// The request's word stays below the folder that stands before it, or names an address of a list.
bool stays_below(Machine& m, const Value& path) {
    if (!path.from_request() || !(path.taint & k_below || m.piece_is_checked())) return false;
    m.bounded();
    return true;
}
// "expect://" . $command
bool expects_command(Machine& m, const Value& path) {
    if (!path.from_request() || !path.prefix().starts_with("expect://")) return false;
    m.sign(Sign::request_command, "expect://");
    return true;
}
Value open_file(Machine& m, std::string_view, Args& a) {
    const auto path = argument(a, 0), mode = argument(a, 1);
    if (expects_command(m, path)) return Value::unknown(k_request | k_file);
    auto stream = std::make_shared<Stream>();
    stream->path = path;
    stream->writes = !mode.is_text() || mode.text().find_first_of("waxc+") != std::string::npos;
    if (whole(path) && (stream->writes || !stays_below(m, path))) m.sign(stream->writes && mode.is_text() ? Sign::write_file : Sign::read_file, "fopen");
    Value v;
    v.type = Type::stream;
    v.data = stream;
    if (path.is_text() && is_url(path.text())) v.taint = k_remote;
    else if (path.is_text() && contains(path.text(), "php://input")) v.taint = k_request | k_whole;
    else if (path.is_text() && path.taint & k_self) v.taint = k_self;
    else if (path.from_request()) v.taint = k_request;
    return v;
}

// A page of the site, which a fetched text replaces.
bool ends_like_page(const Value& path) { return path.is_text() ? path.text().ends_with(".html") || path.text().ends_with(".htm") : (path.taint & k_page_name) != 0; }

Value temporary(Machine&, std::string_view, Args&) { return Value::unknown(k_temporary); }
// A picture's points are stored: imagepng($image, $path).
Value put_picture(Machine& m, std::string_view name, Args& a) {
    if (whole(argument(a, 1)) && deep_taint(argument(a, 0)) & k_request) store(m, a[1], Value::unknown(k_request), name);
    return {};
}
Value put_file(Machine& m, std::string_view name, Args& a) { store(m, argument(a, 0), argument(a, 1), name); return {}; }
// error_log($text, 3, $path) appends to a file.
Value log_error(Machine& m, std::string_view name, Args& a) {
    if (argument(a, 1).to_integer().value_or(0) == 3) store(m, argument(a, 2), argument(a, 0), name);
    return {};
}
// A stream that the script itself makes up: what is read from it is what its class says. PHP's own archives are made up anew
// where the extension for them may be missing.
Value register_stream(Machine& m, std::string_view, Args& a) {
    static constexpr std::array<std::string_view, 4> k_archives{"phar", "zip", "rar", "compress.zlib"};
    if (argument(a, 0).is_text() && std::find(k_archives.begin(), k_archives.end(), lowered(argument(a, 0).text())) == k_archives.end()) m.written().insert(argument(a, 0).text() + "://");
    return {};
}
Value write_stream(Machine& m, std::string_view name, Args& a) {
    const auto stream = argument(a, 0);
    if (stream.type == Type::stream) store(m, stream.stream().path, argument(a, 1), name);
    else if (stream.taint & k_temporary) store(m, stream, argument(a, 1), name);
    else if (stream.from_request() && argument(a, 1).from_request()) m.sign(Sign::request_write, name);
    return {};
}
Value read_stream(Machine& m, std::string_view name, Args& a) {
    const auto handle = argument(a, 0);
    if (handle.type != Type::stream) return Value::unknown(static_cast<Taint>(deep_taint(handle) & ~k_undefined));
    auto& stream = handle.stream();
    if (handle.taint & k_self) {
        const auto text = m.script();
        const auto length = argument(a, 1).to_integer();
        if (stream.position >= text.size()) return Value::of(std::string());
        auto piece = text.substr(stream.position);
        if (name == "fgets") piece = piece.substr(0, piece.find('\n') == piece.npos ? piece.size() : piece.find('\n') + 1);
        else if (length && *length >= 0) piece = piece.substr(0, static_cast<std::size_t>(*length));
        stream.position += piece.size();
        m.sign(Sign::self_reading, name);
        return Value::of(std::string(piece), k_self | k_built);
    }
    if (handle.taint & (k_remote | k_request)) return Value::unknown(handle.taint);
    return Value::unknown(k_file);
}
Value move_stream(Machine& m, std::string_view name, Args& a) {
    const auto handle = argument(a, 0);
    if (handle.type == Type::stream) {
        const auto to = argument(a, 1).to_integer();
        if (name == "rewind") handle.stream().position = 0;
        else if (to && *to >= 0) handle.stream().position = static_cast<std::size_t>(*to);
        else if (to && argument(a, 2).to_integer().value_or(0) == 2) handle.stream().position = static_cast<std::size_t>(std::max<std::int64_t>(0, static_cast<std::int64_t>(m.script().size()) + *to));
    }
    return Value::of(std::int64_t{0});
}
Value read_file(Machine& m, std::string_view name, Args& a) {
    const auto path = argument(a, 0);
    if (expects_command(m, path)) return Value::unknown(k_request | k_file);
    if (path.taint & k_self && path.is_text() && contains(path.text(), "__self__")) {
        m.sign(Sign::self_reading, name);
        auto text = m.script();
        if (name == "file_get_contents" && a.size() > 3) {
            const auto from = static_cast<std::size_t>(std::max<std::int64_t>(0, argument(a, 3).to_integer().value_or(0)));
            text = text.substr(std::min(from, text.size()));
        }
        if (name == "filesize") return Value::of(static_cast<std::int64_t>(text.size()));
        if (name == "file") {
            Value list = Value::list();
            std::size_t at = 0;
            while (at < text.size() && list.array().items.size() < 60'000) {
                auto end = text.find('\n', at);
                end = end == text.npos ? text.size() : end + 1;
                list.array().append() = Value::of(std::string(text.substr(at, end - at)), k_self | k_built);
                at = end;
            }
            return list;
        }
        return Value::of(std::string(text), k_self | k_built);
    }
    if (path.is_text()) {
        const auto& p = path.text();
        if (contains(p, "php://input")) return Value::unknown(k_request | k_whole);
        if (contains(p, "php://stdin")) return {};  // of a program that another starts: no request comes that way
        if (is_url(p)) return Value::unknown(k_remote);
        if (p == "/etc/passwd" || p == "/etc/shadow" || p == "/etc/named.conf" || p == "/etc/valiases" || p == "/var/named" || p.starts_with("/proc/self/")) m.sign(Sign::environment, p);
        if (p.starts_with("data:")) {
            const auto comma = p.find(',');
            if (comma != p.npos) {
                auto v = Value::of(p.substr(comma + 1), k_decoded, 1);
                if (contains(p.substr(0, comma), "base64")) { Args one{v}; if (auto out = fold("base64_decode", one, {})) return *out; }
                return v;
            }
        }
        return Value::unknown(k_file);
    }
    if (path.taint & k_upload) return Value::unknown(k_request | k_whole);
    if (is_url(path.prefix())) return Value::unknown(static_cast<Taint>(k_remote | (path.taint & k_request)));
    if (stays_below(m, path)) return Value::unknown(k_file);
    if (whole(path)) {
        m.sign(Sign::read_file, name);
        return Value::unknown(k_request | k_remote | k_file);
    }
    if (path.from_request()) m.sign(Sign::read_file, name);
    return Value::unknown(k_file);
}
Value list_folder(Machine& m, std::string_view name, Args& a) {
    const auto path = argument(a, 0);
    if (stays_below(m, path)) return {};
    if (path.from_request() || path.taint & k_undefined) m.sign(Sign::list_folder, name);
    else if (path.is_text() && (path.text() == "/tmp" || path.text() == "/home" || path.text() == "/var/named")) m.sign(Sign::environment, path.text());
    return {};
}
Value remove_file(Machine& m, std::string_view name, Args& a) {
    if (name == "mkdir" && !a.empty() && !whole(a[0])) return {};  // a folder for today's uploads
    const auto taint = all_taint(a);
    if (taint & k_request && taint & k_below) m.bounded();
    else if (taint & k_request) m.sign(Sign::remove_file, name);
    return {};
}
Value make_link(Machine& m, std::string_view name, Args& a) {
    const auto target = argument(a, 0);
    if ((target.is_text() && (target.text() == "/" || target.text().starts_with("/home"))) || target.prefix().starts_with("/home")) m.sign(Sign::symlink_farm, name);
    return {};
}
Value move_upload(Machine& m, std::string_view name, Args& a) {
    const auto from = argument(a, 0), to = argument(a, 1);
    if (name == "copy" || name == "rename") {
        if (from.is_text() && is_url(from.text())) { m.sign(Sign::remote_dropper, name); return {}; }
        if (from.taint & k_remote) { m.sign(Sign::remote_dropper, name); return {}; }
        if (from.from_request() && whole(from) && to.from_request()) { m.sign(Sign::request_write, name); return {}; }
        if (!(from.taint & k_upload)) { if (from.from_request() || to.from_request()) m.sign(Sign::remove_file, name); return {}; }
    }
    const auto prefix = to.prefix();
    // "/srv/cv/" is served by nobody; a folder that anybody may write to, or a site's, is another matter.
    const bool served = contains(prefix, "www") || contains(prefix, "htdocs") || contains(prefix, "html") || contains(prefix, "/tmp") || contains(prefix, "/dev/") || contains(prefix, "upload") || contains(prefix, "public") || to.taint & k_self;
    const bool folder = prefix.size() > 2 && prefix.find_first_not_of("./") != std::string_view::npos && (!prefix.starts_with('/') || (!served && std::count(prefix.begin(), prefix.end(), '/') > (to.taint & k_below ? 1 : 2)));
    const bool outside = folder && prefix.starts_with('/');
    if (to.from_request() && (m.piece_is_checked() || (outside && to.taint & k_below))) {
        m.bounded();
        m.sign(Sign::upload_checked, name);
    } else if (to.from_request() || (to.is_text() && is_script_name(to.text()))) m.sign(Sign::upload, folder ? "into a folder of its own" : name);
    else m.sign(Sign::upload_checked, name);
    return {};
}

}  // namespace

void store(Machine& m, const Value& path, const Value& content, std::string_view how) {
    const bool script = path.is_text() ? is_script_name(path.text()) : (path.taint & k_script_name) != 0;
    if (path.is_text() && content.is_text() && contains(content.text(), "<?")) m.scripted().insert(path.text());
    // Settings with the request's values in them are every installer's work; a text that the request has whole is none.
    const auto opening = lowered(content.prefix().substr(0, 16));
    const bool whole_text = whole(content) || content.taint & k_remote || (content.from_request() && (opening == "<?" || opening == "<?php" || opening == "<?php " || opening == "<?php\n" || opening == "<? "));
    if (path.is_text() && whole_text) m.written().insert(path.text());
    std::string_view tail;
    const Taint c = deep_taint(content);
    const bool path_from_request = path.from_request();
    if (path.taint & k_temporary && (c & (k_request | k_remote | k_hidden) || content.is_text())) m.written().insert(c & (k_request | k_remote) ? "(temporary, of the request)" : c & k_hidden || content.layers > 0 ? "(temporary, hidden)" : "");
    if (content.is_text() && path.is_text() && path.text().ends_with(".htaccess")) {
        const auto low = lowered(content.text().substr(0, 4000));
        if ((contains(low, "addtype") || contains(low, "addhandler") || contains(low, "sethandler")) && contains(low, "php") && (contains(low, ".jpg") || contains(low, ".gif") || contains(low, ".png") || contains(low, ".txt") || contains(low, ".ico") || contains(low, ".jpeg"))) m.sign(Sign::script_dropper, "settings that run other files");
    }
    if (c & k_request && path_from_request) m.sign(Sign::request_write, how);
    else if (path.taint & k_undefined && !path_from_request && content.taint & k_undefined && !content.is_known()) m.sign(Sign::request_write, "variables that nothing assigns");
    else if (c & k_request && (script || (path.taint & k_self && path.is_text()))) m.sign(Sign::request_script_write, how);
    else if (c & k_request && content.taint & k_whole && path.is_known()) m.sign(Sign::write_file, how);
    else if (c & k_remote && !(c & k_request)) { if (script || ends_like_page(path) || (!path.is_text() && path.taint & (k_decoded | k_self))) m.sign(Sign::remote_dropper, how); }
    else if (content.is_text() && looks_like_code(content.text()) && (script || !path.is_text()) && (dangerous_code(content.text()))) {
        m.sign(Sign::script_dropper, how);
        // What is written is looked at like code that is decoded.
        const auto& t = content.text();
        const auto tag = t.find("<?");
        if (tag != t.npos) m.run_code(Value::of("?>" + t.substr(tag), content.taint, std::max<std::uint8_t>(content.layers, 1)), how);
    } else if (script && !content.is_known() && c & (k_hidden | k_decoded)) m.sign(Sign::script_dropper, how);
    else if (c & k_request || path_from_request) m.sign(Sign::write_file, how);
}

void add_file_sinks(Sinks& sinks) {
    add_sinks(sinks, {"tempnam", "tmpfile", "stream_get_meta_data"}, temporary);
    add_sinks(sinks, {"fopen", "gzopen", "bzopen"}, open_file);
    add_sinks(sinks, {"file_put_contents"}, put_file);
    add_sinks(sinks, {"imagepng", "imagegif", "imagejpeg", "imagewebp", "imagebmp", "imagegd", "imagegd2"}, put_picture);
    add_sinks(sinks, {"error_log"}, log_error);
    add_sinks(sinks, {"stream_wrapper_register", "stream_register_wrapper"}, register_stream);
    add_sinks(sinks, {"fwrite", "fputs", "gzwrite", "fputcsv"}, write_stream);
    add_sinks(sinks, {"fread", "fgets", "stream_get_contents", "fgetc", "gzread"}, read_stream);
    add_sinks(sinks, {"fseek", "rewind"}, move_stream);
    add_sinks(sinks, {"file_get_contents", "readfile", "file", "highlight_file", "show_source", "php_strip_whitespace", "filesize", "parse_ini_file", "gzfile", "readgzfile"}, read_file);
    add_sinks(sinks, {"opendir", "scandir", "glob", "dir", "chdir"}, list_folder);
    add_sinks(sinks, {"unlink", "rmdir", "mkdir", "chmod", "touch", "chown", "chgrp"}, remove_file);
    add_sinks(sinks, {"symlink", "link"}, make_link);
    add_sinks(sinks, {"move_uploaded_file", "copy", "rename"}, move_upload);
}

}  // namespace deadbox::plugins::webshell::php
